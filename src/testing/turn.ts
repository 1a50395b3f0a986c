import type { AttemptFailure } from "../core/contract/inbox";
import type { TraceStep } from "../core/contract/trace";
import { failureLine, failureStack } from "../core/handle/failures/failure-text";
import type { Progress, SeenAttempt } from "./progress";
import type { Reply } from "./reply";
import type { SentLog } from "./sent-log";

/** A handler, or a built-in reply, that has answered. */
export interface Answerer {
  readonly bot: string;
  /** `command "hello"`, as in the trace; of built-in replies `usage`, `help`, `question` or `default reply`. */
  readonly handler: string;
}

/** How the bots were done with what somebody did. */
export type Outcome =
  /** A handler has answered, or has done something else. */
  | {
      readonly kind: "handled";
      /** Which handlers have answered, or which built-in reply: see {@link Answerer}. */
      readonly by: readonly Answerer[];
      readonly attempts: number;
      readonly trace: readonly TraceStep[];
    }
  /** Nothing was to be done: no handler matched and the bot stays silent, the policy refused, and others. */
  | { readonly kind: "dropped"; readonly reason: string; readonly trace: readonly TraceStep[] }
  /** Given up, with the error of the last attempt. */
  | {
      readonly kind: "dead";
      readonly reason: string;
      /** The whole error: class, message, the bot's own line, stack and causes. */
      readonly failure: AttemptFailure;
      readonly attempts: number;
      readonly trace: readonly TraceStep[];
    }
  /** No bot was told: none is in the room, it was not mentioned, it has no webhook for it, and others. */
  | { readonly kind: "unheard"; readonly reason: string }
  /** The bots run in another process, and have written nothing for a while. */
  | { readonly kind: "quiet" };

/** Something that somebody did, and what came of it. */
export interface Turn {
  /** Id of the message, the click or the membership. */
  readonly id: string;
  readonly roomId: string;
  /** Waits until the bots are done with it. @throws Error when that takes too long, saying what happened instead */
  ended(): Promise<Outcome>;
  /** Everything that bots wrote in answer to it, oldest first, once they are done. @throws as {@link Turn.ended} */
  replies(): Promise<readonly Reply[]>;
  /** The first of them. @throws Error when there is none, saying why */
  reply(): Promise<Reply>;
}

/** What somebody did. */
export interface Acted {
  readonly id: string;
  readonly roomId: string;
  /** Whether an event is about it, by its name and its key. */
  isAbout(event: string, key: string): boolean;
  /** Why no bot is told of it. */
  readonly unheard: string | undefined;
}

export interface TurnParts {
  readonly sent: SentLog;
  readonly progress: Progress;
  /** Whether bots run in this process, so that it is known when they are done. */
  areBotsHere(): boolean;
  /** How long bots may take, in milliseconds. */
  readonly timeoutMs: number;
  /** After how long a bot in another process is taken to be done, in milliseconds without a word from it. */
  readonly quietMs: number;
  /** What went over the wire lately, for an error. */
  lately(): string;
}

/** Lets somebody act, and follows what comes of it. */
export async function takeTurn(parts: TurnParts, act: () => Acted | Promise<Acted>): Promise<Turn> {
  const { sent, progress } = parts;
  const sentBefore = sent.position;
  const seenBefore = progress.position;
  const { id, roomId, isAbout, unheard } = await act();

  const attempts = (): SeenAttempt[] =>
    progress.since(seenBefore).filter(({ event, key }) => isAbout(event, key));

  async function ended(): Promise<Outcome> {
    if (unheard !== undefined) return { kind: "unheard", reason: unheard };
    if (!parts.areBotsHere()) return quiet();
    return progress.bell.until(
      () => outcomeOf(attempts()),
      parts.timeoutMs,
      () => new Error(`the bots were not done in ${parts.timeoutMs} ms. Lately:\n${parts.lately()}`),
    );
  }

  async function quiet(): Promise<Outcome> {
    for (let heard: number | undefined = sent.position; heard !== undefined; ) {
      const before: number = heard;
      heard = await sent.bell
        .until(
          () => (sent.position > before ? sent.position : undefined),
          parts.quietMs,
          () => new Error(),
        )
        .catch(() => undefined);
    }
    return { kind: "quiet" };
  }

  async function replies(): Promise<readonly Reply[]> {
    const { kind } = await ended();
    if (kind === "quiet")
      return sent.between(sentBefore, sent.position).filter((reply) => reply.roomId === roomId);
    const own = attempts();
    const named = own.flatMap(({ trace }) =>
      trace.flatMap((step) => (step.step === "call" && step.message !== undefined ? [step.message] : [])),
    );
    // What a handler sent past its context, and what it edited, has no name in the trace.
    const besides = own
      .flatMap(({ from, to }) => sent.between(from, to))
      .filter((reply) => reply.roomId === roomId)
      .map((reply) => reply.id);
    const ids = new Set([...named, ...besides]);
    return sent.between(sentBefore, sent.position).filter(({ id }) => ids.has(id));
  }

  return {
    id,
    roomId,
    ended,
    replies,
    async reply() {
      const [first] = await replies();
      if (first === undefined) throw new Error(`no bot wrote anything: ${explain(await ended())}`);
      return first;
    },
  };
}

function outcomeOf(attempts: readonly SeenAttempt[]): Outcome | undefined {
  const last = attempts.at(-1);
  if (last === undefined) return undefined;
  const { settlement, trace, attempt } = last;
  switch (settlement.kind) {
    case "handled":
      return { kind: "handled", by: answerers(trace), attempts: attempt, trace };
    case "dropped":
      return { kind: "dropped", reason: settlement.reason, trace };
    case "dead":
      return {
        kind: "dead",
        reason: `${settlement.error.code}: ${settlement.error.message}`,
        failure: settlement.error,
        attempts: attempt,
        trace,
      };
    case "retry":
    case "released":
      return undefined;
    default:
      return settlement satisfies never;
  }
}

function answerers(trace: readonly TraceStep[]): Answerer[] {
  return trace.flatMap((step) =>
    step.step === "matched" && step.verdict === "answered" ? [{ bot: step.bot, handler: step.handler }] : [],
  );
}

/** Why an outcome is what it is, in words. */
export function explain(outcome: Outcome): string {
  switch (outcome.kind) {
    case "handled":
      return "a handler has run, and wrote nothing";
    case "dropped":
      return [`nothing was to be done: ${outcome.reason}`, ...verdicts(outcome.trace)].join("\n  ");
    case "dead":
      return `given up after attempt ${outcome.attempts}, which failed with ${failureWords(outcome.failure)}`;
    case "unheard":
      return `no bot was told: ${outcome.reason}`;
    case "quiet":
      return "the bots run in another process, and were quiet";
    default:
      return outcome satisfies never;
  }
}

/** The error in one line, and its stack below. */
function failureWords(failure: AttemptFailure): string {
  return [failureLine(failure), failureStack(failure)].filter((part) => part !== "").join("\n");
}

/** Each handler with its verdict. */
export function verdicts(trace: readonly TraceStep[]): string[] {
  return trace.flatMap((step) =>
    step.step === "matched" ? [`${step.bot}: ${step.handler}: ${step.verdict}`] : [],
  );
}
