// A process of its own that asks a program for /healthz again and again, and notes in the ledger when the program's main
// thread computed for too long before it answered. Time in which a busy machine runs other programs, or in which the
// program is stopped, does not count. It reads on its input which program it is to ask: a line `<pid> <url>`.
const { appendFileSync, readFileSync } = require("node:fs");
const { get } = require("node:http");
const { createInterface } = require("node:readline");

const [, , ledger, limitMs] = process.argv;
const EVERY_MS = 100;
/** As `getconf CLK_TCK` says on every Linux. */
const TICK_MS = 10;

let [pid, url] = ["", ""];
createInterface({ input: process.stdin })
  .on("line", (line) => {
    [pid, url] = line.split(" ");
  })
  .on("close", () => process.exit(0));

setInterval(() => {
  const asked = pid;
  const before = computed(asked);
  if (before === undefined) return;
  get(`${url}/healthz`, { agent: false }, (response) => {
    response.resume();
    const ms = (computed(asked) ?? before) - before;
    if (ms <= Number(limitMs)) return;
    appendFileSync(ledger, `${JSON.stringify({ is: "unresponsive", pid: Number(asked), ms })}\n`);
  }).on("error", () => undefined);
}, EVERY_MS);

/** For how long its main thread has computed, in milliseconds; `undefined` when it runs no more, or not on Linux. */
function computed(process) {
  try {
    const stat = readFileSync(`/proc/${process}/task/${process}/stat`, "utf8");
    // Behind the name, which may have spaces, utime and stime are the 12th and 13th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}
