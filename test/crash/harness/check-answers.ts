import { exerciseOf } from "./exercises";
import {
  type EventHistory,
  type History,
  isUnreadable,
  ofCall,
  type Post,
  type Run,
  wasPaused,
} from "./history";
import type { Replies } from "./plan";
import { countSwaps } from "./swapped-answers";

/** What differs between the inboxes, and what is set. */
export interface Rules {
  readonly replies: Replies;
  /** What is noted before a delivery arrives is on disk before that is accepted: all goes through one log, in order. */
  readonly notesPrecedeAdditions: boolean;
  /** A process that is stopped for long enough loses its events to another one. */
  readonly leasesLapse: boolean;
  /** Answers to several people have the same words, so that two calls in doubt may exchange their message. */
  readonly areTextsEqual: boolean;
}

/**
 * Everything is answered, and nothing twice. In a group room a bot cannot read what it wrote: where a process died
 * before the platform's answer to a POST was on disk, that one may be there once more; or, where replies are sent at
 * most once, the event was given up.
 */
export function checkAnswers(history: History, rules: Rules, event: EventHistory): string[] {
  const { exercise, posts } = event;
  const { posts: expected, leaves } = exerciseOf(exercise);
  const faults: string[] = [];
  const isGivenUp = mayBeDead(history, rules, event);
  let isExact = true;
  let isSwapped = false;
  for (const step of expected) {
    const copies = posts.filter((post) => post.step === step).length;
    const where = isUnreadable(event, step) ? "group" : "direct";
    if (copies > mostCopies(history, rules, event, step))
      faults.push(`"${step}" was posted ${copies} times in a ${where} room`);
    if (copies > 1) isExact = false;
    const isElsewhere = copies === 0 && hasSwapped(history, rules, event, step);
    isSwapped ||= isElsewhere;
    if (copies === 0 && !isGivenUp && !isElsewhere) faults.push(`"${step}" was not posted`);
  }
  const left = posts.flatMap((post) => post.left ?? []);
  const isLeft = isExact
    ? left.length === leaves.length && leaves.every((step, index) => left[index] === step)
    : leaves.every((step) => left.includes(step));
  // A card stays until it is pressed, which is another event.
  if (!isLeft && exercise !== "card" && !isGivenUp && !isSwapped)
    faults.push(`leaves [${left}], not [${leaves}]`);
  return [...faults, ...checkPlaces(event)];
}

/** An answer stands in the thread of its question. */
function checkPlaces(event: EventHistory): string[] {
  const { inNoThread } = exerciseOf(event.exercise);
  const expected = inNoThread ? undefined : event.threadId;
  return event.posts
    .filter(({ step, threadId }) => isUnreadable(event, step) && threadId !== expected)
    .filter(() => event.exercise !== "click")
    .map(({ step }) => `"${step}" was posted in another thread`);
}

/** Whether the event was rightly given up: nobody can tell whether a reply was sent, and none is to be sent twice. */
export function mayBeDead(history: History, rules: Rules, event: EventHistory): boolean {
  return (
    rules.replies === "at-most-once" &&
    event.room.kind === "group" &&
    event.runs.at(-1)?.failed === true &&
    (event.runs.some((run) => isKilled(history, run)) ||
      event.posts.some((post) => isUnheard(post)) ||
      event.runs.some((run) => run.called.size > run.confirmed.size))
  );
}

/** One, and one more for each time that nobody could tell whether the step had been done. */
function mostCopies(history: History, rules: Rules, event: EventHistory, step: string): number {
  const { runs, posts } = event;
  const byDeath = runs.filter((run, index) =>
    mayBeRepeated(step, run, runs[index + 1], history, rules, event),
  );
  const mine = posts.filter((post) => post.step === step);
  const byFault =
    cannotBeSeen(event, step) && rules.replies === "at-least-once" ? mine.filter(isUnheard) : [];
  const byPause = rules.leasesLapse ? mine.filter((post) => wasPausedInCall(history, event, post)) : [];
  const bySwap = rules.areTextsEqual
    ? countSwaps(history, event, step, (other) => isExpected(other, step) && copiesOf(other, step) === 0)
    : 0;
  return 1 + byDeath.length + byFault.length + byPause.length + bySwap;
}

/** Whether the event's message counts as the one of another event, which has one too many. */
function hasSwapped(history: History, rules: Rules, event: EventHistory, step: string): boolean {
  return rules.areTextsEqual && countSwaps(history, event, step, (other) => copiesOf(other, step) > 1) > 0;
}

function isExpected({ exercise }: EventHistory, step: string): boolean {
  return exerciseOf(exercise).posts.some((one) => one === step);
}

function copiesOf({ posts }: EventHistory, step: string): number {
  return posts.filter((post) => post.step === step).length;
}

/** The bot may not read the room, or the platform refused to show it. */
function cannotBeSeen(event: EventHistory, step: string): boolean {
  return isUnreadable(event, step) || ofCall(event.unseen, step) === true;
}

/** Posted, and the program got something else in place of the answer. An answer that is cut has a status, which says it. */
function isUnheard({ instead }: Post): boolean {
  return instead !== undefined && instead !== "cut";
}

/**
 * Whether the process was stopped after the handler had asked for the call, and had the event no longer when the call
 * went out. The last look at the lease and the first byte on the wire are two moments.
 */
function wasPausedInCall(history: History, { runs }: EventHistory, post: Post): boolean {
  const run = runs.find(({ name }) => name === post.run);
  if (run === undefined) return false;
  const from = ofCall(run.called, post.step) ?? post.postedAt;
  return wasPaused(history, run.pid, from, post.postedAt);
}

/** Whether nobody could tell, by what the next run found in the inbox, that this one had done the step. */
function mayBeRepeated(
  step: string,
  run: Run,
  next: Run | undefined,
  history: History,
  rules: Rules,
  event: EventHistory,
): boolean {
  const { exercise, posts } = event;
  // Somebody pressed the card, and it was replaced, before the next run could see that it had been posted.
  const wasReplaced = posts.some(
    ({ deletedAt }) => deletedAt !== undefined && deletedAt < (next?.endedAt ?? Number.POSITIVE_INFINITY),
  );
  if (exercise === "card" && wasReplaced && isKilled(history, run) && run.settledAt === undefined)
    return true;
  if (rules.replies === "at-most-once" || !isKilled(history, run)) return false;
  if (!cannotBeSeen(event, step)) return false;
  // An attempt that was settled is followed by the next one, and its notes are on disk.
  if (next?.attempt !== run.attempt) return false;
  const confirmedAt = ofCall(run.confirmed, step);
  if (confirmedAt === undefined || !rules.notesPrecedeAdditions) return true;
  return (history.processes.get(run.pid)?.lastAcceptedSentAt ?? -1) < confirmedAt;
}

function isKilled(history: History, { pid }: Run): boolean {
  return history.processes.get(pid)?.death?.kind === "killed";
}
