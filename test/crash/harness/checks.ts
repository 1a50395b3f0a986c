import { checkAnswers, mayBeDead, type Rules } from "./check-answers";
import { type EventHistory, type History, type Run, wasPaused } from "./history";
import { describeKill } from "./plan";

/** A promise that was not kept, with what led to it. */
export interface Violation {
  readonly promise: "kept" | "once" | "answered" | "in order" | "stopped" | "responsive";
  /** `"three 12"`; of a program, its process id; of a message without a question, what it says. */
  readonly of: string;
  /** What happened instead, in a sentence. */
  readonly what: string;
  /** A line a run: what the platform had confirmed to it, and how it and its process ended. */
  readonly runs: readonly string[];
}

/** Everything that is promised, held against what happened. To be called once nothing is under way any more. */
export function check(history: History, rules: Rules): Violation[] {
  const refused = history.events.filter((event) => mayBeRefused(history, event));
  const strays = [...history.strays];
  for (const _ of refused) {
    const refusal = strays.findIndex((text) => text.startsWith(REFUSAL));
    if (refusal !== -1) strays.splice(refusal, 1);
  }
  // An event whose outcome nothing tells is a dead letter, and its person gets one apology.
  for (const _ of history.events.filter((event) => mayBeDead(history, rules, event))) {
    const apology = strays.findIndex((text) => text.startsWith(APOLOGY));
    if (apology !== -1) strays.splice(apology, 1);
  }
  const events = history.events.filter((event) => !refused.includes(event));
  return [
    ...events.flatMap((event) => [
      ...checkKept(history, rules, event).map((what) => violation(history, "kept", event, what)),
      ...checkOnce(history, rules, event).map((what) => violation(history, "once", event, what)),
      ...checkAnswers(history, rules, event).map((what) => violation(history, "answered", event, what)),
    ]),
    ...[...byLane(history).values()].flatMap((events) => checkOrder(history, rules, events)),
    ...checkStops(history),
    ...checkHealth(history),
    ...strays.map((text) =>
      ofNoEvent("answered", JSON.stringify(text.slice(0, 80)), "was posted, and no handler had asked for it"),
    ),
  ];
}

/** What a person reads whose event failed for good. */
const APOLOGY = "Something went wrong while handling";

/** What the bot writes to a person who presses a button of a card that it does not know. */
const REFUSAL = "That button cannot be used here";

/** A click on one of two copies of a card, in a group room: the bot knows one of them, and refuses the other one. */
function mayBeRefused({ events }: History, { exercise, room, runs, label }: EventHistory): boolean {
  if (exercise !== "click" || room.kind !== "group" || runs.length > 0) return false;
  const card = events.find((event) => event.label === label.replace("click", "card"));
  return card !== undefined && card.posts.length > 1;
}

/** A delivery that was answered 2xx is handled. */
function checkKept(history: History, rules: Rules, event: EventHistory): string[] {
  const { acceptedAt, runs } = event;
  // The courier goes on until it is accepted.
  if (acceptedAt === undefined) return ["was never answered 2xx"];
  return runs.some(isDone) || mayBeDead(history, rules, event)
    ? []
    : [`was answered 2xx, and none of its ${runs.length} runs came to its end`];
}

/** What was settled is not handled again; what a process finished and could not settle any more may be. */
function checkOnce(history: History, rules: Rules, { runs, posts }: EventHistory): string[] {
  return runs.slice(1).flatMap((run, index) => {
    const before = runs[index];
    if (before === undefined) return [];
    const { death, diedAt = Number.POSITIVE_INFINITY } = history.processes.get(before.pid) ?? {};
    if (mayHaveLapsed(history, rules, before, run.begunAt)) return [];
    if (isLate(history, rules, run) && !posts.some((post) => post.run === run.name)) return [];
    const wasSettled = before.settledAt !== undefined && before.settledAt < run.begunAt;
    if (wasSettled && !before.failed) return ["was handled again after it was settled"];
    if (run.begunAt < (before.endedAt ?? diedAt)) return ["was handled twice at the same time"];
    if (before.failed) return [];
    const couldSettle = run.pid === before.pid || death?.kind !== "killed" || run.begunAt < diedAt;
    return couldSettle ? ["was handled again although nothing had failed"] : [];
  });
}

/** In one lane one thing is handled at a time, each to its end, in the order in which it was accepted. */
function checkOrder(history: History, rules: Rules, events: readonly EventHistory[]): Violation[] {
  const violations: Violation[] = [];
  const runs = events
    .flatMap((event) => event.runs.map((run) => ({ event, run })))
    .sort((a, b) => a.run.begunAt - b.run.begunAt);
  const closed = new Set<EventHistory>();
  for (const [index, { event, run }] of runs.entries()) {
    const before = runs[index - 1];
    if (before === undefined || before.event === event) continue;
    closed.add(before.event);
    const { diedAt = Number.POSITIVE_INFINITY } = history.processes.get(before.run.pid) ?? {};
    if (closed.has(event))
      violations.push(violation(history, "in order", event, `was handled again after ${before.event.label}`));
    else if (
      run.begunAt < (before.run.endedAt ?? diedAt) &&
      !mayHaveLapsed(history, rules, before.run, run.begunAt)
    )
      violations.push(
        violation(history, "in order", event, `was begun while ${before.event.label} was being handled`),
      );
  }

  const handled = [...new Set(runs.map(({ event }) => event))];
  let earliest: EventHistory | undefined;
  for (const event of handled.reverse()) {
    if (
      earliest?.acceptedAt !== undefined &&
      event.sentAt !== undefined &&
      earliest.acceptedAt < event.sentAt
    ) {
      const what = `was handled before ${earliest.label}, which had been accepted before this was sent`;
      violations.push(violation(history, "in order", event, what));
    }
    if (
      event.acceptedAt !== undefined &&
      event.acceptedAt < (earliest?.acceptedAt ?? Number.POSITIVE_INFINITY)
    )
      earliest = event;
  }
  return violations;
}

/** Who is told to stop ends by itself, with nothing half done. */
function checkStops(history: History): Violation[] {
  return [...history.processes.values()].flatMap((process): Violation[] => {
    const { pid, death } = process;
    if (death?.kind !== "stopped") return [];
    const asProcess = (what: string): Violation => ofNoEvent("stopped", `process ${pid}`, what);
    const halfDone = history.events
      .filter(({ runs }) => runs.some((run) => run.pid === pid && run.endedAt === undefined))
      .map(({ label }) => asProcess(`left ${label} half done`));
    return death.code === 0 ? halfDone : [asProcess(`ended with ${death.code ?? death.signal}`), ...halfDone];
  });
}

/** `/healthz` is answered while people write whatever they like. */
function checkHealth(history: History): Violation[] {
  return [...history.processes.values()].flatMap(({ pid, unresponsive }) =>
    unresponsive.map((ms) =>
      ofNoEvent("responsive", `process ${pid}`, `computed for ${ms} ms before it answered /healthz`),
    ),
  );
}

/** Whether another process may have taken the event over: this one was stopped while it had it. */
function mayHaveLapsed(history: History, rules: Rules, run: Run, until: number): boolean {
  return rules.leasesLapse && wasPaused(history, run.pid, run.begunAt, until);
}

/** Whether the process had been stopped, and found out only then that it has the event no longer. */
function isLate(history: History, rules: Rules, run: Run): boolean {
  return rules.leasesLapse && run.failed && wasPaused(history, run.pid, 0, run.begunAt);
}

function ofNoEvent(promise: Violation["promise"], of: string, what: string): Violation {
  return { promise, of, what, runs: [] };
}

function isDone(run: Run): boolean {
  return run.endedAt !== undefined && !run.failed;
}

function byLane({ events }: History): Map<string, EventHistory[]> {
  const lanes = new Map<string, EventHistory[]>();
  for (const event of events) lanes.set(event.lane, [...(lanes.get(event.lane) ?? []), event]);
  return lanes;
}

function violation(
  history: History,
  promise: Violation["promise"],
  event: EventHistory,
  what: string,
): Violation {
  const runs = event.runs.map((run) => {
    const { death } = history.processes.get(run.pid) ?? {};
    const end = run.endedAt === undefined ? "cut off" : run.failed ? "failed" : "ended";
    const steps = [...run.confirmed.keys(), end].join(", ");
    const fate = death?.kind === "killed" ? describeKill(death.by) : "not killed";
    return `attempt ${run.attempt} in process ${run.pid} (${fate}): ${steps}`;
  });
  return { promise, of: event.label, what, runs };
}
