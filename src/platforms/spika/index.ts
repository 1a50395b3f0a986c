import { checkAccountName } from "../../core/contract/account";
import { checkOptions, optionNames } from "../../core/contract/check-options";
import { UnsupportedError } from "../../core/contract/errors";
import { type Logger, silentLogger, withFields } from "../../core/contract/logger";
import type { Capabilities, Platform } from "../../core/contract/platform";
import { deriveKey } from "../../core/util/derive-key";
import { stripLastSlashes } from "../../core/util/strip-slashes";
import { type Clock, systemClock } from "../api/clock";
import { createKept } from "../api/ttl-cache";
import { createSpikaClient, type SpikaClient } from "./client";
import { completeEvent } from "./complete";
import { parseGlobalEvent } from "./global-bot";
import { parseNotice, SPIKA_OVERTAKING } from "./parse";
import { toSpikaMessage } from "./render";
import { createPathVerifier, createVerifier, type SpikaSignatures } from "./verify";

export type { SpikaSignatures } from "./verify";

export interface SpikaOptions {
  /** Name of this bot identity: letters, digits, `-` and `_`. @default "default" */
  readonly account?: string | undefined;
  /** Where the server is, without `/api`: `https://chat.example.com`. */
  readonly baseUrl: string;
  /** The token of the room's API key. */
  readonly apiKey: string;
  /** What deliveries have to carry: the room webhook's `verifySignature`. At least one. */
  readonly signatures: SpikaSignatures;
  /** User ids of other bots in the room: Spika does not say who is one. */
  readonly botUserIds?: readonly string[] | undefined;
  /**
   * Takes the events of global bots, which have no signature, at this path below the account's own:
   * `/webhooks/spika/<account>/<globalBotPath>`. At least 32 letters, digits, `-` and `_`, kept secret: whoever knows it can
   * make them up. They come as `spika:newMessage`, `spika:newRoom`, …. @default they are refused
   */
  readonly globalBotPath?: string | undefined;
  /** @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Spika to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<SpikaOptions>({
  account: true,
  baseUrl: true,
  apiKey: true,
  signatures: true,
  botUserIds: true,
  globalBotPath: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/** One bot in one room of a Spika server. */
export interface Spika extends Platform {
  /** All that the room's API key can do. Closed with the bot. */
  readonly client: SpikaClient;
}

const CAPABILITIES: Capabilities = {
  cards: false,
  threads: true,
  edit: false,
  editCards: false,
  delete: false,
  direct: false,
  files: true,
  quickReplies: 0,
  // Servers of 2023 read no more than 100 kB of JSON, in which a line end or a quote is two bytes.
  maxBytes: 30_000,
};

const DAY_MS = 86_400_000;

/** Puts a Spika bot together. It connects when it is opened. */
export function createSpika(options: SpikaOptions): Spika {
  checkOptions("createSpika", options, OPTIONS);
  const {
    account = "default",
    apiKey,
    signatures,
    botUserIds = [],
    globalBotPath,
    maxWaitMs,
    clock = systemClock,
  } = options;
  checkAccountName("createSpika", account);
  const baseUrl = stripLastSlashes(options.baseUrl);
  const name = "spika";
  const log = withFields(options.log ?? silentLogger, { platform: name, account });
  const client = createSpikaClient({ baseUrl, apiKey, log, maxWaitMs, clock });
  const verifyRoom = createVerifier(signatures);
  const verifyPath = createPathVerifier(globalBotPath);
  const bots = new Set(botUserIds);
  /** What our own messages quote; an empty one for those that quote nothing. */
  const quotes = createKept<string>({ maxEntries: 10_000, forMs: DAY_MS, now: clock.now });
  let ownId: string | undefined;
  let ownName = "";

  return {
    name,
    account,
    client,
    can: CAPABILITIES,
    reorder: SPIKA_OVERTAKING,
    takesPathSecret: globalBotPath !== undefined,
    verify(delivery) {
      if (delivery.pathSecret === undefined) verifyRoom(delivery);
      else verifyPath(delivery.pathSecret);
    },
    // A room's signature may be one of many, and comes with every delivery; the key is the bot's own.
    deriveKeys: (purpose) => [deriveKey(apiKey, `spika ${purpose}`)],
    // Who knows one of the secrets must not speak for who knows the other.
    parse: ({ body, pathSecret }) =>
      pathSecret === undefined
        ? parseNotice(body, { name, account, botUserIds: bots })
        : parseGlobalEvent(body, { name, account }),
    async open(signal) {
      const { id, displayName = "" } = await client.me({ signal });
      ownId = String(id);
      ownName = displayName;
      return { personId: ownId, displayName };
    },
    isOwn({ person }) {
      if (ownId === undefined) throw new Error(`spika account "${account}": open() has not succeeded yet`);
      return person?.id === ownId;
    },
    async fetch(notice, signal) {
      signal.throwIfAborted();
      return completeEvent(notice, baseUrl, ownName);
    },
    // A room's API key reads nothing: what a delivery said of people and rooms is all there is.
    person: async (id) => ({ id, isBot: bots.has(id) ? true : undefined }),
    room: async (id) => ({ id }),
    async positionOf({ id }) {
      const quoted = quotes.get(id);
      return quoted === undefined || quoted === "" ? { kind: "top" } : { kind: "thread", rootId: quoted };
    },
    async send(target, message, signal, mayBegin) {
      const body = await toSpikaMessage(target, message, client.files, signal);
      const posted = await client.messages.create(body, { signal, mayBegin });
      const id = String(posted.id);
      const threadId = posted.replyId === undefined ? undefined : String(posted.replyId);
      quotes.set(id, threadId ?? "");
      return { id, roomId: String(posted.roomId), threadId };
    },
    async fileInfo(url, _options, signal) {
      const { stream, ...info } = await client.files.open(url, { signal });
      stream.destroy();
      return info;
    },
    openFile: (url, _options, signal) => client.files.open(url, { signal }),
    findSent: async () => undefined,
    edit: () => Promise.reject(cannot("change a message", "post another one")),
    deleteMessage: () => Promise.reject(cannot("delete a message", "post a correction")),
    close: () => client.close(),
  };
}

function cannot(what: string, instead: string): UnsupportedError {
  return new UnsupportedError("spika", `${what} with a room's API key`, instead);
}
