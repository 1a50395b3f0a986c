import { checkAccountName } from "../../core/contract/account";
import { checkOptions, optionNames } from "../../core/contract/check-options";
import { describeError, UnsupportedError } from "../../core/contract/errors";
import { type Logger, silentLogger, withFields } from "../../core/contract/logger";
import type { Capabilities, Platform, QuickReply } from "../../core/contract/platform";
import { deriveKey } from "../../core/util/derive-key";
import { type Clock, systemClock } from "../api/clock";
import { openAttachment } from "./attachments";
import { createIntercomClient, type IntercomClient, US_BASE_URL } from "./client";
import { completeEvent } from "./complete";
import { findSent } from "./find-sent";
import { createMissed } from "./history";
import { isAuthor, partsOf } from "./item";
import { happenedAt, parseNotice } from "./parse";
import { createPeople } from "./people";
import { toReply } from "./render";
import { createVerifier, SIGNATURE_HEADERS } from "./verify";

export interface IntercomOptions {
  /** Name of this workspace: letters, digits, `-` and `_`. @default "default" */
  readonly account?: string | undefined;
  readonly token: string;
  /** Newest first: notifications signed with any of them are accepted. At least one. */
  readonly secrets: readonly string[];
  /** Of the workspace's region. @default "https://api.intercom.io" */
  readonly apiBaseUrl?: string | undefined;
  /** @default the one that the app is set to */
  readonly version?: string | undefined;
  /** The admin that the bot answers as. @default the token's own */
  readonly adminId?: string | undefined;
  /** The workspace; notifications of others are refused. @default any */
  readonly appId?: string | undefined;
  /** @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Intercom to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<IntercomOptions>({
  account: true,
  token: true,
  secrets: true,
  apiBaseUrl: true,
  version: true,
  adminId: true,
  appId: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/** One bot in one Intercom workspace. */
export interface Intercom extends Platform {
  /** The API with this bot's token. Closed with the bot. */
  readonly client: IntercomClient;
  /** The admin that the bot answers as. Only after `open`. */
  adminId(): string;
}

const CAPABILITIES: Capabilities = {
  cards: false,
  threads: false,
  edit: false,
  editCards: false,
  delete: false,
  direct: false,
  files: true,
  quickReplies: 10,
  maxBytes: 30_000,
};

/** Puts an Intercom bot together. It connects when it is opened. */
export function createIntercom(options: IntercomOptions): Intercom {
  checkOptions("createIntercom", options, OPTIONS);
  const { account = "default", token, secrets, apiBaseUrl, version, appId, maxWaitMs } = options;
  const { clock = systemClock } = options;
  checkAccountName("createIntercom", account);
  const name = "intercom";
  const source = { name, account, appId };
  const log = withFields(options.log ?? silentLogger, { platform: name, account });
  const client = createIntercomClient({
    ...{ token, adminId: options.adminId, baseUrl: apiBaseUrl, version, log, maxWaitMs, clock },
  });
  const verify = createVerifier(secrets);
  let ownId: string | undefined;

  function adminId(): string {
    if (ownId === undefined) throw new Error(`intercom account "${account}": open() has not succeeded yet`);
    return ownId;
  }

  /** Buttons are a part of their own. Without them the text still says what can be answered. */
  async function offer(
    conversationId: string,
    replies: readonly QuickReply[],
    signal: AbortSignal,
  ): Promise<void> {
    const replyOptions = replies.map(({ id, title }) => ({ text: title, uuid: id }));
    try {
      await client.conversations.reply(
        conversationId,
        adminId(),
        { messageType: "quick_reply", replyOptions },
        { signal },
      );
    } catch (error) {
      // The text is there already: were this thrown, it would be said again.
      log.warn("quick replies were not taken; the text below which they belong can be answered", {
        error: describeError(error),
      });
    }
  }

  return {
    name,
    account,
    client,
    adminId,
    can: CAPABILITIES,
    probesWithHead: true,
    signatureHeaders: SIGNATURE_HEADERS,
    verify,
    deriveKeys: (purpose) => secrets.map((secret) => deriveKey(secret, `intercom ${purpose}`)),
    parse: ({ body }) => parseNotice(body, source),
    async open(signal) {
      const me = await client.me({ signal });
      ownId = options.adminId ?? me.id;
      return { personId: ownId, displayName: me.name ?? "" };
    },
    history: createMissed(client, source),
    isOwn: ({ person }) =>
      person !== undefined && isAuthor({ type: person.type ?? "", id: person.id }, adminId()),
    async fetch(notice, signal) {
      signal.throwIfAborted();
      const parts = { client, baseUrl: apiBaseUrl ?? US_BASE_URL, adminId: adminId() };
      return completeEvent(notice, parts, signal);
    },
    person: createPeople(client, clock.now),
    room: async (id) => ({ id, kind: "direct" }),
    positionOf: async () => ({ kind: "top" }),
    async send(target, message, signal, mayBegin) {
      if (!("roomId" in target)) throw cannot("write to somebody outside a conversation", "use its client");
      const { roomId } = target;
      signal.throwIfAborted();
      const { raw } = await client.conversations.reply(roomId, adminId(), await toReply(message), {
        signal,
        mayBegin,
      });
      const part = partsOf(raw).at(-1);
      if (message.quickReplies !== undefined) await offer(roomId, message.quickReplies, signal);
      return { id: part?.id ?? "", roomId };
    },
    findSent: (target, message, since, signal) =>
      findSent(target, message, since, { client, adminId: adminId() }, signal),
    happenedAt,
    fileInfo: async (url, _options, signal) => {
      const { stream, ...info } = await openAttachment(url, log, signal);
      stream.destroy();
      return info;
    },
    openFile: (url, _options, signal) => openAttachment(url, log, signal),
    edit: () => Promise.reject(cannot("change a message", "post another one")),
    deleteMessage: () => Promise.reject(cannot("delete a message", "post a correction")),
    close: () => client.close(),
  };
}

function cannot(what: string, instead: string): UnsupportedError {
  return new UnsupportedError("intercom", what, instead);
}
