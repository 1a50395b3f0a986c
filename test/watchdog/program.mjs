// A program with nothing but a watchdog: it does what its argument says, and is ended or not.
import { execSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { createActivity } = require("../../dist/core/handle/activity.js");
const { startWatchdog } = require("../../dist/watchdog/index.js");
const { createLogger } = require("../../dist/logging.js");

const [, , scenario, record] = process.argv;
const activity = createActivity();
const handlers = ["first", "second"].map((label) => ({ bot: "test", label, at: "" }));

const recorder = { module: fileURLToPath(new URL("recorder.cjs", import.meta.url)), data: record };
const log = createLogger({ level: "info", format: "json" });
startWatchdog({ activity, handlers, recorder, log }, { blockedMs: 400 });

/** Runs a handler of an event as the worker does. */
async function handle(event, handler, work) {
  const row = activity.begin(String(event));
  await new Promise((resolve) => row.run(0, () => row.run(handler, work)).then(resolve, resolve));
  activity.end(row);
}

function spin() {
  for (;;) if (globalThis.neverSet) return; // LINE spin
}
async function helper() {
  await sleep(5);
  spin();
}
function recurse(depth) {
  if (depth === 0) spin();
  else recurse(depth - 1);
}
async function forEver() {
  await null;
  for (;;) await null;
}

const busy = (work) => () => {
  void handle(1, 1, () => sleep(60_000));
  return handle(2, 2, work);
};

const SCENARIOS = {
  loop: busy(() => spin()),
  expression: busy(async () => {
    await sleep(5);
    return /^(a+)+$/.test(`${"a".repeat(60)}!`);
  }),
  "after-await": busy(async () => {
    await sleep(5);
    spin();
  }),
  "in-helper": busy(async () => {
    await Promise.all([sleep(1), helper()]);
  }),
  "deep-recursion": busy(() => recurse(5_000)),
  microtasks: busy(forEver),
  "atomics-wait": busy(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)),
  "sync-child": busy(() => execSync("sleep 60")),
  "sync-child-after-await": busy(async () => {
    await sleep(5);
    execSync("sleep 60");
  }),
  "work-of-both": () => {
    const shared = helper();
    void handle(1, 1, async () => await shared);
    return handle(2, 2, async () => await shared);
  },
  overrun: async () => {
    const late = activity.begin("1");
    void late.run(1, helper);
    // The attempt is over; its handler goes on.
    await handle(2, 2, () => {});
    await sleep(60_000);
  },
  timer: () => {
    setTimeout(spin, 5);
    return handle(1, 1, () => sleep(60_000));
  },
  "long-await": () => handle(1, 1, () => sleep(1_500)),
  stopped: async () => {
    setTimeout(() => process.kill(process.pid, "SIGSTOP"), 50);
    await handle(1, 1, () => sleep(1_000));
  },
  debugged: async () => {
    const inspector = await import("node:inspector");
    inspector.open(0);
    await sleep(100);
    const until = Date.now() + 1_500;
    while (Date.now() < until);
    inspector.close();
  },
  "short-blocks": async () => {
    for (let round = 0; round < 6; round++) {
      const until = Date.now() + 200;
      while (Date.now() < until);
      await sleep(60);
    }
  },
};

appendFileSync(record, "");
await SCENARIOS[scenario]();
process.stdout.write("done\n");
