import type { ButtonKeys } from "../cards/button-keys";
import { cardStatePlace } from "../cards/card-state";
import type { CardSource } from "../contract/card-source";
import { checkObject, checkText } from "../contract/check-options";
import type {
  AdaptiveCardJson,
  AskOptions,
  Context,
  NearestCommand,
  ReceivedMessage,
  ReplyContent,
  ReplyOptions,
  SessionOptions,
  StoredState,
} from "../contract/context";
import { ContextClosedError, UnknownStepError, UnsupportedError } from "../contract/errors";
import type { BotEvent, Message, Person } from "../contract/event";
import { capabilitiesFor, type EventCapabilities } from "../contract/event-capabilities";
import { type FileRules, messageFiles } from "../contract/files";
import { toJson, toJsonValue } from "../contract/json";
import type { Logger } from "../contract/logger";
import type { JsonObject, JsonValue } from "../contract/notice";
import type {
  Card,
  CardButtonOptions,
  MessageRef,
  Platform,
  Recipient,
  SentMessage,
} from "../contract/platform";
import { answerOrNothing } from "../contract/tolerate-refusal";
import type { TraceStep } from "../contract/trace";
import { type QuestionSlot, questionToJson } from "../state/pending-question";
import { sessionSlot } from "../state/session";
import { type RecordSlot, type StateChange, StateStore } from "../state/state-store";
import {
  checkAskOptions,
  checkCardButtonOptions,
  checkMessageRef,
  checkRecipient,
  checkReplyOptions,
  checkSessionOptions,
} from "./call-arguments";
import type { Journal } from "./journal";
import type { CallKey, Outbox } from "./outbox";
import { PendingCalls } from "./pending-calls";
import { readCard } from "./reply-content";
import { Answering, type SentMessages } from "./reply-target";

/** What a context is made from, besides the event. */
export interface ContextParts {
  readonly platform: Platform;
  readonly cards: CardSource;
  readonly files: FileRules;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly outbox: Outbox;
  /** What earlier attempts did. */
  readonly journal: Pick<Journal, "hasPassed" | "change">;
  /** Where what bots and cards remember is kept. */
  readonly desk: Pick<ButtonKeys, "platform" | "records" | "keys" | "now">;
  /** Where it is kept what the person is asked; absent when there is nobody to ask. */
  readonly asking: QuestionSlot | undefined;
  /** What the bot may ask. */
  readonly steps: ReadonlySet<string>;
  readonly trace: readonly TraceStep[];
  /** Whether the handler still runs; after that the context refuses to act. */
  isOpen(): boolean;
}

/** What all contexts of one bot at one event share. */
interface Shared {
  readonly state: Record<string, unknown>;
  readonly inHand: PendingCalls;
  /** Calls made so far, by handler. */
  readonly places: Map<string, number>;
  readonly answering: Answering;
}

/** What matching found out, for the handler's context. */
export interface Matched {
  readonly args?: Readonly<Record<string, string | number | boolean>>;
  readonly match?: RegExpMatchArray;
  /** A click's inputs, read by the handler's schema. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** The command that a message was probably meant for. */
  readonly nearest?: NearestCommand | undefined;
}

/** The one implementation of every context; which members make sense is told by the type the handler sees. */
export class HandlerContext implements Context {
  readonly event: BotEvent;
  readonly bot: string;
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  readonly state: Record<string, unknown>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly args: Matched["args"];
  readonly match: Matched["match"];
  readonly nearest: Matched["nearest"];
  /** What this event's handlers have begun. */
  readonly inHand: PendingCalls;
  readonly #parts: ContextParts;
  readonly #platform: Platform;
  readonly #handler: string;
  readonly #shared: Shared;
  readonly #readInputs: Matched["inputs"];
  #message: ReceivedMessage | undefined;

  /** @param handler whose calls are counted together: the same in every attempt, and of no other handler of the bot */
  constructor(
    event: BotEvent,
    bot: string,
    parts: ContextParts,
    handler = "middleware",
    matched: Matched = {},
    shared: Shared = {
      state: {},
      inHand: new PendingCalls(),
      places: new Map(),
      answering: new Answering({ event, ...parts }),
    },
  ) {
    this.event = event;
    this.bot = bot;
    this.attempt = parts.attempt;
    this.isLastAttempt = parts.isLastAttempt;
    this.state = shared.state;
    this.inHand = shared.inHand;
    this.signal = parts.signal;
    this.log = parts.log;
    this.args = matched.args;
    this.match = matched.match;
    this.nearest = matched.nearest;
    this.#readInputs = matched.inputs;
    this.#parts = parts;
    this.#platform = parts.platform;
    this.#handler = handler;
    this.#shared = shared;
  }

  get platform(): string {
    return this.#platform.name;
  }
  get account(): string {
    return this.#platform.account;
  }
  get client(): unknown {
    return this.#platform.client;
  }
  get can(): EventCapabilities {
    return capabilitiesFor(this.#platform, this.event);
  }
  get person(): Person | undefined {
    return this.event.person;
  }
  get room(): BotEvent["room"] {
    return this.event.room;
  }
  get message(): ReceivedMessage | undefined {
    if (!("message" in this.event)) return undefined;
    this.#message ??= this.#withFiles(this.event.message);
    return this.#message;
  }
  get inputs(): Readonly<Record<string, unknown>> | undefined {
    return this.#readInputs ?? (this.event.kind === "action" ? this.event.inputs : undefined);
  }
  get data(): JsonObject {
    const { event } = this;
    if (event.kind === "action") return event.button?.data ?? {};
    return (
      (event.kind === "message" && event.answers?.bot === this.bot ? event.answers.data : undefined) ?? {}
    );
  }

  get trace(): readonly TraceStep[] {
    return this.#parts.trace;
  }

  /** The same event for another handler, that matched in its own way. */
  with(handler: string, matched: Matched = {}): HandlerContext {
    return new HandlerContext(this.event, this.bot, this.#parts, handler, matched, this.#shared);
  }

  /** The same event, for what decides about a failure of this attempt. @param isLast whether the event is given up otherwise */
  forFailure(isLast: boolean): HandlerContext {
    const parts = { ...this.#parts, isLastAttempt: isLast };
    return new HandlerContext(this.event, this.bot, parts, this.#handler, {}, this.#shared);
  }

  card(name: string, data?: Readonly<Record<string, unknown>>, buttons?: CardButtonOptions): Card;
  card(json: AdaptiveCardJson, buttons?: CardButtonOptions): Card;
  card(of: string | AdaptiveCardJson, second?: object, third?: CardButtonOptions): Card {
    const { cards } = this.#parts;
    if (typeof of !== "string") return withRules(readCard("ctx.card", of, cards), second);
    if (second !== undefined) checkObject("ctx.card", "data", second);
    const warn = (warning: string): void => this.log.warn(warning, { card: of });
    return withRules(cards.render(of, toJson(second ?? {}), warn), third);
  }

  getPerson(id?: string): Promise<Person> {
    return this.#look("getPerson", async () => {
      if (id !== undefined) checkText("ctx.getPerson", "id", id);
      const wanted = id ?? this.person?.id;
      if (wanted === undefined)
        throw new UnsupportedError(
          this.platform,
          "say who did this",
          "pass the id of the person to getPerson",
        );
      const { person } = this;
      if (person?.id !== wanted) return this.#platform.person(wanted, this.signal);
      // Not every platform describes every author; then the event says all that is known.
      const found = await answerOrNothing(this.#platform.person(wanted, this.signal, person.type));
      return found === undefined ? person : { ...person, ...onlyDefined(found) };
    });
  }

  reply(content: ReplyContent, options?: ReplyOptions): Promise<SentMessage> {
    return this.#act("reply", async (at) => {
      checkReplyOptions("reply", options);
      return first(await this.#shared.answering.reply(at, content, options?.thread ?? true));
    });
  }

  ask(step: string, content: ReplyContent, options: AskOptions = {}): Promise<SentMessage> {
    return this.#act("ask", async (at) => {
      checkText("ctx.ask", "step", step);
      checkAskOptions("ask", options);
      const { data = {}, expiresAfterMs = DEFAULT_ASKING_MS, thread = true } = options;
      const { asking, steps } = this.#parts;
      if (!steps.has(step)) throw new UnknownStepError(this.bot, step, [...steps]);
      if (asking === undefined)
        throw new UnsupportedError(this.platform, "say who is to be asked", "use ctx.reply");
      const question = questionToJson({ bot: this.bot, step, data: toJson(data), messages: [] });
      const sent = await this.#shared.answering.reply(at, content, thread);
      asking.keep(
        { ...question, messages: sent.map(({ id }) => id).filter((id) => id !== "") },
        expiresAfterMs,
      );
      return first(sent);
    });
  }

  replyPrivately(content: ReplyContent): Promise<SentMessage> {
    return this.#act("replyPrivately", async (at) =>
      first(await this.#shared.answering.replyPrivately(at, content)),
    );
  }

  direct(to: Recipient, content: ReplyContent): Promise<SentMessage> {
    return this.#act("direct", async (at) => {
      checkRecipient("direct", to);
      return first(await this.#shared.answering.direct(at, to, content));
    });
  }

  edit(sent: SentMessage, content: ReplyContent): Promise<void> {
    return this.#act("edit", async (at) => {
      checkMessageRef("edit", sent);
      await this.#shared.answering.edit(at, sent, content);
    });
  }

  delete(sent: MessageRef): Promise<void> {
    return this.#act("delete", async (at) => {
      checkMessageRef("delete", sent);
      await this.#shared.answering.remove(at, sent);
    });
  }

  replaceCard(content: ReplyContent): Promise<SentMessage> {
    return this.#act("replaceCard", (at) => this.#shared.answering.replaceCard(at, content));
  }

  session<T>(initial: T, options: SessionOptions = {}): StoredState<T> {
    checkSessionOptions(options);
    const at = sessionSlot(this.#parts.desk, this.event, this.bot, options);
    return this.#keptState("session", initial, at);
  }

  cardState<T>(initial: T): StoredState<T> {
    if (this.event.kind !== "action")
      throw new UnsupportedError(
        this.platform,
        "tell which card remembers this",
        "call cardState where a click is answered",
      );
    return this.#keptState("cardState", initial, cardStatePlace(this.#parts.desk, this.event));
  }

  #keptState<T>(call: "session" | "cardState", initial: T, at: RecordSlot): StoredState<T> {
    const store = new StateStore(this.#parts.desk.records);
    // What is kept is what `update` was given under the same name; a bot that changes its mind sees to it itself.
    const from = (kept: JsonValue | undefined): T => (kept === undefined ? initial : (kept as T));
    const change = async ({ place }: CallKey, by: StateChange): Promise<T> =>
      from(
        await store.update(
          at,
          {
            isMade: () => this.#parts.journal.hasPassed(place),
            make: (records) => this.#parts.journal.change(place, records),
          },
          by,
        ),
      );
    return {
      read: () => this.#look(`${call}.read`, async () => from(await store.read(at))),
      update: (to) =>
        this.#act(`${call}.update`, (place) => change(place, (now) => toJsonValue(to(from(now))))),
      forget: () => this.#act(`${call}.forget`, async (place) => void (await change(place, () => undefined))),
    };
  }

  #withFiles(message: Message): ReceivedMessage {
    const { files: rules, signal } = this.#parts;
    const files = messageFiles(message, this.#platform, rules, signal, (name, read) =>
      this.#look(name, read),
    );
    return { ...message, files };
  }

  #look<T>(name: string, look: () => Promise<T>): Promise<T> {
    if (!this.#parts.isOpen()) return Promise.reject(new ContextClosedError(name));
    return this.inHand.add(look());
  }

  /** Takes the call's place in the run before anything is waited for: the order of the calls is the run's. */
  #act<T>(call: string, act: (at: CallKey) => Promise<T>): Promise<T> {
    const handler = `${this.bot}/${this.#handler}`.slice(0, LONGEST_HANDLER);
    const number = (this.#shared.places.get(handler) ?? 0) + 1;
    this.#shared.places.set(handler, number);
    // With the call's name: a handler that decides otherwise when it is run again makes another call.
    const place = `${handler}/${number} ${call}`;
    return this.#look(call, () => act({ bot: this.bot, call, place }));
  }
}

function withRules(card: Card, buttons: CardButtonOptions | undefined): Card {
  checkCardButtonOptions("card", buttons);
  return buttons === undefined ? card : { ...card, buttons };
}

/** How long an answer is waited for, in milliseconds. */
const DEFAULT_ASKING_MS = 3_600_000;

/** Characters of bot and handler in the name of a place. */
const LONGEST_HANDLER = 150;

/** Of an answer in several messages, the one that stands for it. */
function first([sent]: SentMessages): SentMessage {
  return sent;
}

function onlyDefined(person: Person): Person {
  return Object.fromEntries(
    Object.entries(person).filter(([, value]) => value !== undefined),
  ) as unknown as Person; // its id is defined
}
