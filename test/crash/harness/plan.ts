import { FAULT_POINTS, type FaultPoint } from "../../../src/core/util/failpoints";
import type { Condition } from "./conditions";
import type { Clock, Kill, Moment, Pause } from "./ledger";
import type { Random } from "./random";

/** What a program's replies are set to: `REPLIES` in its environment. */
export type Replies = "at-least-once" | "at-most-once";

/** Only where a reply is sent at most once, it is noted before it is sent. */
export function pointsFor(replies: Replies): readonly FaultPoint[] {
  return FAULT_POINTS.filter((point) => replies === "at-most-once" || point !== "journal.unknown-noted");
}

/** Points that everything passes are waited for some times, so that the kill meets work in hand. */
const MOST_PASSES = 12;
const LONGEST_MS = 700;
/**
 * An event that a dozen deaths in a row interrupt is put aside as the likely cause of them. So one life in so many is
 * long enough for what has been interrupted to come to its end.
 */
const LONG_LIFE_EVERY = 8;
const LONG_LIFE_MS = 2_000;
/** Shorter and longer than calls and handlers take. */
const LONGEST_PAUSE_MS = 1_500;
/** More than the two minutes by which an answer is looked for before the time of its question. */
const MOST_AHEAD_MS = 10 * 60_000;

/** What a plan depends on. */
export interface PlanOptions {
  readonly count: number;
  readonly random: Random;
  readonly points: readonly string[];
  readonly conditions?: readonly Condition[] | undefined;
}

/** Which kills there are: one at each of `points` first, then random moments and points, half and half. */
export function planKills({ count, random, points, conditions = [] }: PlanOptions): Kill[] {
  const once = [...points];
  return Array.from({ length: count }, (_, index): Kill => {
    const number = index + 1;
    const more = {
      ...(conditions.includes("pauses") ? { pause: planPause(random, points) } : {}),
      ...(conditions.includes("wrong-clocks") ? { clock: planClock(random) } : {}),
    };
    if (number % LONG_LIFE_EVERY === 0) return { number, afterMs: LONG_LIFE_MS, ...more };
    const first = once.shift();
    const isTimed = first === undefined && (points.length === 0 || random.next() < 0.5);
    if (isTimed) return { number, afterMs: random.between(0, LONGEST_MS), ...more };
    return { number, point: first ?? random.pick(points), nth: random.between(1, MOST_PASSES), ...more };
  });
}

/** At random, or at a point, half and half. */
export function planMoment(random: Random, points: readonly string[]): Moment {
  if (points.length === 0 || random.next() < 0.5) return { afterMs: random.between(0, LONGEST_MS) };
  return { point: random.pick(points), nth: random.between(1, MOST_PASSES) };
}

function planPause(random: Random, points: readonly string[]): Pause {
  return { ...planMoment(random, points), forMs: random.between(1, LONGEST_PAUSE_MS) };
}

function planClock(random: Random): Clock {
  return {
    aheadMs: random.between(-MOST_AHEAD_MS, MOST_AHEAD_MS),
    jumpMs: random.between(-MOST_AHEAD_MS, MOST_AHEAD_MS),
    jumpAfterMs: random.between(0, 2 * LONGEST_MS),
  };
}

/** By how much the platform's clock is ahead of the machine's. */
export function planPlatformClock(random: Random, conditions: readonly Condition[]): number {
  return conditions.includes("wrong-clocks") ? random.between(-MOST_AHEAD_MS, MOST_AHEAD_MS) : 0;
}

export function describeKill(kill: Kill): string {
  const { number, pause, clock } = kill;
  const parts = [
    `kill ${number}, ${describeMoment(kill)}`,
    pause === undefined ? "" : `stopped for ${pause.forMs} ms ${describeMoment(pause)}`,
    clock === undefined
      ? ""
      : `clock ${clock.aheadMs} ms ahead, from ${clock.jumpAfterMs} ms on by ${clock.jumpMs} ms more`,
  ];
  return parts.filter(Boolean).join(", ");
}

export function describeMoment(moment: Moment): string {
  if ("point" in moment) return `the ${ordinal(moment.nth)} time at ${moment.point}`;
  return `${moment.afterMs} ms after it was ready`;
}

function ordinal(number: number): string {
  const ending = { 1: "st", 2: "nd", 3: "rd" }[number] ?? "th"; // no plan goes up to 21
  return `${number}${ending}`;
}
