import type { ExerciseName } from "./exercises";

/** What makes a run harder than the kills alone. Each can be combined with each. */
export const CONDITIONS = [
  /** People write the same words, in threads too, and the bots answer with the same words, cards and files. */
  "equal-texts",
  /** POST /messages fails before and after the message is posted, with 5xx, resets and answers that are cut. */
  "post-faults",
  /** The same, and GET /messages answers 400, 405, 501 or HTML, or does not answer. */
  "look-up-faults",
  /** The program is stopped with SIGSTOP before it is killed, and goes on with SIGCONT. */
  "pauses",
  /** The platform's clock is minutes ahead or behind, and the machine's clock differs from life to life and jumps. */
  "wrong-clocks",
  /** Questions and answers are long, and questions are slow to match for expressions with backtracking. */
  "long-texts",
  /** Handlers block the event loop for a while. */
  "blocked-loop",
] as const;

export type Condition = (typeof CONDITIONS)[number];

/** How often each exercise is asked for, one in so many. */
const USUAL: readonly ExerciseName[] = [
  ...(["number", "number", "three", "three", "edit", "delete", "card", "card", "slow", "stumble"] as const),
];

const MORE: Readonly<Partial<Record<Condition, readonly ExerciseName[]>>> = {
  "equal-texts": ["twice", "twice", "file", "aside", "number"],
  "long-texts": ["long", "long"],
  "blocked-loop": ["block", "block"],
};

/** What people ask for under these conditions. */
export function wishesUnder(conditions: readonly Condition[]): readonly ExerciseName[] {
  return [...USUAL, ...conditions.flatMap((condition) => MORE[condition] ?? [])];
}

/** @throws Error with the names that there are */
export function readConditions(list: string): readonly Condition[] {
  return list
    .split(",")
    .filter(Boolean)
    .map((name) => {
      const found = CONDITIONS.find((condition) => condition === name);
      if (found === undefined)
        throw new Error(`--with names "${name}"; expected some of ${CONDITIONS.join(", ")}`);
      return found;
    });
}
