// `node bench/run.mjs acks` or `replies`: measures Bellhop against hand-written programs and prints a table.
// Needs what `npm run build` makes, and nothing but this machine's loopback.
import { parseArgs } from "node:util";
import { describeMachine } from "./machine.mjs";
import { measureAcks } from "./measures/acks.mjs";
import { measureReplies } from "./measures/replies.mjs";

const MEASURES = { acks: measureAcks, replies: measureReplies };

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    // How long a program is measured in one round; the measure knows what is enough.
    seconds: { type: "string" },
    // Leaves a CPU profile of each of our programs in this folder.
    profile: { type: "string" },
  },
});

const measure = MEASURES[positionals[0]];
if (measure === undefined) {
  console.error(
    `usage: node bench/run.mjs ${Object.keys(MEASURES).join("|")} [--rounds 3] [--seconds 2] [--profile folder]`,
  );
  process.exit(2);
}

console.log(describeMachine());
const report = await measure({
  rounds: Number(options.rounds),
  seconds: options.seconds === undefined ? undefined : Number(options.seconds),
  profileDir: options.profile,
});
for (const line of report) console.log(line);
