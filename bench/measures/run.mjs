import { startChild } from "../child.mjs";
import { mediansOf } from "../numbers.mjs";

export const CONNECTIONS = 64;
const SECRET = "correct horse battery staple";

/**
 * Starts the programs and Webex, lets each program be measured in turn, round after round, and stops them all.
 * A first round is not counted: the engine compiles meanwhile.
 *
 * @template {Record<string, { script: string, settings?: object, isOurs?: boolean, run: object }>} Programs
 * @param {Programs} programs by name
 * @param {{ rounds: number, profileDir?: string }} options
 * @param {(asked: { webex: any, program: any, run: object }) => Promise<Record<string, number>>} measure
 * @returns {Promise<Record<keyof Programs, Record<string, number>>>} medians of what was measured
 */
export async function measureInTurn(programs, { rounds, profileDir }, measure) {
  const webex = await startChild("webex", "webex/main.mjs", { secret: SECRET });
  const children = [];
  try {
    for (const [name, { script, settings, isOurs, run }] of Object.entries(programs)) {
      const given = { secret: SECRET, apiBaseUrl: webex.ready.apiBaseUrl, ...settings };
      const program = await startChild("program", script, given, isOurs ? profileDir : undefined);
      children.push({ name, program, run: { ...run, port: program.ready.port }, rounds: [] });
    }
    for (let round = 0; round <= rounds; round++) {
      for (const child of children) {
        const { program, run } = child;
        const found = await measure({ webex, program, run });
        if (round > 0) child.rounds.push(found);
      }
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
