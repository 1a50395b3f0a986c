import { type EventHistory, type History, isUnreadable, ofCall, type Stretch } from "./history";

/**
 * Counts the other events with which an event may have exchanged the message of a step. When two calls with equal words in
 * one room are in doubt at the same time, and one of them was posted, the bot gives the message to either call, and the
 * other call posts its own.
 * @param differs whether the other event has its share of the exchange: a message too few, or one too many
 */
export function countSwaps(
  history: History,
  event: EventHistory,
  step: string,
  differs: (other: EventHistory) => boolean,
): number {
  return history.events.filter(
    (other) =>
      other !== event &&
      isSamePlace(event, other, step) &&
      differs(other) &&
      overlap(doubtsOf(event, step), doubtsOf(other, step)),
  ).length;
}

/** A private answer stands in the person's direct room, of which the event of a group room does not tell. */
function isSamePlace(one: EventHistory, other: EventHistory, step: string): boolean {
  const isPrivate = [one, other].some((event) => event.room.kind === "group" && !isUnreadable(event, step));
  return one.room.id === other.room.id || isPrivate;
}

/** From each call for the step that got no answer to the next run in which it is confirmed. */
function doubtsOf({ runs }: EventHistory, step: string): Stretch[] {
  return runs.flatMap((run, index) => {
    const from = ofCall(run.called, step);
    if (from === undefined || ofCall(run.confirmed, step) !== undefined) return [];
    const to = runs
      .slice(index + 1)
      .map(({ confirmed }) => ofCall(confirmed, step))
      .find((at) => at !== undefined);
    return [to === undefined ? { from } : { from, to }];
  });
}

function overlap(some: readonly Stretch[], others: readonly Stretch[]): boolean {
  const endOf = ({ to = Number.POSITIVE_INFINITY }: Stretch): number => to;
  return some.some((one) => others.some((other) => one.from <= endOf(other) && other.from <= endOf(one)));
}
