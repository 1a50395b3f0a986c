import { readClick } from "../cards/form/read-inputs";
import type { InputProblem } from "../contract/clicked-form";
import { readArguments } from "../contract/command-pattern";
import type { NearestCommand } from "../contract/context";
import type { ActionEvent, BotEvent, MessageEvent } from "../contract/event";
import { type Logger, silentLogger } from "../contract/logger";
import { BoundedText } from "../util/bounded-regexp";
import { tokenize } from "../util/tokenize";
import { CommandIndex } from "./command-index";
import { FoundMatches, type Match } from "./found-matches";
import {
  DISABLED_VERDICT,
  HeardExpressions,
  type HeardMatcher,
  type MissedHandler,
} from "./heard-expressions";
import type {
  ActionRoute,
  AnswerRoute,
  BuiltBot,
  CommandRoute,
  EventRoute,
  HearsRoute,
  OtherwiseRoute,
  Route,
} from "./routes";

/** A command whose words were there and whose arguments did not fit, or a click whose inputs did not. */
export type Misfit =
  | { readonly kind: "arguments"; readonly route: CommandRoute; readonly problem: string }
  | { readonly kind: "inputs"; readonly problems: readonly InputProblem[] };

export interface MatchOptions {
  /** Called for each handler whose expression ran out of time. */
  readonly missed?: MissedHandler | undefined;
  /** Finds the command that a message was probably meant for, among those of all bots. */
  readonly nearest?: (() => NearestCommand | undefined) | undefined;
}

/** Finds a bot's handlers for an event. What it costs depends on the event, not on how many commands there are. */
export interface Router {
  /** Finds the handlers that match: within a tier the handler of a pending question, then the others in the order written. */
  matches(event: BotEvent, options?: MatchOptions): FoundMatches;
  /** What did not fit about a command or a click that a handler would otherwise take. */
  misfit(event: BotEvent): Misfit | undefined;
  /** Handlers for the button that was clicked, whether they may have the click or not. */
  buttons(event: ActionEvent): readonly ActionRoute[];
  /** Why each handler does not take the event. Looks at every handler: for events that nobody answered. */
  verdicts(event: BotEvent): readonly { readonly handler: string; readonly verdict: string }[];
}

/**
 * Indexes a bot's handlers: commands and phrases by their words, actions and events by name; expressions are tried in turn.
 * @param log where expressions that run out of time are reported
 */
export function createRouter(bot: BuiltBot, log: Logger = silentLogger): Router {
  const commands = new CommandIndex();
  const phrases = new Map<string, HearsRoute[]>();
  const answers = new Map<string, AnswerRoute[]>();
  const actions = new Map<string, ActionRoute[]>();
  const listeners = new Map<string, EventRoute[]>();
  const heardRoutes: HearsRoute[] = [];
  const otherwise: OtherwiseRoute[] = [];

  for (const route of bot.routes) {
    switch (route.kind) {
      case "command":
        commands.add(route);
        break;
      case "hears":
        if (route.trigger instanceof RegExp) heardRoutes.push(route);
        else append(phrases, route.trigger.words[0] ?? "", route);
        break;
      case "answer":
        append(answers, route.step, route);
        break;
      case "action":
        append(actions, route.action, route);
        break;
      case "on":
        append(listeners, route.name, route);
        break;
      case "otherwise":
        otherwise.push(route);
        break;
      default:
        route satisfies never;
    }
  }

  const expressions = {
    specific: new HeardExpressions(bot.name, yielding(heardRoutes, false), log),
    "catch-all": new HeardExpressions(bot.name, yielding(heardRoutes, true), log),
  };

  /** Yields the matches of one tier in the order written. Expressions run only when their turn comes. */
  function* inOrder(known: readonly PlacedMatch[], heard: HeardMatcher): Iterable<Match> {
    for (const { at, match } of known.toSorted((a, b) => a.at - b.at)) {
      yield* heard.before(at);
      yield match;
    }
    yield* heard.before(Number.POSITIVE_INFINITY);
  }

  function* specificMatches(event: MessageEvent, known: readonly PlacedMatch[], heard: HeardMatcher) {
    const { text } = event.message;
    if (event.answers?.bot === bot.name)
      for (const route of answers.get(event.answers.step) ?? []) yield { route, matched: {} };
    const fitting = commands.find(text).flatMap(({ route, words }) => {
      const result = readArguments(route.pattern, text, words);
      return result.kind === "fit" ? [{ route, matched: { args: result.args } }] : [];
    });
    // Commands that match stand together where the first of them was written, longest first.
    const at = Math.min(...fitting.map(({ route }) => route.position));
    yield* inOrder([...fitting.map((match) => ({ at, match })), ...known], heard);
  }

  function findForMessage(
    event: MessageEvent,
    { missed = () => {}, nearest = () => undefined }: MatchOptions,
  ) {
    const bounded = new BoundedText(event.message.text);
    return new FoundMatches((tier) => {
      if (tier === "otherwise") return otherwise.map((route) => ({ route, matched: { nearest: nearest() } }));
      const isCatchAll = tier === "catch-all";
      const listening = yielding(listenersOf(listeners, event), isCatchAll).map(plainMatch);
      const known = [...phrasesIn(phrases, event.message.text, isCatchAll), ...listening].map(placed);
      const heard = expressions[tier].matcher(bounded, missed);
      return isCatchAll ? inOrder(known, heard) : specificMatches(event, known, heard);
    });
  }

  function findForClick(event: ActionEvent): FoundMatches {
    const listening = listenersOf(listeners, event);
    return new FoundMatches((tier) => {
      if (tier === "otherwise") return [];
      const heard = yielding(listening, tier === "catch-all").map(plainMatch);
      return tier === "catch-all" ? heard : sorted([...clickMatches(takers(event), event), ...heard]);
    });
  }

  function takers(event: ActionEvent): readonly ActionRoute[] {
    const routes = actions.get(actionOf(event)) ?? [];
    return event.button === undefined ? routes.filter(({ unsigned }) => unsigned) : routes;
  }

  return {
    matches(event, options = {}) {
      if (event.kind === "message") return findForMessage(event, options);
      if (event.kind === "action") return findForClick(event);
      const heard = sorted(listenersOf(listeners, event).map(plainMatch));
      return new FoundMatches((tier) => (tier === "specific" ? heard : []));
    },
    misfit(event) {
      if (event.kind === "action") return clickMisfit(takers(event), event);
      if (event.kind !== "message") return undefined;
      for (const { route, words } of commands.find(event.message.text)) {
        const result = readArguments(route.pattern, event.message.text, words);
        if (result.kind === "misfit") return { kind: "arguments", route, problem: result.problem };
      }
      return undefined;
    },
    buttons: (event) => actions.get(actionOf(event)) ?? [],
    verdicts: (event) =>
      bot.routes.map((route) => {
        const isDisabled =
          route.kind === "hears" && Object.values(expressions).some((some) => some.isDisabled(route));
        return { handler: route.label, verdict: isDisabled ? DISABLED_VERDICT : whyNot(route, event) };
      }),
  };
}

/** Why a handler that did not match does not: never with what somebody wrote. */
function whyNot(route: Route, event: BotEvent): string {
  switch (route.kind) {
    case "command":
      return event.kind === "message" ? "the text does not begin with its words" : "is for messages";
    case "hears":
      return event.kind === "message" ? "the text does not have it" : "is for messages";
    case "answer":
      return event.kind === "message" ? "it was not asked" : "is for messages";
    case "action":
      if (event.kind !== "action") return "is for clicks on cards";
      return actionOf(event) === route.action ? "the button is not signed" : "another button was clicked";
    case "on":
      return `the event is ${event.notice.name}`;
    case "otherwise":
      return "is for messages";
    default:
      return route satisfies never;
  }
}

/** What the button that was clicked is called; empty when its data does not say. */
function actionOf({ inputs }: ActionEvent): string {
  return typeof inputs.action === "string" ? inputs.action : "";
}

function clickMatches(routes: readonly ActionRoute[], event: ActionEvent): Match[] {
  return routes.flatMap((route): Match[] => {
    const read = readClick(route.inputs, event);
    return read.kind === "fit" ? [{ route, matched: { inputs: read.inputs } }] : [];
  });
}

function clickMisfit(routes: readonly ActionRoute[], event: ActionEvent): Misfit | undefined {
  for (const { inputs } of routes) {
    const read = readClick(inputs, event);
    if (read.kind === "misfit") return { kind: "inputs", problems: read.problems };
  }
  return undefined;
}

/** Phrases that the text contains, in the order written. */
function phrasesIn(
  phrases: ReadonlyMap<string, readonly HearsRoute[]>,
  text: string,
  isCatchAll: boolean,
): Match[] {
  if (phrases.size === 0) return [];
  const found = new Map<HearsRoute, Match>();
  const words = tokenize(text);
  for (const [first, { text: word, at }] of words.entries()) {
    for (const route of phrases.get(word) ?? []) {
      if (found.has(route) || route.trigger instanceof RegExp || route.yields !== isCatchAll) continue;
      const phrase = route.trigger.words;
      const last = words[first + phrase.length - 1];
      if (last === undefined || !phrase.every((expected, offset) => words[first + offset]?.text === expected))
        continue;
      const match: RegExpMatchArray = Object.assign([text.slice(at, last.end)] satisfies [string], {
        index: at,
        input: text,
      });
      found.set(route, { route, matched: { match } });
    }
  }
  return [...found.values()];
}

/** A match and the position at which it takes part. */
interface PlacedMatch {
  readonly at: number;
  readonly match: Match;
}

function placed(match: Match): PlacedMatch {
  return { at: match.route.position, match };
}

function plainMatch(route: Route): Match {
  return { route, matched: {} };
}

function yielding<R extends HearsRoute | EventRoute>(routes: readonly R[], yields: boolean): R[] {
  return routes.filter((route) => route.yields === yields);
}

/** In the order written. */
function sorted(matches: readonly Match[]): Match[] {
  return matches.toSorted((a, b) => a.route.position - b.route.position);
}

/** Listeners for the event's name, for its resource and for everything. */
function listenersOf(listeners: ReadonlyMap<string, readonly EventRoute[]>, event: BotEvent): EventRoute[] {
  if (listeners.size === 0) return [];
  const { name, alias } = event.notice;
  const resource = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  const found: EventRoute[] = [];
  for (const wanted of new Set([name, alias ?? name, resource, "*"])) {
    for (const route of listeners.get(wanted) ?? []) {
      if (route.self === undefined || (event.kind === "membership" && event.self === route.self))
        found.push(route);
    }
  }
  return found;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
