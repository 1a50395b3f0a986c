import type { Timeline } from "../timeline";
import { ApiError } from "../webex/api-error";
import {
  type CallFault,
  type DeliveryFault,
  type Fault,
  meets,
  type PlatformName,
  type Subject,
} from "./fault";
import { createRandom } from "./random";

/** A fault that was asked for. */
export interface AddedFault {
  readonly id: number;
  readonly fault: Fault;
  /** How often it has happened. */
  readonly happened: number;
  remove(): void;
}

/** Each call and each delivery looks at all of them. */
const MOST_FAULTS = 1_000;

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  readonly random: () => number;
  happened: number;
}

/** What is to go wrong, and how often it did. */
export class Faults {
  readonly #timeline: Timeline;
  readonly #now: () => number;
  readonly #entries = new Map<number, Entry>();
  #lastId = 0;

  constructor(timeline: Timeline, now: () => number) {
    this.#timeline = timeline;
    this.#now = now;
  }

  /** @throws ApiError 409 if there are too many already */
  add(fault: Fault): AddedFault {
    if (this.#entries.size >= MOST_FAULTS)
      throw new ApiError(409, `There are ${MOST_FAULTS} faults already. Take some away with DELETE first.`);
    const entry: Entry = { id: ++this.#lastId, fault, random: createRandom(fault.seed ?? 1), happened: 0 };
    this.#entries.set(entry.id, entry);
    return this.#shown(entry);
  }

  list(): AddedFault[] {
    return [...this.#entries.values()].map((entry) => this.#shown(entry));
  }

  /** @returns whether it was there */
  remove(id: number): boolean {
    return this.#entries.delete(id);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** What goes wrong with this call: how much later it is done, and one more thing at most. */
  onCall(call: Omit<Extract<Subject, { on: "call" }>, "on">): CallFault[] {
    const subject: Subject = { on: "call", ...call };
    const { method, path } = call;
    const about = `${method} ${path}`;
    const final = this.#take(subject, about, ({ kind }) => kind !== "delay", 1);
    const delays = this.#take(subject, about, ({ kind }) => kind === "delay");
    return [...delays, ...final].flatMap((fault) => (fault.on === "call" ? [fault.do] : []));
  }

  /** The same for one delivery, or one frame of a websocket: it never goes out, or it goes out with all the rest. */
  onDelivery(
    on: "delivery" | "socket",
    platform: PlatformName,
    resource: string,
    event: string,
  ): DeliveryFault[] {
    const subject: Subject = { on, platform, resource, event };
    const about = `${resource} ${event}`;
    const isFinal = ({ kind }: Fault["do"]): boolean => kind === "lost" || kind === "deactivate";
    const final = this.#take(subject, about, isFinal, 1);
    const happening = final.length > 0 ? final : this.#take(subject, about, (what) => !isFinal(what));
    return happening.flatMap((fault) => (fault.on === "call" ? [] : [fault.do]));
  }

  /** Those that happen, in the order in which they were asked for; they count as having happened. */
  #take(
    subject: Subject,
    about: string,
    isOfKind: (what: Fault["do"]) => boolean,
    most = Number.POSITIVE_INFINITY,
  ): Fault[] {
    const happening: Fault[] = [];
    for (const entry of this.#entries.values()) {
      if (happening.length === most) break;
      const { fault, random } = entry;
      const { times = Number.POSITIVE_INFINITY, probability = 1 } = fault;
      if (!isOfKind(fault.do) || !meets(fault, subject) || entry.happened >= times) continue;
      // Asked each time, so that the choice depends on nothing but the seed and what has fitted before.
      if (random() >= probability) continue;
      entry.happened++;
      this.#timeline.add("fault", {
        at: new Date(this.#now()).toISOString(),
        faultId: entry.id,
        on: fault.on,
        what: fault.do.kind,
        about,
      });
      happening.push(fault);
    }
    return happening;
  }

  #shown(entry: Entry): AddedFault {
    return {
      id: entry.id,
      fault: entry.fault,
      get happened() {
        return entry.happened;
      },
      remove: () => void this.#entries.delete(entry.id),
    };
  }
}
