/**
 * What people ask of the bots, one number each, and what has to stand in the room afterwards. The bots of
 * `test/crash/bots` do it: "three 12" is answered with "12 one", "12 two" and "12 three".
 */
export interface Exercise {
  /** What is posted, in this order. */
  readonly posts: readonly string[];
  /** What is left of it at the end: edits and deletions done. */
  readonly leaves: readonly string[];
}

export const EXERCISES = {
  /** One answer. */
  number: { posts: ["counted"], leaves: ["counted"] },
  /** Three of them. */
  three: { posts: ["one", "two", "three"], leaves: ["one", "two", "three"] },
  /** An answer that takes a while. */
  slow: { posts: ["awoken"], leaves: ["awoken"] },
  /** An answer, a failure, and at the next attempt another answer. */
  stumble: { posts: ["before", "after"], leaves: ["before", "after"] },
  /** An answer that is edited. */
  edit: { posts: ["draft"], leaves: ["final"] },
  /** An answer that is deleted, and one that stays. */
  delete: { posts: ["passing", "stays"], leaves: ["stays"] },
  /** A card; pressing its button is the exercise `click`, which puts something in its place. */
  card: { posts: ["card"], leaves: [] },
  click: { posts: ["replaced"], leaves: ["replaced"] },
} as const satisfies Record<string, Exercise>;

export type ExerciseName = keyof typeof EXERCISES;
