import type { FoundMatches, Match, Tier } from "./found-matches";
import { TIERS } from "./found-matches";
import type { NextMatch } from "./handler-chain";
import type { BuiltBot } from "./routes";

/** A bot and its handlers that match the event. */
export interface Candidate {
  readonly bot: BuiltBot;
  readonly found: FoundMatches;
}

/**
 * The order in which the handlers of all bots get an event: a handler yields to every handler of a better tier, whatever bot it
 * belongs to, and a catch-all yields to usage and help, too. Bots are asked one after the other, so a bot whose handlers
 * yield is asked again if the others pass the event on.
 */
export class MatchOrder<C extends Candidate> {
  readonly #candidates: readonly C[];
  readonly #hasBuiltInAnswer: () => boolean;
  readonly #yielded = new Set<C>();

  /** @param hasBuiltInAnswer whether usage or help answers the event; asked only if a handler may have to yield */
  constructor(candidates: readonly C[], hasBuiltInAnswer: () => boolean) {
    this.#candidates = candidates;
    this.#hasBuiltInAnswer = hasBuiltInAnswer;
  }

  /** The handlers of one bot that may run now. */
  nextOf(candidate: C): NextMatch {
    return () => this.#next(candidate);
  }

  /** Takes the bots with handlers that have yielded so far. */
  takeYielded(): readonly C[] {
    const yielded = this.#candidates.filter((one) => this.#yielded.has(one));
    this.#yielded.clear();
    return yielded;
  }

  #next(candidate: C): Match | undefined {
    for (const [index, tier] of TIERS.entries()) {
      if (!candidate.found.has(tier)) continue;
      if (index === 0 || !this.#hasBetter(TIERS.slice(0, index))) return candidate.found.take(tier);
      this.#yielded.add(candidate);
      return undefined;
    }
    return undefined;
  }

  #hasBetter(tiers: readonly Tier[]): boolean {
    return (
      this.#hasBuiltInAnswer() || this.#candidates.some(({ found }) => tiers.some((tier) => found.has(tier)))
    );
  }
}
