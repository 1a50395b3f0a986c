import type { Logger } from "../contract/logger";
import { type BoundedText, EXPRESSION_LIMIT_MS } from "../util/bounded-regexp";
import type { HearsRoute } from "./routes";

/** A `hears` handler whose expression matches. */
export interface HeardMatch {
  readonly route: HearsRoute;
  readonly matched: { readonly match: RegExpMatchArray };
}

/** Receives each handler whose expression did not run to its end, with the verdict for the trace. */
export type MissedHandler = (handler: string, verdict: string) => void;

/** An expression that runs out of time this often is disabled. */
const MOST_TIME_OUTS = 3;

/** Regular expressions of one bot's `hears` handlers, in the order written. They run with a time limit. */
export class HeardExpressions {
  readonly #bot: string;
  readonly #log: Logger;
  readonly #timeOuts = new Map<HearsRoute, number>();
  #enabled: readonly Expression[];
  /** Those of `#enabled`, at the same indexes. */
  #triggers: readonly RegExp[];

  constructor(bot: string, routes: readonly HearsRoute[], log: Logger) {
    this.#bot = bot;
    this.#log = log;
    this.#enabled = routes.flatMap((route) =>
      route.trigger instanceof RegExp ? [{ route, trigger: route.trigger }] : [],
    );
    this.#triggers = this.#enabled.map(({ trigger }) => trigger);
  }

  /** Begins to match a text. Nothing runs before the first match is asked for. */
  matcher(bounded: BoundedText, missed: MissedHandler): HeardMatcher {
    const expressions = this.#enabled;
    const triggers = this.#triggers;
    const timedOut = (route: HearsRoute): void => this.#timedOut(route);
    let next = 0;
    return {
      *before(position) {
        const found = expressions.findIndex(
          ({ route }, index) => index >= next && route.position >= position,
        );
        const end = found === -1 ? expressions.length : found;
        while (next < end) {
          const result = bounded.search(triggers, next, end);
          const route = result && expressions[result.index]?.route;
          next = result === undefined ? end : result.index + 1;
          if (result === undefined || route === undefined) return;
          if (result.kind === "match") yield { route, matched: { match: result.match } };
          else missed(route.label, VERDICTS[result.kind]);
          if (result.kind === "out-of-time") timedOut(route);
        }
      },
    };
  }

  /** Whether the handler's expression ran out of time so often that it does not run anymore. */
  isDisabled(route: HearsRoute): boolean {
    return (this.#timeOuts.get(route) ?? 0) >= MOST_TIME_OUTS;
  }

  #timedOut(route: HearsRoute): void {
    const timeOuts = (this.#timeOuts.get(route) ?? 0) + 1;
    this.#timeOuts.set(route, timeOuts);
    const fields = { bot: this.#bot, handler: route.at, pattern: String(route.trigger) };
    if (timeOuts === 1)
      this.#log.warn("an expression ran out of time, which counts as no match; make it simpler", {
        ...fields,
        limitMs: EXPRESSION_LIMIT_MS,
      });
    if (timeOuts !== MOST_TIME_OUTS) return;
    this.#enabled = this.#enabled.filter((one) => one.route !== route);
    this.#triggers = this.#enabled.map(({ trigger }) => trigger);
    this.#log.error("an expression ran out of time too often and is disabled until the program restarts", {
      ...fields,
      timeOuts,
    });
  }
}

/** The matching of one text. */
export interface HeardMatcher {
  /** Handlers written before this position that have not been tried yet, and that match. */
  before(position: number): Iterable<HeardMatch>;
}

interface Expression {
  readonly route: HearsRoute;
  readonly trigger: RegExp;
}

const VERDICTS = {
  "out-of-time": "its expression ran out of time",
  skipped: "its expression did not run: those before it used up the time",
} as const;

/** The verdict for the handler of a disabled expression. */
export const DISABLED_VERDICT = `its expression is disabled: it ran out of time ${MOST_TIME_OUTS} times`;
