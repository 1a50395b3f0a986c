import { isAccepted } from "./courier";
import { type ExerciseName, exerciseOf } from "./exercises";
import type { Death, Entry, Room } from "./ledger";

/** The ledger, put together: what became of each thing that a person said. */
export interface History {
  readonly events: readonly EventHistory[];
  readonly processes: ReadonlyMap<number, ProcessHistory>;
  /** What the bot posted and no handler of a question asked for, as texts. */
  readonly strays: readonly string[];
}

/** One message or click. Positions are lines of the ledger: a smaller one was earlier. */
export interface EventHistory {
  readonly id: string;
  /** `"three 12"`. */
  readonly label: string;
  readonly room: Room;
  /** What is handled in order. */
  readonly lane: string;
  /** Of the answers, where they stand in one. */
  readonly threadId: string | undefined;
  readonly exercise: ExerciseName;
  /** When it was sent first, and when a program had first answered 2xx. */
  readonly sentAt?: number;
  readonly acceptedAt?: number;
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** What the bot posted for it, oldest first. */
  readonly posts: readonly Post[];
  /** Steps of which the platform did not say whether they had been posted. */
  readonly unseen: ReadonlyMap<string, true>;
}

export interface Run {
  readonly name: string;
  readonly pid: number;
  readonly begunAt: number;
  /** 1 for the first; one more after each attempt whose failure was settled. */
  readonly attempt: number;
  /** Absent when the process died before. */
  endedAt?: number;
  failed: boolean;
  /** What the handler asked for, and when. */
  readonly called: Map<string, number>;
  /** What the platform had confirmed to the handler, and when. */
  readonly confirmed: Map<string, number>;
  /** When the same process said that the event is settled. */
  settledAt?: number;
}

export interface Post {
  readonly postedAt: number;
  /** The run that asked for it. */
  readonly run: string;
  /** What it was posted as: `"draft"`. */
  readonly step: string;
  readonly threadId: string | undefined;
  /** What the program got in place of the answer: `"reset"`. */
  readonly instead: string | undefined;
  /** What it is at the end; absent when it was deleted. */
  left: string | undefined;
  deletedAt?: number;
}

export interface ProcessHistory {
  readonly pid: number;
  diedAt?: number;
  death?: Death;
  readonly reached: Set<string>;
  /** When the last one of the deliveries that it accepted was sent. */
  lastAcceptedSentAt: number;
  readonly pauses: Stretch[];
  /** For how long its main thread computed before it answered `/healthz`, where that was too long, in milliseconds. */
  readonly unresponsive: number[];
}

/** From one line of the ledger to another. */
export interface Stretch {
  readonly from: number;
  /** Absent when the process died before. */
  to?: number;
}

/** An event's history while the ledger is being read. */
type Growing = { -readonly [K in keyof EventHistory]: EventHistory[K] } & {
  runs: Run[];
  posts: Post[];
  unseen: Map<string, true>;
};

type EntryOf<Is extends Entry["is"]> = Extract<Entry, { readonly is: Is }>;

export function toHistory(entries: readonly Entry[]): History {
  const reading = new Reading();
  // A click is noted a moment after it happened, when the answer may be there already.
  for (const entry of entries) if (entry.is === "said") reading.said(entry);
  for (const [at, entry] of entries.entries()) reading.take(entry, at);
  return { events: [...reading.events.values()], processes: reading.processes, strays: reading.strays };
}

class Reading {
  readonly events = new Map<string, Growing>();
  readonly processes = new Map<number, ProcessHistory>();
  readonly strays: string[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #runsOf = new Map<string, Run[]>();
  readonly #posts = new Map<string, Post>();
  readonly #deliveries = new Map<number, EntryOf<"sent"> & { readonly at: number }>();

  said({ id, room, lane, exercise, number, threadId }: EntryOf<"said">): void {
    const label = `${exercise} ${number}`;
    this.events.set(id, {
      ...{ id, label, room, lane, exercise, threadId, runs: [], posts: [], unseen: new Map() },
    });
  }

  take(entry: Entry, at: number): void {
    switch (entry.is) {
      case "begun":
        this.#begun(entry, at);
        break;
      case "calling":
        this.#runs.get(entry.run)?.called.set(entry.step, at);
        break;
      case "confirmed":
        this.#runs.get(entry.run)?.confirmed.set(entry.step, at);
        break;
      case "ended":
      case "failed": {
        const run = this.#runs.get(entry.run);
        if (run !== undefined) Object.assign(run, { endedAt: at, failed: entry.is === "failed" });
        break;
      }
      case "settled": {
        const run = this.#runsOf.get(`${entry.pid} ${entry.id}`)?.at(-1);
        if (run !== undefined) run.settledAt ??= at;
        break;
      }
      case "posted":
      case "edited":
      case "deleted":
      case "refused":
        this.#atPlatform(entry, at);
        break;
      case "sent":
      case "answered":
        this.#delivery(entry, at);
        break;
      case "said":
        break;
      default:
        this.#ofProcess(entry, at);
    }
  }

  #begun({ id, pid, run: name, attempt }: EntryOf<"begun">, at: number): void {
    const run: Run = {
      ...{ name, pid, begunAt: at, attempt, failed: false },
      called: new Map(),
      confirmed: new Map(),
    };
    this.#runs.set(name, run);
    this.events.get(id)?.runs.push(run);
    const of = `${pid} ${id}`;
    this.#runsOf.set(of, [...(this.#runsOf.get(of) ?? []), run]);
  }

  #atPlatform(entry: EntryOf<"posted" | "edited" | "deleted" | "refused">, at: number): void {
    if (entry.is === "posted") this.#posted(entry, at);
    else if (entry.is === "refused") this.events.get(entry.origin.id)?.unseen.set(entry.origin.step, true);
    else {
      const post = this.#posts.get(entry.messageId);
      if (post === undefined) return;
      post.left = entry.is === "edited" ? lastWord(entry.text) : undefined;
      if (entry.is === "deleted") post.deletedAt = at;
    }
  }

  #posted({ messageId, text, origin, threadId, instead }: EntryOf<"posted">, at: number): void {
    const event = this.events.get(origin?.id ?? "");
    if (origin === undefined || event === undefined) {
      this.strays.push(text);
      return;
    }
    // A reply in several parts is one step; each part begins with its name.
    const step = origin.step === "parts" ? (text.split(" ")[0] ?? "") : origin.step;
    const post: Post = { postedAt: at, run: origin.run, step, left: step, threadId, instead };
    this.#posts.set(messageId, post);
    event.posts.push(post);
  }

  #delivery(entry: EntryOf<"sent" | "answered">, at: number): void {
    if (entry.is === "sent") {
      this.#deliveries.set(entry.post, { ...entry, at });
      const event = this.events.get(entry.id);
      if (event !== undefined) event.sentAt ??= at;
      return;
    }
    const sent = this.#deliveries.get(entry.post);
    if (sent === undefined || !isAccepted(entry.status)) return;
    const event = this.events.get(sent.id);
    if (event !== undefined) event.acceptedAt ??= at;
    const process = this.processes.get(sent.pid);
    if (process !== undefined) process.lastAcceptedSentAt = Math.max(process.lastAcceptedSentAt, sent.at);
  }

  #ofProcess(
    entry: EntryOf<"started" | "reached" | "paused" | "resumed" | "died" | "unresponsive">,
    at: number,
  ): void {
    if (entry.is === "started") {
      const { pid } = entry;
      this.processes.set(pid, {
        ...{ pid, reached: new Set(), lastAcceptedSentAt: -1, pauses: [], unresponsive: [] },
      });
      return;
    }
    const process = this.processes.get(entry.pid);
    if (process === undefined) return;
    if (entry.is === "reached") process.reached.add(entry.point);
    else if (entry.is === "paused") process.pauses.push({ from: at });
    else if (entry.is === "unresponsive") process.unresponsive.push(entry.ms);
    else if (entry.is === "died") Object.assign(process, { diedAt: at, death: entry.of });
    else {
      const pause = process.pauses.at(-1);
      if (pause !== undefined) pause.to = at;
    }
  }
}

/** Edited texts are one word behind the number, if there is one. */
function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(" ") + 1);
}

/** Whether the process of a run was stopped by SIGSTOP at some time between two lines. */
export function wasPaused(history: History, pid: number, from: number, to: number): boolean {
  const { pauses = [] } = history.processes.get(pid) ?? {};
  return pauses.some((pause) => pause.from <= to && (pause.to ?? Number.POSITIVE_INFINITY) >= from);
}

/** A reply in several parts is one call. @returns what belongs to the call that posted the step */
export function ofCall<T>(calls: ReadonlyMap<string, T>, step: string): T | undefined {
  return calls.get(step) ?? calls.get("parts");
}

/** The steps that a handler of this exercise posts into a room that the bot may not read. */
export function isUnreadable({ room, exercise }: EventHistory, step: string): boolean {
  return room.kind === "group" && !exerciseOf(exercise).privately?.includes(step);
}
