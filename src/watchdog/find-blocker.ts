import { shownPath } from "../core/contract/load-error";
import { type ActivityReading, type AtWork, type NumberedHandler, rowsOf } from "../core/handle/activity";
import { findNearestLine } from "../core/util/author-line";

/** What blocks the event loop, as far as that is certain. */
export interface Blame {
  /** The event whose handling blocks. Absent: it is not certain which one, or it is none. */
  readonly event?: AtWork | undefined;
  /** What the main thread runs; absent when it runs native code. */
  readonly stack?: string | undefined;
}

/**
 * Finds the event that a blocked main thread works on.
 *
 * @param stack of the main thread; `undefined` when it runs native code
 */
export function blame(stack: string | undefined, activity: ActivityReading): Blame {
  // A handler that was called and has not come to its first await. All that runs meanwhile is its work.
  const running = activity.running();
  if (running !== undefined || stack === undefined) return { event: running, stack };
  const rows = new Set(rowsOf(stack));
  // Work that two events wait for belongs to neither.
  const [row] = rows.size === 1 ? rows : [];
  return { event: row === undefined ? undefined : activity.row(row), stack };
}

/** Where the developer's code stands that a stack passes through first: `bots/echo.ts:12`. */
export function lineOf(stack: string | undefined): string | undefined {
  const place = findNearestLine(stack ?? "");
  return place && `${shownPath(place.file)}:${place.line}`;
}

/** An event under way, in words. */
export interface NamedWork {
  readonly event: number;
  readonly bot?: string | undefined;
  readonly handler?: string | undefined;
}

export function nameWork({ event, handler }: AtWork, handlers: readonly NumberedHandler[]): NamedWork {
  const found = handlers[handler - 1];
  return { event, bot: found?.bot, handler: found?.label };
}

/** `command "sum" of bot "maths", bots/maths.ts:12`. @param line where the code blocks, if that is known */
export function positionOf(
  work: AtWork,
  line: string | undefined,
  handlers: readonly NumberedHandler[],
): string {
  const found = handlers[work.handler - 1];
  const at = line ?? shownAt(found?.at);
  if (found === undefined) return at ?? "code outside of handlers";
  return `${found.label} of bot "${found.bot}"${at === undefined ? "" : `, ${at}`}`;
}

function shownAt(at: string | undefined): string | undefined {
  const [, file, line] = /^(.+):(\d+)$/.exec(at ?? "") ?? [];
  return file === undefined ? undefined : `${shownPath(file)}:${line}`;
}
