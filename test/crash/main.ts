/** `npm run crash -- --kills 500 --seed 7 --inbox postgres`: as many kills as one likes, from any seed. */
import { parseArgs } from "node:util";
import { startPostgres } from "../inbox/postgres-server";
import { readConditions } from "./harness/conditions";
import { crashRun } from "./harness/crash-run";
import type { Replies } from "./harness/plan";
import type { Report } from "./harness/site";
import { takeOverRun } from "./harness/take-overs";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "100" },
      "take-overs": { type: "string" },
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
      inbox: { type: "string", default: "embedded" },
      copies: { type: "string", default: "1" },
      replies: { type: "string", default: "at-least-once" },
      points: { type: "string" },
      with: { type: "string", default: "" },
    },
  });
  if (!["embedded", "postgres"].includes(values.inbox))
    throw new Error(`--inbox is "${values.inbox}"; expected embedded or postgres`);
  const replies = readReplies(values.replies);
  const conditions = readConditions(values.with);
  const postgres = values.inbox === "postgres" ? await startPostgres() : undefined;
  try {
    const options = {
      databaseUrl: postgres?.newDatabase(),
      seed: Number(values.seed),
      points: values.points?.split(",").filter(Boolean),
      copies: Number(values.copies),
      replies,
      conditions,
    };
    const takeOvers = values["take-overs"];
    const report =
      takeOvers === undefined
        ? await crashRun({ ...options, kills: Number(values.kills), onKill: print })
        : await takeOverRun({ ...options, pauses: Number(takeOvers), onPause: print });
    show(report, values.seed, takeOvers === undefined);
  } finally {
    postgres?.remove();
  }
}

function readReplies(value: string): Replies {
  if (value === "at-least-once" || value === "at-most-once") return value;
  throw new Error(`--replies is "${value}"; expected at-least-once or at-most-once`);
}

function show(report: Report, seed: string, isKilled: boolean): void {
  print(`seed ${seed}: ${report.events} events, ${report.runs} runs, ${report.posts} posts`);
  for (const kill of report.missed) print(`its point was not reached: ${kill}`);
  if (isKilled) for (const point of report.neverReached) print(`never reached: ${point}`);
  if (report.text !== "") print(report.text);
  const faults = report.violations.length + (isKilled ? report.neverReached.length : 0);
  if (faults > 0) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
