import type { ClickRefusal } from "./click-refusal";
import type { ArgsOf } from "./command-pattern";
import type {
  ActionContext,
  AnswerContext,
  Context,
  MessageContext,
  NearestCommand,
  ReplyContent,
} from "./context";
import type {
  ActionEvent,
  BotEvent,
  MembershipEvent,
  MessageDeletedEvent,
  MessageEvent,
  MessageUpdatedEvent,
  RoomEvent,
} from "./event";
import type { EventName } from "./event-names";
import type { Apology, RetryPolicy } from "./failure-rules";
import type { FileRules } from "./files";
import type { InputSchema, InputsOf } from "./input-schema";
import type { JsonObject } from "./notice";

/** How often a button works. */
export type OnceScope = "per-card" | "per-person";

/**
 * The people and rooms that may use a bot. An event must meet every rule, and of a list one entry.
 * An event is refused if a rule cannot be decided, for example because the event names no person.
 */
export interface Policy {
  /** Domains of e-mail addresses, `example.com`, without their subdomains. */
  readonly emailDomains?: readonly string[];
  readonly emails?: readonly string[];
  readonly personIds?: readonly string[];
  readonly roomIds?: readonly string[];
  readonly roomKinds?: readonly ("direct" | "group")[];
  /** Whether other bots are answered; two that answer each other never stop. @default false */
  readonly bots?: boolean;
}

/** Goes on to what would have answered otherwise. At most once per handler. */
export type Next = () => Promise<void>;

/** Answers an event. When it throws, the event is retried, unless that cannot help; when it returns without calling `next()`, the event is answered. */
export type Handler<C> = (ctx: C, next: Next) => unknown;

/** The context of a command's handler. */
export type CommandContext<Pattern extends string> = MessageContext & { readonly args: ArgsOf<Pattern> };

/** The context of what `hears` heard. */
export type HearsContext = MessageContext & {
  /** The expression's match; for a phrase, the words as they were written. */
  readonly match: RegExpMatchArray;
};

/** The events whose handlers get more than the notice; of every other event `on` gives its handler a {@link BotEvent}. */
interface EventsByResource {
  "messages.created": MessageEvent;
  "messages.updated": MessageUpdatedEvent;
  "messages.deleted": MessageDeletedEvent;
  messages: MessageEvent | MessageUpdatedEvent | MessageDeletedEvent;
  memberships: MembershipEvent;
  rooms: RoomEvent;
  attachmentActions: ActionEvent;
}

/** The event that `on(name)` gives its handler. */
export type EventOf<Name extends string> = Name extends keyof EventsByResource
  ? EventsByResource[Name]
  : Name extends `${infer Resource}.${string}`
    ? Resource extends keyof EventsByResource
      ? EventsByResource[Resource]
      : BotEvent
    : BotEvent;

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
  readonly once?: boolean | OnceScope;
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

/** The context of a message that nothing else takes. */
export type OtherwiseContext = MessageContext & {
  /** The command that the person probably meant, of the bots that they may use. */
  readonly nearest: NearestCommand | undefined;
};

export interface HearsOptions {
  /**
   * Whether commands, phrases, usage and help of all bots come before this handler. `false` keeps the handler at its place in the
   * order written: it then hides what comes after it.
   * @default `true` for an expression that matches any text, for example `/.+/`; otherwise `false`
   */
  readonly yields?: boolean;
}

export interface OnOptions {
  /** For memberships: only the bot's own (`true`) or only those of others (`false`). */
  readonly self?: boolean;
  /**
   * For messages and clicks: whether the handlers that are made for them, usage and help of all bots come before this handler.
   * `false` keeps the handler at its place in the order written.
   * @default true
   */
  readonly yields?: boolean;
}

/** What `refused` is given. */
export type RefusalHandler = (refusal: ClickRefusal, ctx: ActionContext) => unknown;

/**
 * What a bot's module is given to say what it answers.
 *
 * Middleware runs first, in the order written; then the first handler that matches, in the order written, where of
 * several commands that match the longest comes first. `next()` passes the event to the next one. Handlers that take any message
 * or click come after those, and after usage and help, of all bots; `otherwise` comes last.
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
  /**
   * Answers a message that contains the phrase, as whole words in any case, or that matches the expression. An expression
   * reads the first 8,000 characters and has 50 ms for them; one that needs longer does not match, and is disabled after
   * three such messages.
   */
  hears(trigger: string | RegExp, handler: Handler<HearsContext>): void;
  /** The same, with options. */
  hears(trigger: string | RegExp, options: HearsOptions, handler: Handler<HearsContext>): void;
  /**
   * Answers a message that nothing else takes: no handler of any bot, no usage and no help. `ctx.nearest` is the command that
   * the person probably meant. With `next()` the message goes to the handler of the next bot, and at last to the default reply.
   * In a group room this handler also gets messages that are not meant for the bot: see `ctx.message.isAddressed`. At most once a bot.
   * @example
   * bot.otherwise((ctx) => ctx.reply(ctx.nearest ? `Did you mean ${ctx.nearest.usage}?` : "Send help."));
   */
  otherwise(handler: Handler<OtherwiseContext>): void;
  /**
   * Sets the default reply: content as for `ctx.reply`, or `false` for none. A person gets it for a message that is addressed to
   * the bot and that nothing takes.
   * @default "Did you mean `weather <city>`? Send **help** to see all commands."
   */
  otherwise(content: ReplyContent | false): void;
  /**
   * Is given what somebody writes next after `ctx.ask(step, …)`, before any other handler, of this bot or another. With
   * `next()` it goes to whoever would have answered otherwise. Either way the question is answered; what does not fit is
   * asked again.
   */
  answer<Data extends object = JsonObject>(step: string, handler: Handler<AnswerContext<Data>>): void;
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
  refused(handler: RefusalHandler): void;
  /**
   * Answers events by name: `"memberships.created"`, `"rooms"` for all of rooms, `"*"` for everything. A name that begins with
   * a platform (`"intercom:conversation.admin.closed"`) is that platform's own.
   * @throws ArgumentError for an unknown name; Bellhop reports it with file and line when it loads the bot
   */
  on<const Name extends EventName>(name: Name, handler: Handler<Context<EventOf<Name>>>): void;
  on<const Name extends EventName>(
    name: Name,
    options: OnOptions,
    handler: Handler<Context<EventOf<Name>>>,
  ): void;
  /**
   * Called when a handler of this bot throws. Returning settles the event; throwing again leaves it to the rules for
   * retries. `ctx.isLastAttempt` says whether those give the event up.
   */
  catch(handler: (error: Error, ctx: Context) => unknown): void;
  /**
   * Decides which errors of this bot are retried, and when. `MAX_ATTEMPTS` stays the upper bound. At most once a bot.
   *
   * Without it, errors of the network, 429 and 5xx get all attempts with growing waits, bugs (`TypeError` and its likes)
   * get none, and other errors get three attempts.
   * @example
   * bot.retry((error) => (error instanceof LockedError ? { afterMs: 2_000 } : "default"));
   */
  retry(policy: RetryPolicy): void;
  /**
   * Sets the message that a person gets when their message or click fails for good, or is retried so late that their
   * conversation continues without it: content as for `ctx.reply`, a function that makes it, or `false` for no message. Each
   * event has one such message at most. At most once a bot.
   * @default "Something went wrong while handling your message. Reference: 000000000034."
   * @example
   * bot.apology((ctx, failure) => `Sorry. Please tell the help desk this number: ${failure.reference}`);
   */
  apology(apology: Apology): void;
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

/** The function that says what the bot answers. */
export function setupOf(definition: BotDefinition): (bot: Bot) => void {
  return definition[DEFINITION];
}

/** Whether a module's default export is a bot. */
export function isBotDefinition(value: unknown): value is BotDefinition {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, DEFINITION) === "function";
}
