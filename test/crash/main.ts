/** `npm run crash -- --kills 500 --seed 7 --inbox postgres`: as many kills as one likes, from any seed. */
import { parseArgs } from "node:util";
import { startPostgres } from "../inbox/postgres-server";
import { crashRun } from "./harness/crash-run";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "100" },
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
      inbox: { type: "string", default: "embedded" },
      copies: { type: "string", default: "1" },
      replies: { type: "string", default: "at-least-once" },
      points: { type: "string" },
    },
  });
  if (!["embedded", "postgres"].includes(values.inbox))
    throw new Error(`--inbox is "${values.inbox}"; expected embedded or postgres`);
  const { replies } = values;
  if (replies !== "at-least-once" && replies !== "at-most-once")
    throw new Error(`--replies is "${replies}"; expected at-least-once or at-most-once`);
  const postgres = values.inbox === "postgres" ? await startPostgres() : undefined;
  try {
    const report = await crashRun({
      databaseUrl: postgres?.newDatabase(),
      seed: Number(values.seed),
      kills: Number(values.kills),
      copies: Number(values.copies),
      replies,
      points: values.points?.split(",").filter(Boolean),
      onKill: (description) => say(description),
    });
    say(`seed ${values.seed}: ${report.events} events, ${report.runs} runs, ${report.posts} posts`);
    for (const kill of report.missed) say(`its point was not reached: ${kill}`);
    for (const point of report.neverReached) say(`never reached: ${point}`);
    if (report.text !== "") say(report.text);
    if (report.violations.length + report.neverReached.length > 0) process.exitCode = 1;
  } finally {
    postgres?.remove();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
