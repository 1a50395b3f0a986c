import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { FAULT_POINTS } from "../../../src/core/fault-points";
import { listenPlayground } from "../../../src/playground/listen";
import { check, type Violation } from "./checks";
import { openCourier } from "./courier";
import { toHistory } from "./history";
import { createLedger } from "./ledger";
import { bringPeople } from "./people";
import { describeKill, planKills } from "./plan";
import { type CrashProgram, startCrashProgram } from "./program";
import { createRandom } from "./random";

/** What is to be tried. The same options make the same plan; what meets what in it differs from run to run. */
export interface CrashOptions {
  readonly inbox: InboxKind;
  /** Of the PostgreSQL database, an empty one; for that inbox only. */
  readonly databaseUrl?: string | undefined;
  readonly seed: number;
  readonly kills: number;
  /** Fault points to be killed at, each once before chance takes over. @default all */
  readonly points?: readonly string[] | undefined;
  /** Each delivery is sent 1 to so many times. @default 1 */
  readonly copies?: number | undefined;
  /** Besides three direct ones. @default 5 */
  readonly groupRooms?: number | undefined;
  /** Is told of each kill. */
  readonly onKill?: ((description: string) => void) | undefined;
}

export type InboxKind = "embedded" | "postgres";

export interface CrashReport {
  readonly violations: readonly Violation[];
  /** Fault points that no program came by. */
  readonly neverReached: readonly string[];
  /** How much there was to go wrong. */
  readonly events: number;
  readonly runs: number;
  readonly posts: number;
  /** Everything that happened; kept when a promise was not. */
  readonly ledgerFile: string;
  /** For a person: each violation, and how to try again. Empty when every promise was kept. */
  readonly text: string;
}

/** Kills the program again and again while people write, and looks at what became of it all. */
export async function crashRun(options: CrashOptions): Promise<CrashReport> {
  const random = createRandom(options.seed);
  const site = await openSite(options);
  try {
    const first = await site.start();
    await site.begin(first);
    await first.stop();
    for (const kill of planKills(options.kills, random, options.points)) {
      options.onKill?.(describeKill(kill));
      const program = await site.start(kill);
      site.route([program]);
      if (!("point" in kill)) await program.ready();
      await program.killed(kill);
    }
    const last = await site.start();
    site.route([last]);
    await site.drain([last]);
    return await site.report();
  } finally {
    await site.close();
  }
}

/** A folder or database, a playground, people and what brings their deliveries: all but the programs. */
export interface Site {
  start(kill?: Parameters<typeof startCrashProgram>[0]["kill"]): Promise<CrashProgram>;
  /** Waits until the program has registered its webhooks; then the people begin. */
  begin(program: CrashProgram): Promise<void>;
  /** Which of the programs get deliveries, the first one first. */
  route(programs: readonly CrashProgram[]): void;
  readonly refusals: () => number;
  /** The people fall silent, everything is handled, and the programs are told to stop. */
  drain(programs: readonly CrashProgram[]): Promise<void>;
  report(): Promise<CrashReport>;
  close(): Promise<void>;
}

export async function openSite(options: CrashOptions): Promise<Site> {
  const random = createRandom(options.seed + 1);
  const dir = await mkdtemp(join(tmpdir(), "bellhop-crash-"));
  const ledger = createLedger(join(dir, "ledger.ndjson"));
  const playground = await listenPlayground();
  const courier = await openCourier({ ledger, random, copies: options.copies });
  const people = await bringPeople({ playground, ledger, random, groupRooms: options.groupRooms ?? 5 });
  const programs = new Set<CrashProgram>();
  let isKept = false;

  const env = {
    PUBLIC_URL: courier.url,
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_WEBHOOK_SECRET: "known only to these processes",
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    DATA_DIR: dir,
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
  };

  return {
    async start(kill) {
      const program = await startCrashProgram({ ledger, env, kill });
      programs.add(program);
      return program;
    },
    async begin(program) {
      courier.programs = [program.url];
      await program.ready();
      people.begin();
    },
    route(to) {
      courier.programs = to.map(({ url }) => url);
    },
    refusals: courier.refusals,
    async drain(running) {
      await Promise.all(running.map((program) => program.ready()));
      await people.fallSilent();
      while (courier.underWay() > 0 || (await waiting(running)) > 0) await wait(50);
      await people.fallSilent(); // the last card's button
      while (courier.underWay() > 0 || (await waiting(running)) > 0) await wait(50);
      await Promise.all(running.map((program) => program.stop()));
    },
    async report() {
      const history = toHistory(ledger.entries());
      const violations = check(history);
      isKept = violations.length > 0;
      const reached = new Set([...history.processes.values()].flatMap((process) => [...process.reached]));
      return {
        violations,
        neverReached: FAULT_POINTS.filter((point) => !reached.has(point)),
        events: history.events.length,
        runs: history.events.reduce((sum, { runs }) => sum + runs.length, 0),
        posts: history.events.reduce((sum, { posts }) => sum + posts.length, 0),
        ledgerFile: ledger.file,
        text: toText(violations, options, ledger.file),
      };
    },
    async close() {
      for (const program of programs) program.kill();
      await courier.close();
      await playground.close();
      if (!isKept) await rm(dir, { recursive: true, force: true });
    },
  };
}

async function waiting(programs: readonly CrashProgram[]): Promise<number> {
  const [program] = programs;
  const metrics = await (await fetch(`${program?.url}/metrics`)).text();
  const found = /^bellhop_inbox_events\{state="waiting"\} (\d+)$/m.exec(metrics);
  if (found === null) throw new Error(`the program's metrics do not tell how much waits:\n${metrics}`);
  return Number(found[1]);
}

const MOST_SHOWN = 20;

function toText(violations: readonly Violation[], options: CrashOptions, ledgerFile: string): string {
  if (violations.length === 0) return "";
  const lines = violations
    .slice(0, MOST_SHOWN)
    .map(({ promise, of, what, kills }) => [`${promise}: ${of} ${what}`, ...kills].join("\n    "));
  const { seed, kills, inbox, copies = 1, points } = options;
  const only = points === undefined ? "" : ` --points ${points.join(",") || '""'}`;
  return [
    `${violations.length} promises were not kept:`,
    ...lines,
    `everything that happened: ${ledgerFile}`,
    `to try again: npm run crash -- --seed ${seed} --kills ${kills} --inbox ${inbox} --copies ${copies}${only}`,
  ].join("\n  ");
}
