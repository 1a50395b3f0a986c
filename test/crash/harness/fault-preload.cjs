// Loaded into the program by `node --require`: notes which fault points it comes by, and kills it at the one asked for.
const { appendFileSync } = require("node:fs");
const { join } = require("node:path");
const workerThreads = require("node:worker_threads");

const { watchFaultPoints } = require(join(__dirname, "../../../dist/core/fault-points.js"));

const { CRASH_LEDGER, CRASH_POINT, CRASH_NTH } = process.env;
const times = new Map();

watchFaultPoints((point) => {
  const time = (times.get(point) ?? 0) + 1;
  times.set(point, time);
  if (time === 1)
    appendFileSync(CRASH_LEDGER, `${JSON.stringify({ is: "reached", pid: process.pid, point })}\n`);
  if (point === CRASH_POINT && time === Number(CRASH_NTH)) process.kill(process.pid, "SIGKILL");
});

// The inbox's thread takes no loaders from the command line; its points are in a module of its own.
if (workerThreads.isMainThread) {
  workerThreads.Worker = class extends workerThreads.Worker {
    constructor(file, options) {
      super(file, { ...options, execArgv: ["--require", __filename] });
    }
  };
}
