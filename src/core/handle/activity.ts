/**
 * What the process handles at this moment, as numbers in memory that another thread can read, and as names on the stacks
 * of the code that runs: the watchdog reads both when the event loop is blocked.
 */
import type { BuiltBot } from "./routes";

/** Bytes of one row: the event's id and the number of its handler. */
const ROW_BYTES = Float64Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT;
/** Events at work at the same time that are tracked; more than `CONCURRENCY` allows, for handlers that overran their time. */
const MOST_ROWS = 16_384;

/** Positions in `cells`. */
const BEATS = 0;
const DEBUGGED = 1;
const RUNNING = 2;
const CELLS = 4;

/** The shared memory. All of it is 0 at first. */
export interface ActivityMemory {
  readonly cells: Int32Array;
  /** By row; 0 in a row that is free, or whose event has an id that is not a number. */
  readonly events: Float64Array;
  /** By row; the handler that was entered last, 0 outside of handlers. */
  readonly handlers: Int32Array;
}

/** Views one buffer, from any thread. */
export function viewActivity(buffer: SharedArrayBuffer): ActivityMemory {
  const events = CELLS * Int32Array.BYTES_PER_ELEMENT;
  const handlers = events + MOST_ROWS * Float64Array.BYTES_PER_ELEMENT;
  return {
    cells: new Int32Array(buffer, 0, CELLS),
    events: new Float64Array(buffer, events, MOST_ROWS),
    handlers: new Int32Array(buffer, handlers, MOST_ROWS),
  };
}

/** What the memory says, read by the watchdog's thread. */
export interface ActivityReading {
  /** Grows as long as the event loop turns. */
  beats(): number;
  /** Whether a debugger may hold the event loop. */
  isDebugged(): boolean;
  /** The event whose handler was called and has not returned or come to its first `await`. */
  running(): AtWork | undefined;
  /** All events under way. */
  all(): readonly AtWork[];
  /** The event of a row that a stack names. */
  row(index: number): AtWork | undefined;
}

/** An event under way. */
export interface AtWork {
  /** The inbox's id, as a number. */
  readonly event: number;
  /** Number of the handler that was entered last; 0 outside of handlers. */
  readonly handler: number;
}

/** Reads what {@link createActivity} writes. */
export function readActivity(buffer: SharedArrayBuffer): ActivityReading {
  const { cells, events, handlers } = viewActivity(buffer);
  const row = (index: number): AtWork | undefined => {
    const event = events[index] ?? 0;
    return event === 0 ? undefined : { event, handler: handlers[index] ?? 0 };
  };
  return {
    beats: () => Atomics.load(cells, BEATS),
    isDebugged: () => Atomics.load(cells, DEBUGGED) === 1,
    running: () => row(Atomics.load(cells, RUNNING) - 1),
    all: () => Array.from(events.keys(), row).filter((found) => found !== undefined),
    row,
  };
}

/**
 * Calls `work(first, second)` as part of an event's handling: from a function whose name says which row it is, so that
 * the stack of everything that `work` does, also after an `await`, leads to the event.
 */
export type RunInRow = <First, Second, Result>(
  handler: number,
  work: (first: First, second: Second) => Result | PromiseLike<Result>,
  first: First,
  second: Second,
) => Promise<Result>;

/** One event under way. */
export interface ActivityRow {
  readonly index: number;
  readonly run: RunInRow;
}

/** Writes what the process does. */
export interface Activity {
  readonly buffer: SharedArrayBuffer;
  /** @param event the inbox's id of it */
  begin(event: string): ActivityRow;
  /** The event's handlers do nothing any more. */
  end(row: ActivityRow): void;
  /** Says that the event loop turns. @param isDebugged whether a debugger may hold it */
  beat(isDebugged: boolean): void;
}

/** Runs what is not tracked. */
export const UNTRACKED: ActivityRow = {
  index: -1,
  run: async (_, work, first, second) => await work(first, second),
};

/** Writes numbers only: a row costs nothing but two stores and one more function on the stack. */
export function createActivity(): Activity {
  const buffer = new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT + MOST_ROWS * ROW_BYTES);
  const memory = viewActivity(buffer);
  /** Made when they are needed first. */
  const free: ActivityRow[] = [];
  let made = 0;

  return {
    buffer,
    begin(event) {
      const row = free.pop() ?? (made < MOST_ROWS ? createRow(memory, made++) : UNTRACKED);
      if (row !== UNTRACKED) memory.events[row.index] = Number(event) || 0;
      return row;
    },
    end(row) {
      if (row === UNTRACKED) return;
      memory.events[row.index] = 0;
      memory.handlers[row.index] = 0;
      free.push(row);
    },
    beat(isDebugged) {
      Atomics.add(memory.cells, BEATS, 1);
      Atomics.store(memory.cells, DEBUGGED, isDebugged ? 1 : 0);
    },
  };
}

const ROW_NAME = "bellhop event in row";

function createRow({ cells, handlers }: ActivityMemory, index: number): ActivityRow {
  const run: RunInRow = async (handler, work, first, second) => {
    const around = cells[RUNNING] ?? 0;
    const before = handlers[index] ?? 0;
    cells[RUNNING] = index + 1;
    handlers[index] = handler;
    let result: ReturnType<typeof work>;
    try {
      result = work(first, second);
    } finally {
      cells[RUNNING] = around;
    }
    try {
      // Awaited here, not only returned: V8 lists the functions that await, and so this one's name.
      return await result;
    } finally {
      handlers[index] = before;
    }
  };
  Object.defineProperty(run, "name", { value: `${ROW_NAME} ${index}` });
  return { index, run };
}

/** The rows that a stack passes through, innermost first. */
export function rowsOf(stack: string): readonly number[] {
  return [...stack.matchAll(/^ *at (?:async )?bellhop event in row (\d+) /gm)].map(([, row]) => Number(row));
}

/** A handler by its number. */
export interface NumberedHandler {
  readonly bot: string;
  /** `command "expense <amount>"`, `middleware 1` */
  readonly label: string;
  /** Where it was registered: `/app/bots/echo.ts:12`; empty when that is not known. */
  readonly at: string;
}

/** All handlers, in the order of their numbers, which begin with 1: of each bot its middleware, then its routes. */
export function numberedHandlers(bots: readonly BuiltBot[]): readonly NumberedHandler[] {
  return bots.flatMap(({ name: bot, middleware, routes }) => [
    ...middleware.map((_, index) => ({ bot, label: `middleware ${index + 1}`, at: "" })),
    ...routes.map(({ label, at }) => ({ bot, label, at })),
  ]);
}

/** The number of each bot's first handler. */
export function firstNumbers(bots: readonly BuiltBot[]): ReadonlyMap<BuiltBot, number> {
  let next = 1;
  return new Map(
    bots.map((bot) => {
      const first = next;
      next += bot.middleware.length + bot.routes.length;
      return [bot, first];
    }),
  );
}
