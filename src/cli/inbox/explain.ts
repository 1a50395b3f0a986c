import type { AttemptRecord, EventRecord } from "../../core/contract/inbox";
import type { TraceStep } from "../../core/contract/trace";
import { failureLine, failureStack } from "../../core/handle/failures/failure-text";

/** The path of one event in words. The message of an error may quote what a person wrote. */
export function explain(event: EventRecord): string {
  const { notice } = event;
  const lines = [
    `event ${event.id}: ${event.state}`,
    `  key           ${event.key}`,
    ...(notice === undefined ? [] : [`  event         ${notice.name} in ${notice.conversation}`]),
    `  ${clock(event.receivedAt)}  received, verified and stored`,
    ...event.attemptsMade.flatMap(explainAttempt),
    ...explainEnd(event),
  ];
  const journal = Object.keys(event.journal);
  if (journal.length > 0)
    lines.push("  done so far, and not done again:", ...journal.map((place) => `    ${place}`));
  return lines.join("\n");
}

function explainAttempt({ attempt, trace }: AttemptRecord): string[] {
  const begun = trace[0]?.at ?? 0;
  return [
    `  ${clock(begun)}  attempt ${attempt}`,
    ...trace.map((step) => `    +${step.at - begun} ms`.padEnd(14) + explainStep(step)),
  ];
}

function explainStep(step: TraceStep): string {
  switch (step.step) {
    case "leased":
      return step.crashCount === 0
        ? "taken from the inbox"
        : `taken from the inbox; a process may have died in the middle of it ${step.crashCount} time(s)`;
    case "unwanted":
      return `not handled: ${step.reason}`;
    case "policy":
      return step.refusedBy === undefined
        ? `bot "${step.bot}": its policy lets it pass`
        : `bot "${step.bot}": its policy refuses, by ${step.refusedBy}`;
    case "fetched":
      return `the full content came after ${step.ms} ms`;
    case "button":
      return `the button that was clicked: ${step.verdict}`;
    case "matched":
      return step.handler === "default reply"
        ? `no handler matched; bot "${step.bot}" sent the default reply`
        : `bot "${step.bot}", ${step.handler}: ${step.verdict}`;
    case "call":
      return `bot "${step.bot}", ctx.${step.call}: ${OUTCOMES[step.outcome]} (${step.ms} ms)`;
    case "aside":
      return `set aside: its conversation continues, after it was held for ${step.heldMs} ms`;
    case "settled":
      return `settled: ${step.as}${step.reason === undefined ? "" : `, ${step.reason}`}`;
    default:
      return step satisfies never;
  }
}

const OUTCOMES = {
  sent: "sent",
  remembered: "an earlier attempt had done it; nothing was sent",
  found: "an earlier attempt had sent it, as the platform shows; nothing was sent",
  refused: "failed, nothing was done",
  unknown: "whether it was done is not known",
} as const;

function explainEnd(event: EventRecord): string[] {
  switch (event.state) {
    case "waiting": {
      const error = event.error === undefined ? [] : [`  failed last: ${failureLine(event.error)}`];
      const due = event.dueAt === undefined ? "its turn" : `its retry at ${clock(event.dueAt)}`;
      const aside =
        event.isAside === true ? ["  it is set aside: its conversation continues without it"] : [];
      const next = `  next: bellhop inbox retry ${event.id}, or bellhop inbox discard ${event.id} --reason "…"`;
      return [...error, ...stackLines(event), ...aside, `  waits for ${due}`, ...(event.dueAt ? [next] : [])];
    }
    case "handled":
      return event.attemptsMade.length === 0
        ? ["  handled; its path is no longer kept"]
        : [`  ${clock(event.settledAt)}  handled`];
    case "dropped":
      return [`  nothing answered, because: ${event.reason}`];
    case "dead":
      return [
        `  ${clock(event.settledAt)}  given up after ${event.attempts} attempt(s): ${event.error && failureLine(event.error)}`,
        ...stackLines(event),
        ...(event.holds === true ? ["  its conversation waits until it is replayed or discarded"] : []),
        `  next: bellhop inbox replay ${event.id}, or bellhop inbox discard ${event.id} --reason "…"`,
      ];
    case "discarded":
      return [`  discarded, because: ${event.reason}`];
    default:
      return event.state satisfies never;
  }
}

function stackLines({ error }: EventRecord): string[] {
  const stack = error === undefined ? "" : failureStack(error);
  return stack === "" ? [] : stack.split("\n").map((line) => `    ${line}`);
}

/** Local time, to the millisecond. */
function clock(at: number | undefined): string {
  if (at === undefined) return "            ";
  const date = new Date(at);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) => pad(value)).join(":");
  return `${time}.${pad(date.getMilliseconds(), 3)}`;
}
