import type { AddOutcome } from "../contract/inbox";
import type { Notice } from "../contract/notice";
import type { Platform, ReorderOptions } from "../contract/platform";
import type { AcceptNotice } from "./receive";

/** A door into the inbox that lets no delivery in before those that it has overtaken. */
export interface Resequencer {
  readonly accept: AcceptNotice;
  /** Lets in what is held, and holds nothing from now on: for whoever is about to close the inbox. */
  release(): void;
}

/** What is held until those before it have come, or their time is up. */
interface Held {
  readonly number: number;
  readonly timer: NodeJS.Timeout;
  enter(): void;
}

/**
 * Puts deliveries that overtake each other into the order of their numbers, where a platform says so; all others pass.
 *
 * The order is made before the inbox, because there it is the order of handling and stays as it is through retries and
 * crashes. What is held is not answered yet: what was answered is on disk. That is why only a platform that does not wait
 * for its answer may say so.
 */
export function createResequencer(platforms: readonly Platform[], accept: AcceptNotice): Resequencer {
  const queues = new Map<string, Queue>();
  for (const { name, account, reorder: overtaking } of platforms)
    if (overtaking !== undefined) queues.set(`${name}/${account}`, createQueue(overtaking, accept));
  if (queues.size === 0) return { accept, release: () => undefined };
  return {
    accept(notice) {
      const queue = queues.get(`${notice.platform}/${notice.account}`);
      return queue === undefined ? accept(notice) : queue.accept(notice);
    },
    release: () => {
      for (const queue of queues.values()) queue.release();
    },
  };
}

type Queue = Resequencer;

/**
 * One account's deliveries. A gap says nothing, since numbers are also given to what the account is not told of; but
 * where there is none, nothing is missing, and nobody waits.
 */
function createQueue({ numberOf, withinMs }: ReorderOptions, accept: AcceptNotice): Queue {
  /** By number. */
  const held: Held[] = [];
  /** The one that was let in last. */
  let last = Number.NEGATIVE_INFINITY;
  let isOver = false;

  /** What is missing before `number` is not waited for any more. */
  function enterUpTo(number: number): void {
    for (let first = held[0]; first !== undefined; first = held[0]) {
      if (first.number > Math.max(number, last + 1)) return;
      held.shift();
      clearTimeout(first.timer);
      last = first.number;
      first.enter();
    }
  }

  function hold(number: number, notice: Notice): Promise<AddOutcome> {
    return new Promise((resolve, reject) => {
      const later = held.findIndex((other) => other.number > number);
      held.splice(later === -1 ? held.length : later, 0, {
        number,
        timer: setTimeout(() => enterUpTo(number), withinMs),
        enter: () => accept(notice).then(resolve, reject),
      });
    });
  }

  return {
    accept(notice) {
      const number = numberOf(notice);
      if (number === undefined || isOver) return accept(notice);
      if (number > last + 1) return hold(number, notice);
      // A smaller one comes too late, or is there again; or the numbers have begun anew, and count from here.
      last = number;
      const added = accept(notice);
      enterUpTo(number);
      return added;
    },
    release() {
      isOver = true;
      enterUpTo(Number.POSITIVE_INFINITY);
    },
  };
}
