import { FAULT_POINTS, type FaultPoint } from "../../../src/core/fault-points";
import type { Kill } from "./ledger";
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

/** Which kills there are: one at each of `points` first, then random moments and points, half and half. */
export function planKills(count: number, random: Random, points: readonly string[]): Kill[] {
  const once = [...points];
  return Array.from({ length: count }, (_, index): Kill => {
    const number = index + 1;
    if (number % LONG_LIFE_EVERY === 0) return { number, afterMs: LONG_LIFE_MS };
    const first = once.shift();
    const isTimed = first === undefined && (points.length === 0 || random.next() < 0.5);
    if (isTimed) return { number, afterMs: random.between(0, LONGEST_MS) };
    return { number, point: first ?? random.pick(points), nth: random.between(1, MOST_PASSES) };
  });
}

export function describeKill(kill: Kill): string {
  if ("point" in kill) return `kill ${kill.number}, the ${ordinal(kill.nth)} time at ${kill.point}`;
  return `kill ${kill.number}, ${kill.afterMs} ms after it was ready`;
}

function ordinal(number: number): string {
  const ending = { 1: "st", 2: "nd", 3: "rd" }[number] ?? "th"; // no plan goes up to 21
  return `${number}${ending}`;
}
