/**
 * Delays the end of the process while the store thread is inside SQLite.
 *
 * `process.exit()` terminates threads at any point. A native call that is cut off throws where JavaScript cannot catch it,
 * which aborts the process with status 134 instead of the intended one.
 */

/** The thread runs JavaScript, or waits. */
const IDLE = 0;
/** The thread is inside SQLite. */
const BUSY = 1;
/** The process ends: the thread must not start another call. */
const ENDING = 2;

/** Longest wait of an ending process for the running call, in milliseconds. A hanging disk must not prevent the end. */
const LONGEST_WAIT_MS = 10_000;

/** Creates the state that both threads share. */
export function createExitState(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Store thread: runs work that the ending process waits for. Once the process ends, the work does not start and the call
 * does not return.
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

/** Main thread: from now on, the end of the process waits for the running call. */
export function delayExit(memory: SharedArrayBuffer): void {
  if (open.size === 0) process.on("exit", closeAll);
  open.add(memory);
}

/** Main thread: ends `delayExit`, because the store thread has ended. */
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
