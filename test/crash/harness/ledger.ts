/**
 * Everything that happened in a run of the harness, in one file with one order: the parent and the programs that it
 * kills append to it, a line at a time, so that nothing that was written is lost with a process.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import type { CallOrigin } from "./calls";
import type { ExerciseName } from "./exercises";

/** One thing that happened. `id` is that of the message or click that an event is about. */
export type Entry =
  /** A person wrote or clicked. */
  | {
      readonly is: "said";
      readonly id: string;
      readonly room: Room;
      /** What is handled in order: the room, or a person's clicks in it. */
      readonly lane: string;
      readonly exercise: ExerciseName;
      /** Counts the questions. A click has the number of the question that its card answers. */
      readonly number: number;
      /** The message with which the thread of the answers begins: the question, or the one that it answers. */
      readonly threadId?: string;
    }
  /** A delivery was sent to a program, `post` counts them; and what was answered, `null` when there was no answer. */
  | { readonly is: "sent"; readonly id: string; readonly pid: number; readonly post: number }
  | { readonly is: "answered"; readonly post: number; readonly status: number | null }
  /** A handler's run; `run` is unique among all processes. */
  | {
      readonly is: "begun";
      readonly id: string;
      readonly pid: number;
      readonly run: string;
      readonly attempt: number;
    }
  /** What the handler asks of the platform, and that it was done, as far as the handler knows. */
  | { readonly is: "calling" | "confirmed"; readonly run: string; readonly step: string }
  | { readonly is: "ended" | "failed"; readonly run: string }
  /** The program logged that it settled the event as handled. */
  | { readonly is: "settled"; readonly id: string; readonly pid: number }
  /** What the platform now has from the bot, and for which call, when a handler made it. */
  | {
      readonly is: "posted";
      readonly messageId: string;
      readonly text: string;
      readonly roomId: string;
      readonly threadId?: string;
      readonly origin?: CallOrigin;
      /** The program never hears that it was posted: what it gets instead of the answer. */
      readonly instead?: string;
    }
  | { readonly is: "edited"; readonly messageId: string; readonly text: string }
  | { readonly is: "deleted"; readonly messageId: string }
  /** The platform did not show what the bot had posted, and what it answered instead. */
  | { readonly is: "refused"; readonly with: string; readonly origin: CallOrigin }
  /** A program, a fault point it came by for the first time, and its end. */
  | { readonly is: "started"; readonly pid: number }
  /** SIGSTOP and SIGCONT; where, when it was at a fault point. */
  | { readonly is: "paused"; readonly pid: number; readonly point?: string }
  | { readonly is: "resumed"; readonly pid: number }
  /** The main thread computed for so long before it answered `/healthz`. */
  | { readonly is: "unresponsive"; readonly pid: number; readonly ms: number }
  | { readonly is: "reached"; readonly pid: number; readonly point: string }
  | { readonly is: "died"; readonly pid: number; readonly of: Death };

export interface Room {
  readonly id: string;
  readonly kind: "direct" | "group";
}

/** Why a program ended: killed as planned, or late because it never came by the point; or told to stop. */
export type Death =
  | { readonly kind: "killed"; readonly by: Kill; readonly wasInTime: boolean }
  | { readonly kind: "stopped"; readonly code: number | null; readonly signal: string | null };

/** When something is done to a program: the `nth` time that a point is reached, or some time after it was ready. */
export type Moment = { readonly point: string; readonly nth: number } | { readonly afterMs: number };

/** One SIGKILL, and what else the program goes through before. */
export type Kill = Moment & {
  readonly number: number;
  readonly pause?: Pause;
  readonly clock?: Clock;
};

/** SIGSTOP, and SIGCONT some time later. */
export type Pause = Moment & { readonly forMs: number };

/** The machine's clock in one life of the program: so much ahead of the true time, and from some moment on more. */
export interface Clock {
  readonly aheadMs: number;
  readonly jumpMs: number;
  readonly jumpAfterMs: number;
}

export interface Ledger {
  readonly file: string;
  write(entry: Entry): void;
  entries(): readonly Entry[];
}

export function createLedger(file: string): Ledger {
  writeFileSync(file, "");
  return {
    file,
    write: (entry) => append(file, entry),
    // Asserted: only this module and the preload write to the file.
    entries: () =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Entry),
  };
}

/** One write of one line: lines of several processes do not mix, and a killed process has written all or nothing. */
export function append(file: string, entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}
