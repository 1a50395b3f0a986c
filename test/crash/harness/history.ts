import { isAccepted } from "./courier";
import { EXERCISES, type ExerciseName } from "./exercises";
import type { Death, Entry, Room } from "./ledger";

/** The ledger, put together: what became of each thing that a person said. */
export interface History {
  readonly events: readonly EventHistory[];
  readonly processes: ReadonlyMap<number, ProcessHistory>;
}

/** One message or click. Positions are lines of the ledger: a smaller one was earlier. */
export interface EventHistory {
  readonly id: string;
  /** `"three 12"`. */
  readonly label: string;
  readonly room: Room;
  /** What is handled in order. */
  readonly lane: string;
  readonly exercise: ExerciseName;
  /** When it was sent first, and when a program had first answered 2xx. */
  readonly sentAt?: number;
  readonly acceptedAt?: number;
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** What the bot posted for it, oldest first. */
  readonly posts: readonly Post[];
}

export interface Run {
  readonly pid: number;
  readonly begunAt: number;
  /** 1 for the first; one more after each attempt whose failure was settled. */
  readonly attempt: number;
  /** Absent when the process died before. */
  endedAt?: number;
  failed: boolean;
  /** What the platform had confirmed to the handler, and when. */
  readonly confirmed: Map<string, number>;
  /** The same process said later that the event is settled. */
  settled: boolean;
}

export interface Post {
  readonly postedAt: number;
  /** What it was posted as: `"draft"`. */
  readonly step: string;
  /** What it says at the end; absent when it was deleted. */
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
}

/** An event's history while the ledger is being read. */
type Growing = { -readonly [K in keyof EventHistory]: EventHistory[K] } & { runs: Run[]; posts: Post[] };

export function toHistory(entries: readonly Entry[]): History {
  const said = new Map<string, Growing>();
  const byStep = new Map<string, { posts: Post[] }>();
  const processes = new Map<number, ProcessHistory>();
  const runs = new Map<string, Run>();
  const runsOf = new Map<string, Run[]>();
  const posts = new Map<string, Post>();

  const deliveries = new Map<
    number,
    { readonly id: string; readonly pid: number; readonly sentAt: number }
  >();

  // A click is noted a moment after it happened, when the answer may be there already.
  for (const entry of entries) {
    if (entry.is !== "said") continue;
    const { id, room, lane, exercise, number } = entry;
    const history: Growing = {
      ...{ id, label: `${exercise} ${number}`, room, lane, exercise, runs: [], posts: [] },
    };
    said.set(id, history);
    for (const step of EXERCISES[exercise].posts) byStep.set(`${number} ${step}`, history);
  }

  for (const [at, entry] of entries.entries()) {
    switch (entry.is) {
      case "begun": {
        const run: Run = {
          pid: entry.pid,
          begunAt: at,
          attempt: entry.attempt,
          failed: false,
          confirmed: new Map(),
          settled: false,
        };
        runs.set(entry.run, run);
        said.get(entry.id)?.runs.push(run);
        runsOf.set(`${entry.pid} ${entry.id}`, [...(runsOf.get(`${entry.pid} ${entry.id}`) ?? []), run]);
        break;
      }
      case "confirmed":
        runs.get(entry.run)?.confirmed.set(entry.step, at);
        break;
      case "ended":
      case "failed": {
        const run = runs.get(entry.run);
        if (run === undefined) break;
        run.endedAt = at;
        run.failed = entry.is === "failed";
        break;
      }
      case "settled": {
        const run = runsOf.get(`${entry.pid} ${entry.id}`)?.at(-1);
        if (run !== undefined) run.settled = true;
        break;
      }
      case "posted": {
        const post: Post = { postedAt: at, step: stepOf(entry.text), left: stepOf(entry.text) };
        posts.set(entry.messageId, post);
        byStep.get(entry.text)?.posts.push(post);
        break;
      }
      case "edited":
      case "deleted": {
        const post = posts.get(entry.messageId);
        if (post === undefined) break;
        post.left = entry.is === "edited" ? stepOf(entry.text) : undefined;
        if (entry.is === "deleted") post.deletedAt = at;
        break;
      }
      case "started":
        processes.set(entry.pid, { pid: entry.pid, reached: new Set(), lastAcceptedSentAt: -1 });
        break;
      case "reached":
        processes.get(entry.pid)?.reached.add(entry.point);
        break;
      case "died": {
        const process = processes.get(entry.pid);
        if (process !== undefined) Object.assign(process, { diedAt: at, death: entry.of });
        break;
      }
      case "sent": {
        deliveries.set(entry.post, { id: entry.id, pid: entry.pid, sentAt: at });
        const event = said.get(entry.id);
        if (event !== undefined) event.sentAt ??= at;
        break;
      }
      case "answered": {
        const delivery = deliveries.get(entry.post);
        if (delivery === undefined || !isAccepted(entry.status)) break;
        const event = said.get(delivery.id);
        if (event !== undefined) event.acceptedAt ??= at;
        const process = processes.get(delivery.pid);
        if (process !== undefined)
          process.lastAcceptedSentAt = Math.max(process.lastAcceptedSentAt, delivery.sentAt);
        break;
      }
      case "said":
        break;
      default:
        entry satisfies never;
    }
  }
  return { events: [...said.values()], processes };
}

function stepOf(text: string): string {
  return text.slice(text.indexOf(" ") + 1);
}
