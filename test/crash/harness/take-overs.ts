import { setTimeout as wait } from "node:timers/promises";
import type { Entry, Moment } from "./ledger";
import { describeMoment, planMoment, pointsFor } from "./plan";
import type { CrashProgram } from "./program";
import { createRandom, type Random } from "./random";
import { openSite, type Report, type Site, type SiteOptions } from "./site";

/** What is to be tried. The same options make the same plan. */
export interface TakeOverOptions extends Omit<SiteOptions, "command"> {
  readonly pauses: number;
  /** Fault points to be stopped at; others are at random. @default all that there are */
  readonly points?: readonly string[] | undefined;
  /** Is told of each pause. */
  readonly onPause?: ((description: string) => void) | undefined;
}

/** A database hands out what a silent process had taken 10 to 25 s later. */
const LAPSES_MS = 30_000;
const LOOK_MS = 200;
const LONGEST_BESIDE_MS = 1_500;

/**
 * Stops a program with SIGSTOP in the middle of its work while another one is there, and lets it continue. On a database
 * the other one has taken its events over by then. On a file it waits until the first one is told to end.
 */
export async function takeOverRun(options: TakeOverOptions): Promise<Report> {
  const random = createRandom(options.seed);
  const points = options.points ?? pointsFor(options.replies ?? "at-least-once");
  const moments = Array.from({ length: options.pauses }, () => planMoment(random, points));
  const site = await openSite({ ...options, command: commandFor(options) });
  try {
    const first = await site.start();
    await site.begin(first);
    const last = await (options.databaseUrl === undefined ? waitBeside : takeOver)(
      { site, random, first, onPause: options.onPause },
      moments,
    );
    await site.drain([last]);
    return await site.report();
  } finally {
    await site.close();
  }
}

interface Scene {
  readonly site: Site;
  readonly random: Random;
  readonly first: CrashProgram;
  readonly onPause: TakeOverOptions["onPause"];
}

/** The first program works all the time, and each of the others is stopped beside it. */
async function takeOver(scene: Scene, moments: readonly Moment[]): Promise<CrashProgram> {
  const { site, random, first } = scene;
  for (const moment of moments) {
    scene.onPause?.(`stopped ${describeMoment(moment)}`);
    const program = await site.start({ pause: moment });
    site.route([program, first]);
    await program.paused();
    site.route([first]);
    await untilTakenOver(site, program.pid, moment);
    program.resume();
    await wait(random.between(0, LONGEST_BESIDE_MS));
    await program.stop();
  }
  return first;
}

/** Each program is stopped while the next one waits for the file. */
async function waitBeside(scene: Scene, moments: readonly Moment[]): Promise<CrashProgram> {
  const { site, random } = scene;
  let current = scene.first;
  for (const moment of moments) {
    scene.onPause?.(`stopped ${describeMoment(moment)}`);
    const next = await site.start({ pause: moment });
    await next.listens();
    await current.stop();
    site.route([next]);
    await next.paused();
    const after = await site.start();
    await Promise.race([after.listens(), wait(LONGEST_BESIDE_MS)]);
    await wait(random.between(0, LONGEST_BESIDE_MS));
    next.resume();
    await wait(random.between(0, LONGEST_BESIDE_MS));
    await next.stop();
    await after.ready();
    site.route([after]);
    current = after;
  }
  return current;
}

/** Waits until another process has begun what this one had in hand; where it had nothing, only a moment. */
async function untilTakenOver(site: Site, pid: number, moment: Moment): Promise<void> {
  const inHand = runsOpenIn(site.entries(), pid);
  const isReceiving = "point" in moment && /^(receive|inbox)\./.test(moment.point);
  if (inHand.size === 0 && isReceiving) return wait(LONGEST_BESIDE_MS);
  for (let waitedMs = 0; waitedMs < LAPSES_MS; waitedMs += LOOK_MS) {
    const isTaken = site
      .entries()
      .some((entry) => entry.is === "begun" && entry.pid !== pid && inHand.has(entry.id));
    if (isTaken) return;
    await wait(LOOK_MS);
  }
}

/** Of which events the runs that a process has begun have not ended. */
function runsOpenIn(entries: readonly Entry[], pid: number): Set<string> {
  const open = new Map<string, string>();
  for (const entry of entries) {
    if (entry.is === "begun" && entry.pid === pid) open.set(entry.run, entry.id);
    else if (entry.is === "ended" || entry.is === "failed") open.delete(entry.run);
  }
  return new Set(open.values());
}

function commandFor({ seed, pauses, databaseUrl, conditions = [], points }: TakeOverOptions): string {
  const flags = [
    `--take-overs ${pauses} --seed ${seed}`,
    databaseUrl === undefined ? "" : "--inbox postgres",
    conditions.length === 0 ? "" : `--with ${conditions.join(",")}`,
    points === undefined ? "" : `--points "${points.join(",")}"`,
  ];
  return `npm run crash -- ${flags.filter(Boolean).join(" ")}`;
}
