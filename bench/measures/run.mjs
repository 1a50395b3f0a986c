import { startChild } from "../child.mjs";
import { mediansOf } from "../numbers.mjs";

export const CONNECTIONS = 64;
/** Before anything is counted, in seconds: until then the engine compiles. */
const WARM_UP_SECONDS = 1.5;
const SECRET = "correct horse battery staple";

/**
 * Starts the programs and Webex, lets each program be measured in turn, round after round, and stops them all.
 *
 * @template {Record<string, { script: string, settings?: object, isOurs?: boolean, run: object }>} Programs
 * @param {Programs} programs by name
 * @param {{ rounds: number, seconds: number, profileDir?: string }} options
 * @param {(asked: { webex: any, program: any, run: object, seconds: number }) => Promise<Record<string, number>>} measure
 * @returns {Promise<Record<keyof Programs, Record<string, number>>>} medians of what was measured
 */
export async function measureInTurn(programs, { rounds, seconds, profileDir }, measure) {
  const webex = await startChild("webex", "webex/main.mjs", { secret: SECRET });
  const children = [];
  try {
    for (const [name, { script, settings, isOurs, run }] of Object.entries(programs)) {
      const given = { secret: SECRET, apiBaseUrl: webex.ready.apiBaseUrl, ...settings };
      const program = await startChild("program", script, given, isOurs ? profileDir : undefined);
      children.push({ name, program, run: { ...run, port: program.ready.port }, rounds: [] });
    }
    for (const { program, run } of children) await measure({ webex, program, run, seconds: WARM_UP_SECONDS });
    for (let round = 0; round < rounds; round++) {
      for (const { program, run, rounds } of children)
        rounds.push(await measure({ webex, program, run, seconds }));
    }
    return Object.fromEntries(children.map(({ name, rounds }) => [name, mediansOf(rounds)]));
  } finally {
    await Promise.all([webex, ...children.map(({ program }) => program)].map((child) => child.stop()));
  }
}

/**
 * @param {any} program
 * @param {() => Promise<{ count: number }>} load
 * @returns CPU time of the program for each of what was counted, in microseconds, beside what `load` found
 */
export async function withCpuTime(program, load) {
  const before = await program.ask("cpu");
  const found = await load();
  const after = await program.ask("cpu");
  return { ...found, cpuUs: (after - before) / found.count };
}
