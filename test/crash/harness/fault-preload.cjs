// Loaded into the program by `node --require`: notes which fault points it comes by, kills or stops it at the one asked
// for, sets its clock wrong, and lets its calls name what they were made for.
const { appendFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const workerThreads = require("node:worker_threads");

const dist = join(__dirname, "../../../dist");
const { watchFaultPoints } = require(join(dist, "core/util/failpoints.js"));

const { CRASH_LEDGER, CRASH_POINT, CRASH_NTH, CRASH_PAUSE_POINT, CRASH_PAUSE_NTH } = process.env;
const times = new Map();

watchFaultPoints((point) => {
  const time = (times.get(point) ?? 0) + 1;
  times.set(point, time);
  if (time === 1) note({ is: "reached", pid: process.pid, point });
  if (point === CRASH_PAUSE_POINT && time === Number(CRASH_PAUSE_NTH)) pauseAt(point);
  if (point === CRASH_POINT && time === Number(CRASH_NTH)) process.kill(process.pid, "SIGKILL");
});

setClock();
if (workerThreads.isMainThread) {
  nameCalls();
  // The inbox's thread takes no loaders from the command line; its points are in a module of its own.
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(file, options) {
      super(file, { ...options, execArgv: ["--require", __filename] });
    }
  };
}

/** The harness reads on the output that the process is stopped, and continues it. */
function pauseAt(point) {
  note({ is: "paused", pid: process.pid, point });
  writeSync(1, "crash: paused\n");
  process.kill(process.pid, "SIGSTOP");
}

function note(entry) {
  appendFileSync(CRASH_LEDGER, `${JSON.stringify(entry)}\n`);
}

/** Each thread has a Date of its own; all of them are wrong by the same. */
function setClock() {
  if (process.env.CRASH_CLOCK === undefined) return;
  const { aheadMs, jumpMs, jumpAfterMs } = JSON.parse(process.env.CRASH_CLOCK);
  const TrueDate = Date;
  process.env.CRASH_CLOCK_STARTED ??= String(process.hrtime.bigint());
  const started = BigInt(process.env.CRASH_CLOCK_STARTED);
  const now = () => {
    const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
    return TrueDate.now() + aheadMs + (ms < jumpAfterMs ? 0 : jumpMs);
  };
  globalThis.Date = class extends TrueDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [now()] : parts));
    }
    static now() {
      return now();
    }
  };
}

/** See calls.ts. The headers are copied for each call, in the context of the handler that makes it. */
function nameCalls() {
  const connections = require(join(dist, "platforms/api/connections.js"));
  const { createConnections } = connections;
  connections.createConnections = ({ headers, ...options }) =>
    createConnections({
      ...options,
      headers: Object.defineProperty({ ...headers }, "x-crash-call", {
        enumerable: true,
        get: () => globalThis[Symbol.for("bellhop.crash.origin")]?.getStore() ?? "",
      }),
    });
}
