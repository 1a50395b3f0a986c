import { types } from "node:util";
import type { Once, OnceRule } from "./buttons/once";
import type { ClickRefusal } from "./buttons/refusal";
import { callSite } from "./call-site";
import { type ArgsOf, type CommandPattern, parseCommandPattern } from "./command-pattern";
import type { ActionContext, Context, MessageContext, ReplyContent } from "./context";
import { checkBoolean, checkFunction, checkKeys, checkText } from "./definition-checks";
import type {
  ActionEvent,
  BotEvent,
  MembershipEvent,
  MessageDeletedEvent,
  MessageEvent,
  MessageUpdatedEvent,
  RoomEvent,
} from "./event";
import { checkFileRules } from "./file-rules";
import type { FileRules } from "./files";
import { INPUT_TYPES, type InputSchema, type InputsOf, isInputType } from "./inputs";
import type { JsonObject } from "./notice";
import { checkPolicy, type Policy } from "./policy";
import { wordsOf } from "./words";

/** Goes on to what would have answered otherwise. At most once per handler. */
export type Next = () => Promise<void>;

/** Answers an event. When it throws, it is tried again; when it returns without calling `next()`, the event is answered. */
export type Handler<C> = (ctx: C, next: Next) => unknown;

/** The context of a command's handler. */
export type CommandContext<Pattern extends string> = MessageContext & { readonly args: ArgsOf<Pattern> };

/** The context of what `hears` heard. */
export type HearsContext = MessageContext & {
  /** The expression's match; for a phrase, the words as they were written. */
  readonly match: RegExpMatchArray;
};

/** What `on` takes, and what its handler is given. Any other `resource.event` of a platform works too. */
export interface EventsByName {
  "messages.created": MessageEvent;
  "messages.updated": MessageUpdatedEvent;
  "messages.deleted": MessageDeletedEvent;
  messages: MessageEvent | MessageUpdatedEvent | MessageDeletedEvent;
  "memberships.created": MembershipEvent;
  "memberships.updated": MembershipEvent;
  "memberships.deleted": MembershipEvent;
  memberships: MembershipEvent;
  "rooms.created": RoomEvent;
  "rooms.updated": RoomEvent;
  rooms: RoomEvent;
  "attachmentActions.created": ActionEvent;
  attachmentActions: ActionEvent;
  "*": BotEvent;
}

/** The event that `on(name)` gives its handler. */
export type EventOf<Name extends string> = Name extends keyof EventsByName ? EventsByName[Name] : BotEvent;

export interface CommandOptions {
  /** What it does, for the list that `help` answers with. A command without it is not listed. */
  readonly help?: string;
}

export interface ActionOptions<Inputs = JsonObject> {
  /**
   * Also takes clicks whose button this bot did not sign: of cards that an earlier version or another tool sent. Whoever is
   * in the room can make up such a click, with any data. @default false
   */
  readonly unsigned?: boolean;
  /**
   * Whether the button works once: for everybody together (`true` is `"per-card"`), or for each person. Whoever comes
   * later is told who was first. A click that is given up, or that `catch` has answered, counts for nothing.
   */
  readonly once?: boolean | Once;
  /** Buttons of a card with the same group have one use together: approve and reject, say. @default the action's name */
  readonly group?: string;
  /** What the card is replaced by when the handler has ended well. */
  readonly done?: (ctx: ActionContext<Inputs>) => ReplyContent | Promise<ReplyContent>;
}

/** Options of an action whose inputs are read by a schema. */
export interface TypedActionOptions<Schema extends InputSchema> extends ActionOptions<InputsOf<Schema>> {
  /** `{ amount: "number", note: { type: "string", optional: true } }`: inputs by id. */
  readonly inputs: Schema;
}

export interface OnOptions {
  /** For memberships: only the bot's own (`true`) or only those of others (`false`). */
  readonly self?: boolean;
}

/**
 * What a bot's module is given to say what it answers.
 *
 * Middleware runs first, in the order written; then the first handler that matches, in the order written, where of
 * several commands that match the longest comes first. `next()` goes on to the one after it.
 */
export interface Bot {
  /** The module's file name without its ending. */
  readonly name: string;
  /**
   * Answers for these accounts only: `"sales"`, `"webex"` for all of a platform, or `"webex/sales"`. Without it, for all.
   */
  serve(...accounts: readonly string[]): void;
  /** Who may use this bot. One policy for every kind of event; when called again, every policy must hold. */
  allow(policy: Policy): void;
  /** What the bot takes of the files that people send; asked when a handler reads one. At most once a bot. */
  files(rules: FileRules): void;
  /** Runs around every event that the policy lets pass. */
  use(middleware: Handler<Context>): void;
  /**
   * Answers a message that begins with the pattern's words, whole and in any case, with or without a leading `/`.
   * A message whose arguments do not fit is answered with how the command is written, unless another handler takes it.
   * @param pattern fixed words, then arguments: `expense <amount:number> [currency]`, `note <text...>`. Types: string, number, integer, boolean, email
   */
  command<const Pattern extends string>(pattern: Pattern, handler: Handler<CommandContext<Pattern>>): void;
  command<const Pattern extends string>(
    pattern: Pattern,
    options: CommandOptions,
    handler: Handler<CommandContext<Pattern>>,
  ): void;
  /** Answers a message that contains the phrase, as whole words in any case, or that matches the expression. */
  hears(trigger: string | RegExp, handler: Handler<HearsContext>): void;
  /**
   * Answers a click on a card's button whose data has `"action": name`, as the bot has sent it: buttons are signed, and a
   * click that is forged, altered, copied, too old or somebody else's never gets here.
   */
  action(name: string, handler: Handler<ActionContext>): void;
  /**
   * The same, with inputs read and typed by a schema. A click whose inputs do not fit is answered with what does not,
   * unless another handler takes it.
   */
  action<const Schema extends InputSchema>(
    name: string,
    options: TypedActionOptions<Schema>,
    handler: Handler<ActionContext<InputsOf<Schema>>>,
  ): void;
  /** The same, with options alone: whether it works once, say. */
  action(name: string, options: ActionOptions, handler: Handler<ActionContext>): void;
  /**
   * Called instead of the handler for a click that does nothing; says something else than `refusal.markdown`, or nothing. A
   * person hears of one reason and card once.
   */
  refused(handler: Refuser): void;
  /** Answers events by name: `"memberships.created"`, `"rooms"` for all of rooms, `"*"` for everything. */
  on<const Name extends string>(name: Name, handler: Handler<Context<EventOf<Name>>>): void;
  on<const Name extends string>(
    name: Name,
    options: OnOptions,
    handler: Handler<Context<EventOf<Name>>>,
  ): void;
  /**
   * Called when a handler of this bot throws. Returning settles the event; throwing again has it retried.
   * Without one, every error is retried.
   */
  catch(handler: (error: Error, ctx: Context) => unknown): void;
}

const DEFINITION = Symbol.for("bellhop.bot-definition");

/** What a bot's module exports; made by {@link defineBot}. */
export interface BotDefinition {
  readonly [DEFINITION]: (bot: Bot) => void;
}

/**
 * Makes the default export of a module in `bots/`.
 * @example
 * export default defineBot((bot) => {
 *   bot.hears("ping", (ctx) => ctx.reply("pong"));
 * });
 */
export function defineBot(setup: (bot: Bot) => void): BotDefinition {
  return { [DEFINITION]: setup };
}

/** Whether a module's default export is a bot. */
export function isBotDefinition(value: unknown): value is BotDefinition {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, DEFINITION) === "function";
}

/** A handler where it was written. Handlers of every kind are stored as taking the same context: routing sees to it that they get theirs. */
interface RouteBase {
  /** Order in which it was written. */
  readonly position: number;
  /** `/app/bots/echo.ts:12` */
  readonly at: string;
  /** For traces and logs: `command "expense <amount>"`. */
  readonly label: string;
  readonly handler: Handler<Context>;
}
export interface CommandRoute extends RouteBase {
  readonly kind: "command";
  readonly pattern: CommandPattern;
  readonly help: string | undefined;
}
export interface HearsRoute extends RouteBase {
  readonly kind: "hears";
  readonly trigger: RegExp | { readonly words: readonly string[] };
}
export interface ActionRoute extends RouteBase {
  readonly kind: "action";
  readonly action: string;
  readonly inputs: InputSchema | undefined;
  /** Whether it takes clicks that are not signed, too. */
  readonly unsigned: boolean;
  /** Absent: it works as often as it is clicked. */
  readonly once: OnceRule | undefined;
}
export interface EventRoute extends RouteBase {
  readonly kind: "on";
  readonly name: string;
  readonly self: boolean | undefined;
}
export type Route = CommandRoute | HearsRoute | ActionRoute | EventRoute;

/** A bot whose module has said all it answers. */
export interface BuiltBot {
  readonly name: string;
  /** As `serve` was given them; empty for all. */
  readonly accounts: readonly string[];
  readonly policies: readonly Policy[];
  readonly files: FileRules;
  readonly middleware: readonly Handler<Context>[];
  readonly routes: readonly Route[];
  readonly catchers: readonly ((error: Error, ctx: Context) => unknown)[];
  readonly refusers: readonly Refuser[];
}

/** What `refused` is given. */
export type Refuser = (refusal: ClickRefusal, ctx: ActionContext) => unknown;

/**
 * Runs a definition.
 * @throws whatever the module's function throws, and an Error for a pattern, a policy or a handler that makes no sense
 */
export function buildBot(name: string, definition: BotDefinition): BuiltBot {
  const accounts: string[] = [];
  const policies: Policy[] = [];
  let files: FileRules | undefined;
  const middleware: Handler<Context>[] = [];
  const routes: Route[] = [];
  const catchers: ((error: Error, ctx: Context) => unknown)[] = [];
  const refusers: Refuser[] = [];

  // Every handler is kept as one for the plain context; the router gives each the context of its kind.
  // biome-ignore lint/suspicious/noExplicitAny: a handler's own context type ends here, see above
  const base = (label: string, handler: Handler<any>): RouteBase => {
    checkFunction(label, handler);
    return { position: routes.length, at: callSite(), label, handler };
  };

  const bot: Bot = {
    name,
    serve(...names) {
      if (names.length === 0)
        throw new Error("serve: no account is named; without serve, a bot answers for all");
      for (const name of names) checkText("serve", "account", name);
      accounts.push(...names);
    },
    allow(policy) {
      checkPolicy(policy);
      policies.push(policy);
    },
    files(rules) {
      if (files !== undefined) throw new Error("files: was called before; the bot has one set of rules");
      files = checkFileRules(rules);
    },
    use(handler) {
      checkFunction("use", handler);
      middleware.push(handler);
    },
    command(pattern: string, ...rest: unknown[]) {
      checkText("command", "pattern", pattern);
      const label = `command "${pattern}"`;
      const [options, handler] = optionsAndHandler<CommandOptions>(rest);
      checkKeys(label, "option", options, ["help"]);
      routes.push({
        ...base(label, handler),
        kind: "command",
        pattern: parseCommandPattern(pattern),
        help: options.help,
      });
    },
    hears(trigger, handler) {
      if (!types.isRegExp(trigger)) checkText("hears", "trigger", trigger, "a text or an expression");
      const label = `hears ${typeof trigger === "string" ? `"${trigger}"` : String(trigger)}`;
      const words = typeof trigger === "string" ? wordsOf(trigger).map(({ text }) => text) : [];
      if (typeof trigger === "string" && words.length === 0)
        throw new Error(`${label}: the phrase has no word`);
      routes.push({
        ...base(label, handler),
        kind: "hears",
        // Our own copy: one that is sticky or global remembers where it stopped, and the router has it forget that.
        trigger: typeof trigger === "string" ? { words } : new RegExp(trigger),
      });
    },
    action(name: string, ...rest: unknown[]) {
      checkText("action", "name", name);
      const label = `action "${name}"`;
      const [options, handler] = optionsAndHandler<TypedActionOptions<InputSchema>>(rest);
      checkKeys(label, "option", options, ["inputs", "unsigned", "once", "group", "done"]);
      checkInputs(label, options.inputs ?? {});
      checkBoolean(label, "unsigned", options.unsigned);
      if (options.done !== undefined) checkFunction(`${label}, done`, options.done);
      routes.push({
        ...base(label, handler),
        handler: withDone(handler, options.done),
        kind: "action",
        action: name,
        inputs: options.inputs,
        unsigned: options.unsigned === true,
        once: toOnceRule(label, name, options),
      });
    },
    on(name: string, ...rest: unknown[]) {
      checkText("on", "name", name);
      const label = `on "${name}"`;
      const [options, handler] = optionsAndHandler<OnOptions>(rest);
      checkKeys(label, "option", options, ["self"]);
      checkBoolean(label, "self", options.self);
      routes.push({ ...base(label, handler), kind: "on", name, self: options.self });
    },
    catch(handler) {
      checkFunction("catch", handler);
      catchers.push(handler);
    },
    refused(handler) {
      checkFunction("refused", handler);
      refusers.push(handler);
    },
  };

  const returned: unknown = definition[DEFINITION](bot);
  if (types.isPromise(returned)) {
    returned.catch(() => {}); // what it may fail with later is no news any more
    throw new Error(
      "the function given to defineBot is async; handlers may be, what they are written in may not",
    );
  }
  return { name, accounts, policies, files: files ?? {}, middleware, routes, catchers, refusers };
}

/** The handler, and then its card in the form that it has when all is done. */
function withDone(
  // biome-ignore lint/suspicious/noExplicitAny: as where it is stored
  handler: Handler<any>,
  done: TypedActionOptions<InputSchema>["done"],
): Handler<Context> {
  if (done === undefined) return handler;
  return async (ctx, next) => {
    await handler(ctx, next);
    const clicked = ctx as ActionContext<InputsOf<InputSchema>>; // the router gives it clicks alone
    await clicked.replaceCard(await done(clicked));
  };
}

function toOnceRule(
  label: string,
  action: string,
  options: Pick<ActionOptions, "once" | "group">,
): OnceRule | undefined {
  const { once = false, group } = options;
  if (![true, false, "per-card", "per-person"].includes(once))
    throw new Error(`${label}: once is ${String(once)}, expected true, "per-card" or "per-person"`);
  if (group !== undefined) checkText(label, "group", group);
  if (once === false && group !== undefined)
    throw new Error(`${label}: a group is for buttons that work once; add once: true`);
  if (once === false) return undefined;
  return { once: once === true ? "per-card" : once, group: group ?? action };
}

function checkInputs(label: string, inputs: InputSchema): void {
  for (const [id, entry] of Object.entries(inputs)) {
    const type: unknown = typeof entry === "object" ? entry.type : entry;
    if (!isInputType(type))
      throw new Error(`${label}: the type of input "${id}" is not one of ${INPUT_TYPES.join(", ")}`);
    if (typeof entry === "object")
      checkKeys(`${label}, input "${id}"`, "option", entry, ["type", "optional", "label"]);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the overloads of Bot have checked what is in it
function optionsAndHandler<Options>(rest: readonly unknown[]): [Partial<Options>, Handler<any>] {
  const handler = rest.at(-1) as Handler<Context>; // checked to be a function where the route is made
  return [rest.length > 1 ? (rest[0] as Partial<Options>) : {}, handler]; // typed by the overloads
}
