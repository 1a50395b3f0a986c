import type { Reply } from "./reply";
import { explain, type Outcome, type Turn, verdicts } from "./turn";

/** A text to the letter, or a part of one. */
export type Text = string | RegExp;

/** What a card is expected to be: a text on it, several, or a part of its content. */
export type ExpectedCard = Text | readonly Text[] | { readonly [property: string]: unknown };

/** What a matcher answers, to jest and to vitest. */
interface Verdict {
  readonly pass: boolean;
  message(): string;
}

/** What both give a matcher besides the values. */
interface MatcherContext {
  equals(a: unknown, b: unknown, customTesters?: unknown[]): boolean;
  readonly utils: {
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
  };
}

type Subject = Turn | Promise<Turn>;

/** For `expect.extend`; `bellhop/testing/jest` and `bellhop/testing/vitest` do it, with the types. */
export const matchers = {
  /** Somebody got an answer: any; or one that has this text, without markup. */
  async toHaveReplied(this: MatcherContext, received: Subject, expected?: Text): Promise<Verdict> {
    const { turn, replies } = await answered("toHaveReplied", received);
    const pass = replies.some(({ text }) => expected === undefined || isText(text, expected));
    const wanted = expected === undefined ? "anything" : this.utils.printExpected(expected);
    return verdict(pass, `${negated(pass)}a reply with ${wanted}`, replies, turn, ({ text }) =>
      this.utils.printReceived(text),
    );
  },

  /** Somebody got a card: any; one on which all these texts are; or one whose content has this in it. */
  async toHaveSentCard(this: MatcherContext, received: Subject, expected?: ExpectedCard): Promise<Verdict> {
    const { turn, replies } = await answered("toHaveSentCard", received);
    const pass = replies.some((reply) => reply.card !== undefined && isCard(this, reply, expected));
    const wanted = expected === undefined ? "" : ` with ${this.utils.printExpected(expected)}`;
    return verdict(pass, `${negated(pass)}a card${wanted}`, replies, turn, ({ card, cardTexts, text }) =>
      card === undefined
        ? `no card, but ${this.utils.printReceived(text)}`
        : `a card with ${this.utils.printReceived(cardTexts)}`,
    );
  },

  /**
   * A handler or a built-in reply has answered: `command "hello"`, `default reply`. A part of a name is a regular expression.
   */
  async toHaveBeenAnsweredBy(this: MatcherContext, received: Subject, expected: Text): Promise<Verdict> {
    const { turn, replies } = await answered("toHaveBeenAnsweredBy", received);
    const outcome = await turn.ended();
    const names = outcome.kind === "handled" ? outcome.by.map(({ handler }) => handler) : [];
    const pass = names.some((name) => isText(name, expected));
    const by = names.length === 0 ? "" : `\nIt was answered by ${names.join(", ")}.`;
    const wanted = `an answer by ${this.utils.printExpected(expected)}${by}`;
    return verdict(pass, `${negated(pass)}${wanted}`, replies, turn, ({ text }) =>
      this.utils.printReceived(text),
    );
  },
};

async function answered(
  matcher: string,
  received: Subject,
): Promise<{ readonly turn: Turn; readonly replies: readonly Reply[] }> {
  const turn = await received;
  if (typeof turn !== "object" || turn === null || typeof turn.replies !== "function")
    throw new TypeError(
      `expect(…).${matcher}() takes what somebody did, as \`person.say("hello")\` gives it, and was given something else`,
    );
  return { turn, replies: await turn.replies() };
}

function isText(text: string, expected: Text): boolean {
  return typeof expected === "string"
    ? text === expected
    : new RegExp(expected, withoutState(expected)).test(text);
}

/** A sticky or global expression remembers where it was. */
function withoutState({ flags }: RegExp): string {
  return flags.replace(/[gy]/g, "");
}

function isCard(
  context: MatcherContext,
  { card, cardTexts }: Reply,
  expected: ExpectedCard | undefined,
): boolean {
  if (expected === undefined) return true;
  if (typeof expected === "string" || expected instanceof RegExp)
    return cardTexts.some((text) => isText(text, expected));
  if (isTexts(expected)) return expected.every((one) => cardTexts.some((text) => isText(text, one)));
  return isPart(context, card, expected);
}

function isTexts(expected: Exclude<ExpectedCard, Text>): expected is readonly Text[] {
  return Array.isArray(expected);
}

/** Whether everything expected is there: of an object its properties, of a list its beginning. */
function isPart(context: MatcherContext, actual: unknown, expected: unknown): boolean {
  if (isPlain(expected) && isPlain(actual))
    return Object.entries(expected).every(([name, value]) => isPart(context, actual[name], value));
  if (Array.isArray(expected) && Array.isArray(actual))
    return (
      actual.length === expected.length && expected.every((one, index) => isPart(context, actual[index], one))
    );
  return context.equals(actual, expected);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function negated(pass: boolean): string {
  return pass ? "no such thing as " : "";
}

async function verdict(
  pass: boolean,
  wanted: string,
  replies: readonly Reply[],
  turn: Turn,
  shown: (reply: Reply) => string,
): Promise<Verdict> {
  const outcome = await turn.ended();
  const got =
    replies.length === 0
      ? `The bot wrote nothing: ${explain(outcome)}`
      : ["The bot wrote:", ...replies.map((reply, index) => `  ${index + 1}. ${shown(reply)}`)].join("\n");
  const why = replies.length === 0 ? "" : whyItWasWritten(outcome);
  return { pass, message: () => `Expected ${wanted}.\n${got}${why}` };
}

/** An apology and the default reply do not say to the person why they were written; the developer needs to know. */
function whyItWasWritten(outcome: Outcome): string {
  if (outcome.kind === "dead") return `\nThe event was ${explain(outcome)}`;
  const isDefault =
    outcome.kind === "handled" && outcome.by.some(({ handler }) => handler === "default reply");
  return isDefault ? `\n${["No handler matched:", ...verdicts(outcome.trace)].join("\n  ")}` : "";
}

/** What is added to `expect`. */
export interface BellhopMatchers<R> {
  /**
   * Somebody got an answer; to be awaited.
   * @param text what it says, without markup: all of it, or what an expression finds. @default anything
   */
  toHaveReplied(text?: Text): R;
  /**
   * Somebody got a card; to be awaited.
   * @param card texts that are on it, or a part of its content. @default any
   */
  toHaveSentCard(card?: ExpectedCard): R;
  /**
   * A handler, or a built-in reply, has answered; to be awaited.
   * @param handler its name in the trace, for example `command "hello"`; of built-in replies `usage`, `help`, `question` or
   * `default reply`
   */
  toHaveBeenAnsweredBy(handler: Text): R;
}
