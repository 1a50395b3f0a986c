import type { Router } from "express";
import type { GuardedApi } from "../auth/auth";
import type { Faults } from "../faults/faults";
import type { Later } from "../scheduler";
import { Bell, BOT_WAIT_MS } from "../signal";
import type { Timeline } from "../timeline";
import type { Courier } from "../webhooks/delivery-queue";
import { spikaApi, spikaGuard } from "./api";
import type { SpikaMessage, SpikaRoom, SpikaUser, SpikaWebhook } from "./records";
import { SpikaServer } from "./server";
import type { SpikaState } from "./state";
import { callWebhook, type WireForm } from "./webhook-caller";

export type { SpikaMessage } from "./records";

/** Where and how something is said in Spika. */
export interface SpikaSaysOptions {
  /** @default the room with everybody in it */
  readonly roomId?: number;
  /** The message that is quoted. */
  readonly replyId?: number;
  /** `{ type: "file", body: { fileId } }` in the place of a text. */
  readonly content?: { readonly type: string; readonly body: Readonly<Record<string, unknown>> };
}

/** A room with its people and bots. */
export interface SpikaRoomShown {
  readonly id: number;
  /** Empty in private rooms. */
  readonly name: string;
  readonly type: "group" | "private";
  readonly members: readonly { readonly id: number; readonly displayName: string; readonly isBot: boolean }[];
}

/** A Spika server with three people, a room of theirs with a bot, and a private one of Ada and the bot. */
export interface SpikaPlayground {
  /** Path of the server below `app`. */
  readonly path: "/spika";
  /** The room's API key, the token of which the bot posts with. */
  readonly apiKey: string;
  readonly botUserId: number;
  readonly roomId: number;
  readonly privateRoomId: number;
  /** Ada, Grace and Alan, with tokens for the API. */
  readonly people: readonly { readonly id: number; readonly displayName: string; readonly token: string }[];
  /** The rooms there are, with everybody in them. */
  readonly rooms: readonly SpikaRoomShown[];
  /** Leads both rooms' webhooks to an address, the private room's to one of its own if there is one. @returns what their deliveries carry */
  connect(
    url: string,
    privateUrl?: string,
  ): { readonly signature: string; readonly privateSignature: string };
  /** Which form the server sends. @default "flat" */
  form: WireForm;
  says(who: string, text: string, options?: SpikaSaysOptions): SpikaMessage;
  /** The file of a message, by its body. */
  filesOf(
    body: SpikaMessage["body"],
  ): readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[];
  /** Everything in the rooms, oldest first. */
  readonly messages: readonly SpikaMessage[];
  /** The bot's next message that this has not returned before. @throws Error after `timeoutMs`. @default 30_000 */
  nextMessageFromBot(timeoutMs?: number): Promise<SpikaMessage>;
}

/** The playground, and what the whole one needs of it. */
type SpikaPart = SpikaPlayground & {
  readonly router: Router;
  readonly guard: GuardedApi;
  /** What outlives the process. */
  state(): SpikaState;
  /** Makes it what it was at the start, but for numbers, and what the program has to reach it and be reached. */
  startOver(): void;
};

/** @param kept what an earlier one had; absent: begins anew */
export function createSpikaPlayground(
  parts: {
    readonly courier: Courier;
    readonly later: Later;
    readonly timeline: Timeline;
    readonly faults: Faults;
    readonly now: () => number;
  },
  kept?: SpikaState,
): SpikaPart {
  const heard = new Bell();
  const server = new SpikaServer(parts.now, parts.later, (message, author, room) => {
    // Of several webhooks of a room only the first one is called.
    const webhook = [...server.webhooks.values()].find(({ roomId }) => roomId === room.id);
    if (webhook !== undefined) callWebhook(parts.courier, webhook, playground.form, message, author, room);
    parts.timeline.add("spika.message", { message });
    heard.ring();
  });
  if (kept !== undefined) server.restore(kept);
  const [ada, ...others] = ["Ada Lovelace", "Grace Hopper", "Alan Turing"].map(
    (name) =>
      [...server.users.values()].find(({ displayName, isBot }) => displayName === name && !isBot) ??
      server.addUser(name),
  );
  if (ada === undefined) throw new Error("playground: somebody was added");
  const people = [ada, ...others];
  const firstRoom = (type: SpikaRoom["type"]): SpikaRoom | undefined =>
    [...server.rooms.values()].find((one) => one.type === type);
  const room = firstRoom("group") ?? server.addRoom("Kitchen", "group", people);
  // Somebody may have deleted it.
  const key =
    [...server.apiKeys.values()].find(({ roomId }) => roomId === room.id) ??
    server.addApiKey(room.id, "Bellhop");
  const privateRoom = firstRoom("private") ?? server.addRoom("", "private", [ada]);
  if (!privateRoom.members.includes(key.userId)) privateRoom.members.push(key.userId);
  let taken = server.messages.length;
  /** As they were made for the program. */
  let connected: readonly SpikaWebhook[] = [];

  const connectRoom = ({ id }: SpikaRoom, url: string): SpikaWebhook => {
    const [first, ...further] = [...server.webhooks.values()].filter(({ roomId }) => roomId === id);
    for (const webhook of further) server.webhooks.delete(webhook.id);
    if (first === undefined) return server.addWebhook(id, url);
    // The signature stays: a program that is started again takes what it signed for its own.
    first.url = url;
    return first;
  };
  const personNamed = (who: string): SpikaUser => {
    const found = people.find(({ displayName }) => displayName.toLowerCase().startsWith(who.toLowerCase()));
    if (found === undefined) throw new Error(`playground: nobody in Spika is called "${who}"`);
    return found;
  };
  const botMessage = (): SpikaMessage | undefined => {
    for (; taken < server.messages.length; ) {
      const message = server.messages[taken++];
      if (message?.fromUserId === key.userId) return message;
    }
    return undefined;
  };

  const playground: SpikaPart = {
    router: spikaApi(server, parts.timeline, parts.faults),
    guard: spikaGuard(server),
    state: () => server.state(),
    path: "/spika",
    apiKey: key.token,
    botUserId: key.userId,
    roomId: room.id,
    privateRoomId: privateRoom.id,
    people: people.map(({ id, displayName, token = "" }) => ({ id, displayName, token })),
    get rooms() {
      return [...server.rooms.values()].map(({ members, ...shown }) => ({
        ...shown,
        members: members.flatMap((id) => {
          const user = server.users.get(id);
          return user === undefined ? [] : { id, displayName: user.displayName, isBot: user.isBot };
        }),
      }));
    },
    filesOf({ fileId }) {
      const file = server.files.get(Number(fileId));
      return file === undefined ? [] : [{ name: file.fileName, type: file.mimeType, bytes: file.bytes }];
    },
    form: "flat",
    messages: server.messages,
    startOver() {
      server.startOver(key);
      server.webhooks.clear();
      for (const webhook of connected) server.webhooks.set(webhook.id, { ...webhook });
      taken = 0;
    },
    connect(url, privateUrl = url) {
      const [webhook, privateWebhook] = [connectRoom(room, url), connectRoom(privateRoom, privateUrl)];
      connected = [{ ...webhook }, { ...privateWebhook }];
      return { signature: webhook.verifySignature, privateSignature: privateWebhook.verifySignature };
    },
    says(who, text, { roomId = room.id, replyId, content = { type: "text", body: { text } } } = {}) {
      return server.post(personNamed(who), { roomId, replyId, ...content });
    },
    nextMessageFromBot: (timeoutMs = BOT_WAIT_MS) =>
      heard.until(
        botMessage,
        timeoutMs,
        () => new Error(`playground: no message from the bot in Spika in ${timeoutMs} ms`),
      ),
  };
  return playground;
}
