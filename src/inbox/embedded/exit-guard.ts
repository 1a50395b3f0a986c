/**
 * Keeps the process from ending while the inbox's thread is inside SQLite.
 *
 * `process.exit()` terminates threads wherever they are. A native call that is cut off throws where no JavaScript can
 * catch it, which aborts the process: status 134 in place of the one that was given.
 */

/** The thread runs JavaScript, or waits. */
const IDLE = 0;
/** The thread is inside SQLite. */
const BUSY = 1;
/** The process ends: the thread begins nothing more. */
const ENDING = 2;

/** How long an ending process waits for the call that runs, in milliseconds. A disk that hangs must not keep it. */
const LONGEST_WAIT_MS = 10_000;

/** Creates the memory that both sides share. */
export function createExitState(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * The thread's side: runs work that the process waits for when it ends. Once the process ends, the call does not
 * return, and the work is not begun.
 */
export function runGuarded<T>(memory: SharedArrayBuffer, work: () => T): T {
  const state = new Int32Array(memory);
  if (Atomics.compareExchange(state, 0, IDLE, BUSY) === ENDING) Atomics.wait(state, 0, ENDING);
  try {
    return work();
  } finally {
    Atomics.store(state, 0, IDLE);
    Atomics.notify(state, 0);
  }
}

const open = new Set<SharedArrayBuffer>();

/** The main thread's side: from now on, the end of the process waits for the call that runs. */
export function delayExit(memory: SharedArrayBuffer): void {
  if (open.size === 0) process.on("exit", closeAll);
  open.add(memory);
}

/** Ends `holdExit`: the thread has ended. */
export function allowExit(memory: SharedArrayBuffer): void {
  open.delete(memory);
  if (open.size === 0) process.off("exit", closeAll);
}

function closeAll(): void {
  for (const memory of open) close(new Int32Array(memory));
}

function close(state: Int32Array<SharedArrayBuffer>): void {
  const until = performance.now() + LONGEST_WAIT_MS;
  while (Atomics.compareExchange(state, 0, IDLE, ENDING) === BUSY) {
    const leftMs = until - performance.now();
    if (leftMs <= 0) return;
    Atomics.wait(state, 0, BUSY, leftMs);
  }
}
