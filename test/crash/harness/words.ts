/** What the bots write. People who give a number get it back; the others get the same words every time. */
export function words(number: string | undefined, step: string): string {
  return number === undefined || number === "" ? step : `${number} ${step}`;
}

/** Matches a question with this first word: `"three"`, `"three 12"`, and either with more lines behind it. */
export function asks(exercise: string): RegExp {
  return new RegExp(`^${exercise}(?: (\\d+))?(?=\\n|$)`);
}

/** The parts of the long answer. Each is as long as a message of Webex may be, so that each is a message. */
export const LONG_PARTS = ["alpha", "beta", "gamma"] as const;

/** A message of Webex has 7,439 bytes at most; a mention turns it into Markdown, where each of these is escaped. */
const LONGEST_QUESTION = 3_500;

/** Starts and ends of texts that make regular expressions with backtracking slow. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ["!", "x"],
  ["`", "x"],
  [" ", "x"],
  ["a@", ""],
  ["[", "]("],
  ["*_", "x"],
  ["<", ">"],
  ["\\", "\n"],
];

/** Lines that follow the first word of a question: as long as they may be, and slow to match. */
export function hostileLines(pick: <T>(from: readonly T[]) => T): string {
  const [repeated, end] = pick(HOSTILE);
  return `\n${repeated.repeat(LONGEST_QUESTION / repeated.length)}${end}`;
}
