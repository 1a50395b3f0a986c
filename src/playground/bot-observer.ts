import type { AttemptNote, IntakeNote, ProgramStep, Timeline } from "./timeline";

/** An event as the program looks at it. */
interface ToldAttempt {
  readonly notice: ToldNotice;
  readonly attempt: number;
}

interface ToldNotice {
  readonly key: string;
  readonly name: string;
  readonly platform: string;
  readonly account: string;
}

interface ToldSettlement {
  readonly kind: AttemptNote["outcome"];
  readonly reason?: string | undefined;
  readonly afterMs?: number | undefined;
  readonly error?: ToldFailure | undefined;
}

/** Why the attempt failed. */
interface ToldFailure extends ToldCause {
  /** The bot's own line: `/app/bots/pay.ts:12`. */
  readonly at?: string | undefined;
  readonly causes?: readonly ToldCause[] | undefined;
}

interface ToldCause {
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  readonly message: string;
  readonly stack?: string | undefined;
}

/** What the program says of its work, for the timeline; it fits what `createBellhop` takes as `observer`. */
export interface ProgramObserver {
  accepted(notice: ToldNotice, outcome: IntakeNote["outcome"]): void;
  settled(attempt: ToldAttempt, settlement: ToldSettlement, trace: readonly ProgramStep[]): void;
}

export function observeProgram(timeline: Timeline, now: () => number): ProgramObserver {
  const at = (): string => new Date(now()).toISOString();
  return {
    accepted: ({ key }, outcome) => timeline.add("intake", { at: at(), key, outcome }),
    settled({ notice, attempt }, { kind, reason, afterMs, error }, steps) {
      const [first, last] = [steps[0], steps.at(-1)];
      timeline.add("attempt", {
        at: at(),
        key: notice.key,
        event: notice.name,
        platform: notice.platform,
        account: notice.account,
        attempt,
        outcome: kind,
        ms: first === undefined || last === undefined ? 0 : last.at - first.at,
        reason: reason ?? (error && titleOf(error)),
        stack: error && stackOf(error),
        againInMs: afterMs,
        steps,
      });
    },
  };
}

/** `TypeError: x is not a function, at /app/bots/pay.ts:12` */
function titleOf({ name, code, message, at }: ToldFailure): string {
  const said = `${name ?? code ?? "error"}: ${message}`;
  return at === undefined ? said : `${said}, at ${at}`;
}

/** The stack with those of the causes below it; `undefined` if there is none. */
function stackOf({ stack, causes = [] }: ToldFailure): string | undefined {
  const below = causes.map((cause) => `caused by ${cause.stack ?? titleOf(cause)}`);
  const all = [...(stack === undefined ? [] : [stack]), ...below].join("\n");
  return all === "" ? undefined : all;
}
