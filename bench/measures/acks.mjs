import { table } from "../table.mjs";
import { CONNECTIONS, measureInTurn, withCpuTime } from "./run.mjs";

const created = { event: "created", connections: CONNECTIONS };
const deleted = { event: "deleted", connections: CONNECTIONS };
const bellhop = { script: "programs/bellhop.mjs", isOurs: true };

const PROGRAMS = {
  "bare node:http": { script: "programs/bare-http.mjs", run: created },
  "bare Express": { script: "programs/bare-express.mjs", run: created },
  "Bellhop before Express": { ...bellhop, settings: { mount: "before", starts: false }, run: created },
  "Bellhop as a route": { ...bellhop, settings: { mount: "route", starts: false }, run: created },
  // A deletion needs no call to be complete, so this is the path of an event without the platform's part in it.
  "Bellhop, handling too": { ...bellhop, settings: { mount: "before", starts: true }, run: deleted },
};

/** What is compared, with what, and what it has to reach: at least so much of a rate, at most so much of the rest. */
const COMPARISONS = [
  ["Bellhop before Express", "bare node:http", "perSecond", ">= 0.5"],
  ["Bellhop before Express", "bare node:http", "cpuUs", "<= 2"],
  ["Bellhop before Express", "bare node:http", "p99Ms", "<= 3"],
  ["Bellhop before Express", "bare Express", "perSecond", ">= 2.5"],
  ["Bellhop as a route", "bare Express", "perSecond", ""],
  ["Bellhop as a route", "bare Express", "cpuUs", ""],
];

const WORDS = { perSecond: "acks/s", p99Ms: "p99 ms", cpuUs: "CPU us/ack" };

/** Acknowledgements: ours are on the disk when they are sent, those of the others are not. */
export async function measureAcks({ seconds = 2.4, ...options }) {
  const found = await measureInTurn(PROGRAMS, { seconds, ...options }, ({ webex, program, run }) =>
    withCpuTime(program, () => webex.ask("acks", { ...run, seconds })),
  );
  return [
    "",
    ...table([
      ["acknowledged", "acks/s", "p50 ms", "p99 ms", "CPU us/ack"],
      ...Object.entries(found).map(([name, { perSecond, p50Ms, p99Ms, cpuUs }]) => [
        name,
        perSecond.toFixed(0),
        p50Ms.toFixed(2),
        p99Ms.toFixed(2),
        cpuUs.toFixed(1),
      ]),
    ]),
    "",
    ...table([
      ["measure", "ours", "baseline", "ratio", "target"],
      ...COMPARISONS.map(([ours, baseline, figure, target]) => {
        const [a, b] = [found[ours][figure], found[baseline][figure]];
        const digits = figure === "perSecond" ? 0 : 2;
        return [
          `${ours} / ${baseline}, ${WORDS[figure]}`,
          a.toFixed(digits),
          b.toFixed(digits),
          (a / b).toFixed(2),
          target,
        ];
      }),
    ]),
  ];
}
