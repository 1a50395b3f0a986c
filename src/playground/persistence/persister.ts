import type { Logger } from "../../core/contract/logger";
import type { Timeline, TimelineEntry } from "../timeline";
import { type EncodedState, encodeState } from "./encode";
import type { StateFolder } from "./folder";
import type { PlaygroundState } from "./state";

/** Changes that come together are written together. */
const settleMs = 200;
/** Writing down a large playground takes longer, and may take this part of the time at most. */
const largestShare = 1 / 20;

/** Keeps a playground in its folder: soon after each change, and when it is told. */
export class Keeper {
  readonly #folder: Pick<StateFolder, "write">;
  readonly #take: () => PlaygroundState;
  readonly #log: Logger;
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = settleMs;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isStopped = false;

  /** @param take what there is now */
  constructor(folder: Pick<StateFolder, "write">, take: () => PlaygroundState, log: Logger) {
    this.#folder = folder;
    this.#take = take;
    this.#log = log;
  }

  /** Something is different. Costs nothing; what is different is found out later. */
  changed(): void {
    this.#isBehind = true;
    if (!this.#isStopped) this.#timer ??= setTimeout(() => void this.save(), this.#waitMs).unref();
  }

  /** Writes from now on only when it is told: another one may have the folder. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Resolves when everything so far is on the disk, or could not be written and a warning says so. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    try {
      await this.#folder.write(this.#encode());
      if (this.#isFailing) this.#log.info("playground: its state is kept again");
      this.#isFailing = false;
    } catch (error) {
      this.#isBehind = true;
      // Once: it is tried again with every change.
      if (!this.#isFailing)
        this.#log.warn("playground: its state cannot be kept; a restart forgets what happened since", {
          error: String(error),
        });
      this.#isFailing = true;
    }
  }

  #encode(): EncodedState {
    const started = performance.now();
    const encoded = encodeState(this.#take());
    this.#waitMs = Math.max(settleMs, (performance.now() - started) / largestShare);
    return encoded;
  }
}

/** Whatever changes is entered into the timeline, by whichever way it came. */
export function keepWhatChanges(keeper: Keeper, timeline: Timeline): void {
  // Its tokens are to outlive it, even when nothing happens.
  keeper.changed();
  timeline.listen((entry) => {
    if (mayHaveChanged(entry)) keeper.changed();
  });
}

function mayHaveChanged(entry: TimelineEntry): boolean {
  switch (entry.name) {
    case "call":
      return entry.data.method !== "GET";
    case "intake":
    case "attempt":
    case "socket":
    case "fault":
    case "unheard":
      return false;
    default:
      return true;
  }
}
