import type { Matched } from "../reply/handler-context";
import type { Route } from "./routes";

/** A handler that takes the event. */
export interface Match {
  readonly route: Route;
  readonly matched: Matched;
}

/**
 * The order in which handlers of all bots are tried.
 * - `specific`: made for this event, for example a command, a phrase or a button's action.
 * - `catch-all`: takes any message or click.
 * - `otherwise`: takes messages that nothing else takes.
 */
export const TIERS = ["specific", "catch-all", "otherwise"] as const;
export type Tier = (typeof TIERS)[number];

/** Handlers of one bot that match one event. Each is found on demand, and only once. */
export class FoundMatches implements Iterable<Match> {
  readonly #find: (tier: Tier) => Iterable<Match>;
  readonly #iterators = new Map<Tier, Iterator<Match>>();
  /** A match that was looked at and not taken. */
  readonly #peeked = new Map<Tier, Match>();

  /** @param find finds the matches of one tier, best first; called once for each tier */
  constructor(find: (tier: Tier) => Iterable<Match>) {
    this.#find = find;
  }

  /** Takes the next match of a tier. */
  take(tier: Tier): Match | undefined {
    const peeked = this.#peeked.get(tier);
    if (peeked === undefined) return this.#findNext(tier);
    this.#peeked.delete(tier);
    return peeked;
  }

  /** Whether a match of this tier is left. */
  has(tier: Tier): boolean {
    if (this.#peeked.has(tier)) return true;
    const match = this.#findNext(tier);
    if (match !== undefined) this.#peeked.set(tier, match);
    return match !== undefined;
  }

  /** Takes all that is left, in the order of tiers. */
  *[Symbol.iterator](): Iterator<Match> {
    for (const tier of TIERS) for (let match = this.take(tier); match; match = this.take(tier)) yield match;
  }

  #findNext(tier: Tier): Match | undefined {
    let iterator = this.#iterators.get(tier);
    if (iterator === undefined) {
      iterator = this.#find(tier)[Symbol.iterator]();
      this.#iterators.set(tier, iterator);
    }
    const { value, done } = iterator.next();
    return done === true ? undefined : value;
  }
}
