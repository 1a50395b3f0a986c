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
  readonly exercise: ExerciseName;
  /** When it was sent first, and when a program had first answered 2xx. */
  readonly sentAt: number | undefined;
  readonly acceptedAt: number | undefined;
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** What the bot posted for it, oldest first. */
  readonly posts: readonly Post[];
}

export interface Run {
  readonly pid: number;
  readonly begunAt: number;
  /** Absent when the process died before. */
  endedAt?: number;
  failed: boolean;
  /** What the platform had confirmed to the handler. */
  readonly confirmed: string[];
  /** The same process said later that the event is settled. */
  settled: boolean;
}

export interface Post {
  readonly postedAt: number;
  /** What it was posted as: `"draft"`. */
  readonly step: string;
  /** What it says at the end; absent when it was deleted. */
  left: string | undefined;
}

export interface ProcessHistory {
  readonly pid: number;
  diedAt?: number;
  death?: Death;
  readonly reached: Set<string>;
}

export function toHistory(entries: readonly Entry[]): History {
  const said = new Map<string, EventHistory & { runs: Run[]; posts: Post[] }>();
  const byStep = new Map<string, { posts: Post[] }>();
  const processes = new Map<number, ProcessHistory>();
  const runs = new Map<string, Run>();
  const runsOf = new Map<string, Run[]>();
  const posts = new Map<string, Post>();
  const sentAt = first(entries, (entry) => (entry.is === "sent" ? entry.id : undefined));
  const acceptedAt = first(entries, (entry) =>
    entry.is === "answered" && entry.status !== null && entry.status >= 200 && entry.status < 300
      ? entry.id
      : undefined,
  );

  // A click is noted a moment after it happened, when the answer may be there already.
  for (const entry of entries) {
    if (entry.is !== "said") continue;
    const { id, room, exercise, number } = entry;
    const history = {
      ...{ id, label: `${exercise} ${number}`, room, exercise, runs: [], posts: [] },
      ...{ sentAt: sentAt.get(id), acceptedAt: acceptedAt.get(id) },
    };
    said.set(id, history);
    for (const step of EXERCISES[exercise].posts) byStep.set(`${number} ${step}`, history);
  }

  for (const [at, entry] of entries.entries()) {
    switch (entry.is) {
      case "begun": {
        const run: Run = { pid: entry.pid, begunAt: at, failed: false, confirmed: [], settled: false };
        runs.set(entry.run, run);
        said.get(entry.id)?.runs.push(run);
        runsOf.set(`${entry.pid} ${entry.id}`, [...(runsOf.get(`${entry.pid} ${entry.id}`) ?? []), run]);
        break;
      }
      case "confirmed":
        runs.get(entry.run)?.confirmed.push(entry.step);
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
        if (post !== undefined) post.left = entry.is === "edited" ? stepOf(entry.text) : undefined;
        break;
      }
      case "started":
        processes.set(entry.pid, { pid: entry.pid, reached: new Set() });
        break;
      case "reached":
        processes.get(entry.pid)?.reached.add(entry.point);
        break;
      case "died": {
        const process = processes.get(entry.pid);
        if (process !== undefined) Object.assign(process, { diedAt: at, death: entry.of });
        break;
      }
      case "said":
      case "sent":
      case "answered":
        break;
      default:
        entry satisfies never;
    }
  }
  return { events: [...said.values()], processes };
}

/** Where each thing is named first. */
function first(entries: readonly Entry[], nameOf: (entry: Entry) => string | undefined): Map<string, number> {
  const found = new Map<string, number>();
  for (const [at, entry] of entries.entries()) {
    const name = nameOf(entry);
    if (name !== undefined && !found.has(name)) found.set(name, at);
  }
  return found;
}

function stepOf(text: string): string {
  return text.slice(text.indexOf(" ") + 1);
}
