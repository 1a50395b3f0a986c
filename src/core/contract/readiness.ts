import { BellhopError, describeError } from "./errors";
import type { Inbox } from "./inbox";
import type { Logger } from "./logger";

/** One thing that has to work. */
export interface ReadinessCheck {
  /** `start`, `inbox`, `worker` or `connections`. */
  readonly check: string;
  readonly isOk: boolean;
  /** Stable, in kebab-case; only of a check that failed. */
  readonly code?: string | undefined;
  /** A sentence for the operator; only of a check that failed. Never a token, a secret or what a person wrote. */
  readonly message?: string | undefined;
}

/** What `/readyz` answers. */
export interface ReadinessReport {
  readonly status: "ready" | "starting" | "not-ready";
  readonly checks: readonly ReadinessCheck[];
}

export interface ReadinessParts {
  readonly inbox: Pick<Inbox, "check">;
  readonly log: Logger;
  /** Whether the platforms have been opened and events are being handled. */
  readonly isStarted: () => boolean;
  /** Whether each connection of a platform's own is open. */
  readonly areConnectionsOpen: () => boolean;
  /** Why events are not handled. `undefined`: they are. */
  readonly workerProblem: () => string | undefined;
}

export interface ReadinessRules {
  /** Between two checks of the inbox, in milliseconds. @default 2_000 */
  readonly everyMs?: number | undefined;
  /** How long the inbox may take to answer a check, in milliseconds. @default 2_500 */
  readonly withinMs?: number | undefined;
}

/** Knows whether deliveries are stored and events handled. */
export interface Readiness {
  /** Checks the inbox, and goes on to do so. Resolves after the first check. */
  start(): Promise<void>;
  /** Costs nothing: the inbox is not asked. */
  report(): ReadinessReport;
  stop(): void;
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

/** Creates the checks; the inbox is not asked before `start()`. Each change of a check is logged once. */
export function createReadiness(parts: ReadinessParts, rules: ReadinessRules = {}): Readiness {
  const { everyMs = 2_000, withinMs = 2_500 } = rules;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<Problem | undefined> | undefined;
  let inboxProblem: Problem | undefined;
  let workerProblem: string | undefined;

  /** One at a time: a check that hangs is waited for, and not asked again. */
  function checkInbox(): Promise<Problem | undefined> {
    checking ??= parts.inbox
      .check()
      .then(() => undefined, toProblem)
      .finally(() => {
        checking = undefined;
      });
    return withinTime(checking, withinMs);
  }

  async function round(): Promise<void> {
    const found = await checkInbox();
    if (isStopped) return;
    noteInbox(found);
    noteWorker(parts.workerProblem());
    timer = setTimeout(round, everyMs).unref();
  }

  function noteInbox(found: Problem | undefined): void {
    const before = inboxProblem;
    inboxProblem = found;
    if (found !== undefined && before?.code !== found.code)
      parts.log.error("the inbox cannot store deliveries; they are answered 503", {
        code: found.code,
        error: found.message,
      });
    if (found === undefined && before !== undefined) parts.log.info("the inbox can store deliveries again");
  }

  function noteWorker(found: string | undefined): void {
    if (found !== undefined && workerProblem === undefined)
      parts.log.error("events are not handled", { reason: found });
    if (found === undefined && workerProblem !== undefined) parts.log.info("events are handled again");
    workerProblem = found;
  }

  return {
    start: round,
    report() {
      const isStarted = parts.isStarted();
      const checks: readonly ReadinessCheck[] = [
        check("start", isStarted ? undefined : STARTING),
        check("inbox", inboxProblem),
        check("worker", toWorkerProblem(parts.workerProblem())),
        check("connections", parts.areConnectionsOpen() ? undefined : NOT_CONNECTED),
      ];
      const isReady = checks.every(({ isOk }) => isOk);
      if (isReady) return { status: "ready", checks };
      return { status: isStarted ? "not-ready" : "starting", checks };
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

const STARTING: Problem = {
  code: "starting",
  message: "The program starts, or stops. Deliveries are stored, events are not handled yet.",
};
const NOT_CONNECTED: Problem = {
  code: "not-connected",
  message: "A platform that receives over its own connection is not connected. The log says why.",
};

function check(name: string, problem: Problem | undefined): ReadinessCheck {
  return problem === undefined ? { check: name, isOk: true } : { check: name, isOk: false, ...problem };
}

function toWorkerProblem(message: string | undefined): Problem | undefined {
  return message === undefined ? undefined : { code: "worker-stuck", message };
}

function toProblem(error: unknown): Problem {
  return {
    code: error instanceof BellhopError ? error.code : "inbox-failed",
    message: describeError(error),
  };
}

function withinTime(work: Promise<Problem | undefined>, ms: number): Promise<Problem | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () =>
        resolve({
          code: "inbox-no-answer",
          message: `The inbox did not answer within ${ms} ms. Look at its disk, or its database.`,
        }),
      ms,
    );
    void work.then((problem) => {
      clearTimeout(timer);
      resolve(problem);
    });
  });
}
