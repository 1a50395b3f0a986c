import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { check, type Violation } from "./checks";
import type { Condition } from "./conditions";
import { type Courier, openCourier } from "./courier";
import { startHealthProbe } from "./health";
import { toHistory } from "./history";
import { createLedger, type Entry } from "./ledger";
import { bringPeople } from "./people";
import { describeKill, planPlatformClock, pointsFor, type Replies } from "./plan";
import { openCrashPlayground } from "./playground";
import { type CrashProgram, type CrashProgramOptions, startCrashProgram } from "./program";
import { createRandom } from "./random";

/** What the programs work on and with. */
export interface SiteOptions {
  /** Of an empty PostgreSQL database. @default a file */
  readonly databaseUrl?: string | undefined;
  /** Chooses who says what, where and when. */
  readonly seed: number;
  /** For whoever reads the report: how to try this again. */
  readonly command: string;
  /** Each delivery is sent 1 to so many times. @default 1 */
  readonly copies?: number | undefined;
  /** @default "at-least-once" */
  readonly replies?: Replies | undefined;
  /** What makes it harder. @default nothing */
  readonly conditions?: readonly Condition[] | undefined;
  /**
   * Besides three direct ones. On a database a room whose lease died with a program rests until it is handed out again,
   * and others have to write meanwhile.
   * @default 5 on a file, 24 on a database
   */
  readonly groupRooms?: number | undefined;
}

export interface Report {
  readonly violations: readonly Violation[];
  /** Fault points that no program came by. */
  readonly neverReached: readonly string[];
  /** Kills that met nothing: their point was not reached in time. */
  readonly missed: readonly string[];
  /** How often a delivery was offered and no program took it. */
  readonly refusals: number;
  /** How much there was to go wrong. */
  readonly events: number;
  readonly runs: number;
  readonly posts: number;
  /** Runs of which the program's log said that they were settled: without them a check would look at nothing. */
  readonly settled: number;
  /** Everything that happened; kept when a promise was not. */
  readonly ledgerFile: string;
  /** For a person: each violation, and how to try again. Empty when every promise was kept. */
  readonly text: string;
}

/** A folder or database, a playground, people and what brings their deliveries: all but the programs. */
export interface Site {
  start(how?: Pick<CrashProgramOptions, "kill" | "pause" | "clock">): Promise<CrashProgram>;
  /** Waits until the program has registered its webhooks; then the people begin. */
  begin(program: CrashProgram): Promise<void>;
  /** Which of the programs get deliveries, the first one first. That one is asked for `/healthz` all the time. */
  route(programs: readonly CrashProgram[]): void;
  /** All that has happened so far. */
  entries(): readonly Entry[];
  /** The people fall silent, everything is handled, and the programs are told to stop. */
  drain(programs: readonly CrashProgram[]): Promise<void>;
  report(): Promise<Report>;
  close(): Promise<void>;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const { replies = "at-least-once", databaseUrl, conditions = [], seed } = options;
  const { groupRooms = databaseUrl === undefined ? 5 : 24 } = options;
  const random = createRandom(seed + 1);
  const dir = await mkdtemp(join(tmpdir(), "bellhop-crash-"));
  const ledger = createLedger(join(dir, "ledger.ndjson"));
  const aheadMs = planPlatformClock(random, conditions);
  const playground = await openCrashPlayground({ ledger, seed: seed + 2, conditions, aheadMs });
  const health = startHealthProbe(ledger.file);
  const courier = await openCourier({ ledger, random, copies: options.copies });
  const people = await bringPeople({ playground, ledger, random, groupRooms, conditions });
  const programs = new Set<CrashProgram>();
  let isKept = false;

  const env = {
    PUBLIC_URL: courier.url,
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_WEBHOOK_SECRET: "known only to these processes",
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    DATA_DIR: dir,
    REPLIES: replies,
    // An event that is set aside loses its order, as documented; here every order is checked.
    HOLD_MS: "3600000",
    // Catching up finds what the courier still holds, and has it handled in the order in which it was written; here the
    // order of the deliveries is checked.
    CATCH_UP: "off",
    CRASH_BLOCK_MS: String(BLOCK_MS),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };

  return {
    async start(how = {}) {
      const program = await startCrashProgram({ ledger, env, ...how });
      programs.add(program);
      return program;
    },
    async begin(program) {
      courier.programs = [program];
      await program.ready();
      people.begin();
    },
    route(to) {
      courier.programs = to;
      const [first] = to;
      if (first !== undefined) health.watch(first);
    },
    entries: () => ledger.entries(),
    async drain(running) {
      await Promise.all(running.map((program) => program.ready()));
      await people.fallSilent();
      await untilNothingWaits(courier, running);
      await people.fallSilent(); // the last card's button
      await untilNothingWaits(courier, running);
      await Promise.all(running.map((program) => program.stop()));
    },
    async report() {
      const history = toHistory(ledger.entries());
      const violations = check(history, {
        replies,
        notesPrecedeAdditions: databaseUrl === undefined,
        leasesLapse: databaseUrl !== undefined,
        areTextsEqual: conditions.includes("equal-texts"),
      });
      isKept = violations.length > 0;
      const reached = new Set([...history.processes.values()].flatMap((process) => [...process.reached]));
      return {
        violations,
        neverReached: pointsFor(replies).filter((point) => !reached.has(point)),
        missed: [...history.processes.values()].flatMap(({ death }) =>
          death?.kind === "killed" && !death.wasInTime ? [describeKill(death.by)] : [],
        ),
        events: history.events.length,
        runs: history.events.reduce((sum, { runs }) => sum + runs.length, 0),
        settled: history.events.reduce(
          (sum, { runs }) => sum + runs.filter((run) => run.settledAt !== undefined).length,
          0,
        ),
        refusals: courier.refusals(),
        posts: history.events.reduce((sum, { posts }) => sum + posts.length, 0),
        ledgerFile: ledger.file,
        text: toText(violations, options, ledger.file),
      };
    },
    async close() {
      health.close();
      await Promise.all([...programs].map((program) => program.discard()));
      await courier.close();
      await playground.close();
      if (!isKept) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** How long the handler of the exercise `block` keeps the event loop. */
const BLOCK_MS = 300;

const LOOK_MS = 50;
/** Longer than a database keeps the lease of a program that died, and than the waits between two attempts. */
const STALLED_MS = 60_000;

/** Also ends when nothing gets less any more: what is left over then is found by the checks. */
async function untilNothingWaits(courier: Courier, programs: readonly CrashProgram[]): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let stalledMs = 0; stalledMs < STALLED_MS; stalledMs += LOOK_MS) {
    const open = courier.underWay() + (await waiting(programs));
    if (open === 0) return;
    if (open < least) stalledMs = 0;
    least = Math.min(least, open);
    await wait(LOOK_MS);
  }
}

async function waiting(programs: readonly CrashProgram[]): Promise<number> {
  const [program] = programs;
  const metrics = await (await fetch(`${program?.url}/metrics`)).text();
  const found = /^bellhop_inbox_events\{state="waiting"\} (\d+)$/m.exec(metrics);
  if (found === null) throw new Error(`the program's metrics do not tell how much waits:\n${metrics}`);
  return Number(found[1]);
}

const MOST_SHOWN = 20;

function toText(violations: readonly Violation[], options: SiteOptions, ledgerFile: string): string {
  if (violations.length === 0) return "";
  const lines = violations
    .slice(0, MOST_SHOWN)
    .map(({ promise, of, what, runs }) => [`${promise}: ${of} ${what}`, ...runs].join("\n    "));
  return [
    `${violations.length} promises were not kept:`,
    ...lines,
    ...(violations.length > MOST_SHOWN ? [`and ${violations.length - MOST_SHOWN} more`] : []),
    `everything that happened: ${ledgerFile}`,
    `to try again: ${options.command}`,
  ].join("\n  ");
}
