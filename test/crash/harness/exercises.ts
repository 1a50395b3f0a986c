import { LONG_PARTS } from "./words";

/**
 * What people ask of the bots, and what has to stand in the room afterwards. The bots of `test/crash/bots` do it:
 * "three" is answered with "one", "two" and "three", and "three 12" with "12 one", "12 two" and "12 three".
 */
export interface Exercise {
  /** The steps that post something, in this order. */
  readonly posts: readonly string[];
  /** What is left of it at the end: edits and deletions done. */
  readonly leaves: readonly string[];
  /** Steps that post into a direct room, wherever the question was asked. */
  readonly privately?: readonly string[];
  /** The answers stand in the room, also when the question stands in a thread. */
  readonly inNoThread?: true;
}

export const EXERCISES = {
  /** One answer. */
  number: { posts: ["counted"], leaves: ["counted"], inNoThread: true },
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
  /** Two answers with the same words. */
  twice: { posts: ["first time", "second time"], leaves: ["first time", "second time"] },
  /** The same file every time. */
  file: { posts: ["file"], leaves: ["file"] },
  /** Answers to the person alone, to another person and to the room. */
  aside: {
    posts: ["private", "colleague", "public"],
    leaves: ["private", "colleague", "public"],
    privately: ["private", "colleague"],
  },
  /** An answer that is too long for one message. */
  long: { posts: LONG_PARTS, leaves: LONG_PARTS },
  /** An answer before which the handler blocks the event loop. */
  block: { posts: ["unblocked"], leaves: ["unblocked"] },
} as const satisfies Record<string, Exercise>;

export type ExerciseName = keyof typeof EXERCISES;

/** The table with what an exercise may have and most have not. */
export function exerciseOf(name: ExerciseName): Exercise {
  return EXERCISES[name];
}
