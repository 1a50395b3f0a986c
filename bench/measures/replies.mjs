import { table } from "../table.mjs";
import { CONNECTIONS, measureInTurn, withCpuTime } from "./run.mjs";

const run = { connections: CONNECTIONS };

const PROGRAMS = {
  "hand-written loop": { script: "programs/reply-loop.mjs", run },
  Bellhop: { script: "programs/bellhop.mjs", isOurs: true, settings: { mount: "before", starts: true }, run },
};

const ALONE = { messages: 100, restMs: 10 };

/** Answers: a delivery in, the message fetched, a handler, an answer posted. Ours survive a crash at any point of it. */
export async function measureReplies({ seconds = 4, ...options }) {
  const found = await measureInTurn(PROGRAMS, { seconds, ...options }, async ({ webex, program, run }) => {
    const { port } = run;
    const crowd = await withCpuTime(program, () => webex.ask("replies", { ...run, seconds }));
    const { p50Ms: aloneMs } = await webex.ask("alone", { port, ...ALONE });
    return { ...crowd, aloneMs };
  });
  const [loop, ours] = [found["hand-written loop"], found.Bellhop];
  return [
    "",
    ...table([
      ["answered", "replies/s", "p50 ms", "p99 ms", "CPU us/reply", "alone, p50 ms"],
      ...Object.entries(found).map(([name, { perSecond, p50Ms, p99Ms, cpuUs, aloneMs }]) => [
        name,
        perSecond.toFixed(0),
        p50Ms.toFixed(2),
        p99Ms.toFixed(2),
        cpuUs.toFixed(1),
        aloneMs.toFixed(2),
      ]),
    ]),
    "",
    ...table([
      ["measure", "ours", "baseline", "ratio", "target"],
      [
        `replies/s, ${CONNECTIONS} in flight`,
        ours.perSecond.toFixed(0),
        loop.perSecond.toFixed(0),
        (ours.perSecond / loop.perSecond).toFixed(2),
        ">= 0.5",
      ],
      [
        "CPU us/reply",
        ours.cpuUs.toFixed(1),
        loop.cpuUs.toFixed(1),
        (ours.cpuUs / loop.cpuUs).toFixed(2),
        "<= 2",
      ],
      [
        "one message alone, ms",
        ours.aloneMs.toFixed(2),
        loop.aloneMs.toFixed(2),
        `+${(ours.aloneMs - loop.aloneMs).toFixed(2)} ms`,
        "<= +1 ms",
      ],
    ]),
  ];
}
