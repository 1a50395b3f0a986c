import { checkAccountName } from "../../core/contract/account";
import { checkOptions, optionNames } from "../../core/contract/check-options";
import { ApiError, FileError, SignatureError } from "../../core/contract/errors";
import type { Person, Room, Target } from "../../core/contract/event";
import { type Logger, silentLogger, withFields } from "../../core/contract/logger";
import type {
  Capabilities,
  ConnectionContext,
  MessagePosition,
  MessageRef,
  OutgoingMessage,
  Platform,
  Recipient,
  SentMessage,
} from "../../core/contract/platform";
import { deriveKey } from "../../core/util/derive-key";
import { type Clock, systemClock } from "../api/clock";
import { createKept } from "../api/ttl-cache";
import { cardOf } from "./card-of";
import { createWebexClient, WEBEX_API, type WebexClient } from "./client";
import { examine } from "./diagnose";
import { fetchEvent } from "./fetch";
import { findSent, isAnswer } from "./find-sent";
import { createMissed } from "./history";
import { isSameId, uuidOf } from "./ids";
import type { OwnNames } from "./mention";
import { happenedAt, parseNotice, receiptOf, toRoomKind } from "./parse";
import { toEditBody, toMessageBody } from "./render";
import type { WebexPosted } from "./resources/messages";
import type { WebexCallOptions } from "./resources/requests";
import { createVerifier, SIGNATURE_HEADERS } from "./verify";
import type { WebhookChange } from "./webhooks/apply";
import { createPong, type PingResult, ping } from "./webhooks/ping";
import type { DesiredWebhooks, PlannedWebhookChange } from "./webhooks/plan";
import { createWebhookReconciler, type WebhookReconcilerOptions } from "./webhooks/reconciler";
import { createWebhookSync, type WebhookSyncOptions } from "./webhooks/sync";
import { catalogUrlFor } from "./websocket/catalog";
import { listen, type WebsocketSettings } from "./websocket/listen";

export type { WebhookChange } from "./webhooks/apply";
export type { PingResult } from "./webhooks/ping";
export type { DesiredWebhooks, PlannedWebhookChange } from "./webhooks/plan";
export type { WebhookReconcilerOptions } from "./webhooks/reconciler";
export type { Subscription } from "./webhooks/subscriptions";
export type { WebhookSyncOptions } from "./webhooks/sync";
export type { WebsocketSettings } from "./websocket/listen";

export interface WebexOptions {
  /** Name of this bot identity: letters, digits, `-` and `_`. @default "default" */
  readonly account?: string | undefined;
  readonly token: string;
  /**
   * Newest first: deliveries signed with any of them are accepted, webhooks are given the first. At least one, unless
   * events come over the websocket: without one, every delivery is refused.
   */
  readonly secrets: readonly string[];
  /**
   * How events arrive: as signed webhooks, or over a websocket that the bot itself opens, which needs no public address.
   * @default "webhooks"
   */
  readonly transport?: "webhooks" | "websocket" | undefined;
  readonly websocket?: WebsocketSettings | undefined;
  /** Where the receiver is, and how its webhooks are looked after. Absent: they are somebody else's business. */
  readonly webhooks?: WebhookReconcilerOptions | undefined;
  /** Used as given, no path is added. @default "https://webexapis.com/v1" */
  readonly apiBaseUrl?: string | undefined;
  /** @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Webex to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<WebexOptions>({
  account: true,
  token: true,
  secrets: true,
  transport: true,
  websocket: true,
  webhooks: true,
  apiBaseUrl: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/** One Webex bot. */
export interface Webex extends Platform {
  /** All of the API with this bot's token; shares connections and waits with the bot. Closed with it. */
  readonly client: WebexClient;
  /**
   * Makes the bot's webhooks at Webex be what is wanted. Those of others are left alone; one that Webex has switched off
   * is woken once the receiver answers a ping.
   * @returns what was changed, and what was left although it is not as it should be
   */
  syncWebhooks(
    wanted: DesiredWebhooks,
    signal: AbortSignal,
    options?: WebhookSyncOptions,
  ): Promise<WebhookChange[]>;
  /** @returns what `syncWebhooks` would change now; nothing is changed */
  planWebhooks(
    wanted: DesiredWebhooks,
    signal: AbortSignal,
    options?: WebhookSyncOptions,
  ): Promise<PlannedWebhookChange[]>;
  /** Sends a signed delivery to a receiver, which proves that it has our newest secret and stores nothing. */
  pingReceiver(targetUrl: string, signal: AbortSignal): Promise<PingResult>;
}

const CAPABILITIES: Capabilities = {
  cards: true,
  threads: true,
  edit: true,
  editCards: false,
  delete: true,
  direct: true,
  files: true,
  quickReplies: 0,
  maxBytes: 7_439,
};

const HOUR_MS = 3_600_000;

/** Puts a Webex bot together. It connects when it is opened. */
export function createWebex(options: WebexOptions): Webex {
  checkOptions("createWebex", options, OPTIONS);
  const {
    account = "default",
    token,
    secrets,
    apiBaseUrl = WEBEX_API,
    maxWaitMs,
    clock = systemClock,
    transport = "webhooks",
  } = options;
  checkAccountName("createWebex", account);
  const name = "webex";
  const log = withFields(options.log ?? silentLogger, { platform: name, account });
  const client = createWebexClient({ token, baseUrl: apiBaseUrl, log, maxWaitMs, clock });
  const overWebsocket = transport === "websocket";
  if (overWebsocket && options.webhooks !== undefined)
    throw new TypeError(
      `createWebex: with the transport "websocket" no webhooks are looked after; leave "webhooks" out`,
    );
  const websocket = overWebsocket
    ? {
        ...options.websocket,
        catalogUrl: options.websocket?.catalogUrl ?? catalogUrlFor(apiBaseUrl),
        deviceName: options.websocket?.deviceName ?? `bellhop ${account}`,
      }
    : undefined;
  const verify = overWebsocket && secrets.length === 0 ? refuseAll : createVerifier(secrets);
  const [secret = "", ...previous] = secrets; // createVerifier saw to it that there is one, where there are deliveries
  const webhooks = createWebhookSync({ client, log, account, secrets: [secret, ...previous] });
  const people = createKept<Person>({ maxEntries: 5_000, forMs: HOUR_MS, now: clock.now });
  const rooms = createKept<Room>({ maxEntries: 5_000, forMs: HOUR_MS, now: clock.now });
  /** Thread roots of our own messages; an empty one for those in no thread. */
  const roots = createKept<string>({ maxEntries: 10_000, forMs: 24 * HOUR_MS, now: clock.now });
  let own: OwnNames | undefined;

  function requireOwn(): OwnNames {
    if (own === undefined) throw new Error(`webex account "${account}": open() has not succeeded yet`);
    return own;
  }

  const requireOwnId = (): string => requireOwn().id;

  async function person(id: string, signal: AbortSignal): Promise<Person> {
    const known = people.get(id);
    if (known !== undefined) return known;
    const { emails, displayName, type } = await client.people.get(id, { signal });
    const isBot = type === undefined ? undefined : type === "bot";
    const found = { id, email: emails[0]?.toLowerCase(), displayName, isBot };
    people.set(id, found);
    return found;
  }

  async function room(id: string, signal: AbortSignal): Promise<Room> {
    const known = rooms.get(id);
    if (known !== undefined) return known;
    const { title, type } = await client.rooms.get(id, { signal });
    const found = { id, title, kind: toRoomKind(type) };
    rooms.set(id, found);
    return found;
  }

  async function post(
    target: Target | Recipient,
    message: OutgoingMessage,
    options: WebexCallOptions,
  ): Promise<WebexPosted> {
    try {
      return await client.messages.create(toMessageBody(target, message), options);
    } catch (error) {
      if (!isRefusedThread(error) || !("threadId" in target)) throw error;
      const posted = await client.messages.create(toMessageBody({ roomId: target.roomId }, message), options);
      log.warn("posted outside the thread, which does not take it: its first message may be deleted", {
        call: error.call,
        status: error.status,
        reason: error.message,
      });
      return posted;
    }
  }

  return {
    name,
    account,
    client,
    can: CAPABILITIES,
    signatureHeaders: SIGNATURE_HEADERS,
    verify,
    answerPing: createPong(secrets),
    parse: (delivery) => parseNotice(delivery.body, { name, account }),
    // Where no deliveries come there may be no secret but the token.
    deriveKeys: (purpose) =>
      (secrets.length > 0 ? secrets : [token]).map((one) => deriveKey(one, `webex ${purpose}`)),
    async open(signal) {
      const { id, displayName = "", emails } = await client.people.me({ signal });
      own = { id, displayName, emails: emails.map((email) => email.toLowerCase()) };
      return { personId: id, displayName };
    },
    diagnose: (arrival, signal) =>
      examine(
        { client, webhooks, secret, token, apiBaseUrl, clock, settings: options.webhooks, websocket },
        arrival,
        signal,
      ),
    ...(options.webhooks &&
      createWebhookReconciler({ ...options.webhooks, webhooks, secret, platform: name, log, clock })),
    ...(websocket && {
      listen: (intake: ConnectionContext, signal: AbortSignal) =>
        listen({ ...websocket, source: { name, account }, token, log, clock }, intake, signal),
    }),
    history: createMissed({ client, source: { name, account }, ownId: requireOwnId }),
    happenedAt,
    identify: uuidOf,
    isOwn(notice) {
      if (!notice.name.startsWith("messages.")) return false;
      const { data } = notice.data;
      const author = typeof data === "object" && data !== null && "personId" in data && data.personId;
      return typeof author === "string" && isSameId(author, requireOwnId());
    },
    receiptOf,
    isAnswer: (sent, target, message, signal) => isAnswer(sent, target, message, client, signal),
    fetch: (notice, signal) => fetchEvent(notice, { client, person, own: requireOwn() }, signal),
    person,
    room,
    async positionOf(message, signal) {
      const root = roots.get(message.id);
      if (root !== undefined) return toPlace(root);
      try {
        const { parentId = "" } = await client.messages.get(message.id, { signal });
        roots.set(message.id, parentId);
        return toPlace(parentId);
      } catch (error) {
        if (error instanceof ApiError && (error.status === 403 || error.status === 404))
          return { kind: "gone" };
        throw error;
      }
    },
    cardOf: ({ id }, signal) => cardOf(id, { client, ownId: requireOwnId() }, signal),
    async send(target, message, signal, mayBegin) {
      const { id, roomId, parentId } = await post(target, message, { signal, mayBegin });
      roots.set(id, parentId ?? "");
      return { id, roomId, threadId: parentId };
    },
    fileInfo: (url, { allowUnscannable }, signal) =>
      orFileError(client.files.info(url, { allowUnscannable, signal })),
    openFile: (url, { allowUnscannable }, signal) =>
      orFileError(
        client.files.download(url, { allowUnscannable, maxBytes: Number.MAX_SAFE_INTEGER, signal }),
      ),
    findSent: (target, message, since, signal) =>
      findSent(target, message, since, { client, ownId: requireOwnId() }, signal),
    async edit(sent: SentMessage, message: OutgoingMessage, signal, mayBegin) {
      await client.messages.edit(sent.id, toEditBody(sent, message), { signal, mayBegin });
    },
    async deleteMessage(sent: MessageRef, signal, mayBegin) {
      roots.delete(sent.id);
      try {
        await client.messages.delete(sent.id, { signal, mayBegin });
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    },
    syncWebhooks: webhooks.sync,
    planWebhooks: webhooks.plan,
    pingReceiver: (targetUrl, signal) => ping(targetUrl, secret, { signal }),
    close: () => client.close(),
  };
}

function refuseAll(): never {
  throw new SignatureError(
    "webex",
    "this account has no webhook secret, because its events come over the websocket",
  );
}

function toPlace(rootId: string): MessagePosition {
  return rootId === "" ? { kind: "top" } : { kind: "thread", rootId };
}

/** Webex does not document how it says that a thread's root is gone; a message that was refused was not posted. */
function isRefusedThread(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 400 || error.status === 404);
}

/** What Webex does not give out for the sake of safety; handlers tell it apart by its code. */
async function orFileError<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 410)
      throw new FileError("file-infected", "the file was found infected, or was deleted", error);
    if (error instanceof ApiError && error.status === 428)
      throw new FileError(
        "file-unscannable",
        "the file cannot be scanned for malware; bot.files({ allowUnscannable: true }) takes it all the same",
        error,
      );
    throw error;
  }
}
