import { readArguments, splitWords, type Word } from "./command-pattern";
import type { ActionEvent, BotEvent, MessageEvent } from "./event";
import type { InputProblem } from "./form/types";
import type { Matched } from "./handler-context";
import { DISABLED_VERDICT, HeardExpressions, type MissedHandler } from "./heard-expressions";
import { readClick } from "./inputs";
import { type Logger, silentLogger } from "./logger";
import type {
  ActionRoute,
  AnswerRoute,
  BuiltBot,
  CommandRoute,
  EventRoute,
  HearsRoute,
  Route,
} from "./routes";
import { wordsOf } from "./words";

/** A handler that takes the event. */
export interface Match {
  readonly route: Route;
  readonly matched: Matched;
}

/** A command whose words were there and whose arguments did not fit, or a click whose inputs did not. */
export type Misfit =
  | { readonly kind: "arguments"; readonly route: CommandRoute; readonly problem: string }
  | { readonly kind: "inputs"; readonly problems: readonly InputProblem[] };

/** Finds a bot's handlers for an event. What it costs depends on the event, not on how many commands there are. */
export interface Router {
  /**
   * Matching handlers, best first: the handler of a pending question, then all others. Found one by one, on demand.
   * @param missed called for each handler whose expression ran out of time
   */
  matches(event: BotEvent, missed?: MissedHandler): Iterable<Match>;
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
      default:
        route satisfies never;
    }
  }

  const expressions = new HeardExpressions(bot.name, heardRoutes, log);

  function* messageMatches(
    event: MessageEvent,
    heard: readonly EventRoute[],
    missed: MissedHandler,
  ): Iterable<Match> {
    const { text } = event.message;
    if (event.answers?.bot === bot.name)
      for (const route of answers.get(event.answers.step) ?? []) yield { route, matched: {} };
    const fitting = commands.find(text).flatMap(({ route, words }) => {
      const result = readArguments(route.pattern, text, words);
      return result.kind === "fit" ? [{ route, matched: { args: result.args } }] : [];
    });
    // Commands that match stand together where the first of them was written, longest first.
    const commandsAt = Math.min(...fitting.map(({ route }) => route.position));
    const others = [...phrasesIn(phrases, text), ...heard.map((route) => ({ route, matched: {} }))];
    const known = [
      ...fitting.map((match) => ({ at: commandsAt, match })),
      ...others.map((match) => ({ at: match.route.position, match })),
    ].sort((a, b) => a.at - b.at);

    // Expressions run only when their turn comes.
    const heardMatches = expressions.matcher(text, missed);
    for (const { at, match } of known) {
      yield* heardMatches.before(at);
      yield match;
    }
    yield* heardMatches.before(Number.POSITIVE_INFINITY);
  }

  function takers(event: ActionEvent): readonly ActionRoute[] {
    const routes = actions.get(actionOf(event)) ?? [];
    return event.button === undefined ? routes.filter(({ unsigned }) => unsigned) : routes;
  }

  return {
    matches(event, missed = () => {}) {
      const heard = listening(listeners, event);
      if (event.kind === "message") return messageMatches(event, heard, missed);
      const clicked = event.kind === "action" ? clickMatches(takers(event), event) : [];
      return [...clicked, ...heard.map((route): Match => ({ route, matched: {} }))].sort(
        (a, b) => a.route.position - b.route.position,
      );
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
        const isDisabled = route.kind === "hears" && expressions.isDisabled(route);
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

/** Commands by their fixed words. */
class CommandIndex {
  readonly #root: CommandNode = { next: new Map(), routes: [] };
  /** How many words of a message decide: those of the longest command, and one that would be left over. */
  #mostWords = 0;

  add(route: CommandRoute): void {
    let node = this.#root;
    for (const word of route.pattern.words) {
      let next = node.next.get(word);
      if (next === undefined) {
        next = { next: new Map(), routes: [] };
        node.next.set(word, next);
      }
      node = next;
    }
    node.routes.push(route);
    const { words, arguments: args } = route.pattern;
    this.#mostWords = Math.max(this.#mostWords, words.length + args.length + 1);
  }

  /** Commands whose words the text begins with, longest first. */
  find(text: string): { route: CommandRoute; words: readonly Word[] }[] {
    if (this.#root.next.size === 0) return [];
    const words = splitWords(text, this.#mostWords);
    const found: { route: CommandRoute; words: readonly Word[] }[][] = [];
    let node: CommandNode | undefined = this.#root;
    for (const [index, word] of words.entries()) {
      // `/card`, `Card` and `card!` are the command `card`; but `card!` only if no command is called so.
      const written: string = (index === 0 ? withoutSlash(word.text) : word.text).toLowerCase();
      const children: ReadonlyMap<string, CommandNode> = node.next;
      node = children.get(written) ?? children.get(withoutPunctuation(written));
      if (node === undefined) break;
      found.push(node.routes.map((route) => ({ route, words })));
    }
    return found.reverse().flat();
  }
}

function withoutSlash(word: string): string {
  return word.length > 1 && word.startsWith("/") ? word.slice(1) : word;
}

const PUNCTUATION = new Set("!?.,:;");

/** From the end: an expression would begin anew at each sign. */
function withoutPunctuation(word: string): string {
  let end = word.length;
  while (end > 0 && PUNCTUATION.has(word.charAt(end - 1))) end--;
  return word.slice(0, end);
}

interface CommandNode {
  readonly next: Map<string, CommandNode>;
  readonly routes: CommandRoute[];
}

/** Phrases that the text contains, in the order written. */
function phrasesIn(phrases: ReadonlyMap<string, readonly HearsRoute[]>, text: string): Match[] {
  if (phrases.size === 0) return [];
  const found = new Map<HearsRoute, Match>();
  const words = wordsOf(text);
  for (const [first, { text: word, at }] of words.entries()) {
    for (const route of phrases.get(word) ?? []) {
      if (found.has(route) || route.trigger instanceof RegExp) continue;
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

/** Listeners for the event's name, for its resource and for everything. */
function listening(listeners: ReadonlyMap<string, readonly EventRoute[]>, event: BotEvent): EventRoute[] {
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
