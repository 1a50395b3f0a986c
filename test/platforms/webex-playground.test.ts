import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ContentGoneError } from "../../src/core/contract/errors";
import type { Delivery } from "../../src/core/contract/platform";
import { createWebex, type Webex } from "../../src/platforms/webex";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { ApiClient } from "../playground/api-client";

const SECRET = "a secret of thirty-two characters";
const { signal } = new AbortController();

let playground: ListeningPlayground;
let webex: Webex;
let server: Server;
let targetUrl: string;
let deliveries: Delivery[];
let arrived: () => void;

beforeEach(async () => {
  deliveries = [];
  arrived = () => undefined;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set: a stream of bytes
    deliveries.push({ headers: request.headersDistinct, body: Buffer.concat(chunks) });
    response.end();
    arrived();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  targetUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/webex`; // it listens on a port
  playground = await listenPlayground();
  webex = await openWebex();
});

afterEach(async () => {
  await webex.close();
  await playground.close();
  await new Promise((resolve) => server.close(resolve));
});

/** The first delivery of this name, waiting for it when it has not come yet. */
async function delivered(name: string): Promise<Delivery> {
  for (;;) {
    const found = deliveries.find((delivery) => webex.parse(delivery)?.name === name);
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
}

/** The bot, as after a start. */
async function openWebex(): Promise<Webex> {
  const { apiBaseUrl, webex: site } = playground;
  const again = createWebex({ token: site.botToken, secrets: [SECRET], apiBaseUrl });
  await again.open(signal);
  return again;
}

async function watch(...names: string[]): Promise<void> {
  const subscriptions = names.map((name) => {
    const [resource = "", event = ""] = name.split(".");
    return { resource, event };
  });
  await webex.syncWebhooks({ targetUrl, subscriptions }, signal);
}

async function next(name: string) {
  const delivery = await delivered(name);
  webex.verify(delivery);
  const notice = webex.parse(delivery);
  if (notice === undefined) throw new Error(`${name} was ignored`);
  return notice;
}

it("hears a mention in a group room without the bot's name, and answers in its thread", async () => {
  await watch("messages.created");
  const { lobbyId } = playground.webex;
  const asked = await playground.says("Grace", "expense 12", { roomId: lobbyId, mention: true });
  const notice = await next("messages.created");
  expect(webex.isOwn(notice)).toBe(false);
  const event = await webex.fetch(notice, signal);
  expect(event).toMatchObject({
    kind: "message",
    person: { email: "grace@example.com" },
    room: { id: lobbyId, kind: "group" },
    target: { roomId: lobbyId, threadId: asked.id },
    message: { id: asked.id, text: "expense 12" },
  });
  const sent = await webex.send({ roomId: lobbyId, threadId: asked.id }, { markdown: "**done**" }, signal);
  expect(sent).toEqual({ id: sent.id, roomId: lobbyId, threadId: asked.id });
  expect(await playground.nextMessageFrom("bot")).toMatchObject({ parentId: asked.id, markdown: "**done**" });
});

describe("what may have been posted", () => {
  const card = {
    kind: "card",
    name: "note",
    content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "hello" }] },
    fallbackText: "A note",
  } as const;

  it.each([
    ["Markdown", { markdown: "**done**, *Ada* & Bob 👋" }],
    ["plain text", { text: "done" }],
    ["a card", { card }],
  ])("is found in a direct room, whoever asks: %s", async (_, message) => {
    const { roomId } = await playground.says("Ada", "hello");
    const [ada] = playground.webex.people;
    const since = Date.now();
    expect(await webex.findSent({ roomId }, message, since, signal)).toEqual([]);
    const first = await webex.send({ roomId }, message, signal);
    await webex.send({ roomId }, { text: "something else" }, signal);
    const second = await webex.send({ roomId }, message, signal);
    const other = await openWebex();
    const both = [first.id, second.id];
    const targets = [{ roomId }, { personId: ada?.id ?? "" }, { email: ada?.email ?? "" }];
    for (const target of targets)
      expect((await other.findSent(target, message, since, signal))?.map(({ id }) => id)).toEqual(both);
    expect(await other.findSent({ roomId }, message, Date.now() + 60_000, signal)).toEqual([]);
    await other.close();
  });

  it("cannot be looked for in a group room", async () => {
    const target = { roomId: playground.webex.lobbyId };
    await webex.send(target, { text: "done" }, signal);
    expect(await webex.findSent(target, { text: "done" }, 0, signal)).toBeUndefined();
  });

  it("was not posted to somebody who was never written to", async () => {
    expect(await webex.findSent({ email: "nobody@example.com" }, { text: "done" }, 0, signal)).toEqual([]);
  });
});

it("hears a click with what was entered, and knows in which thread the card is", async () => {
  await watch("attachmentActions.created");
  const { lobbyId } = playground.webex;
  const root = await playground.says("Ada", "the card, please", { roomId: lobbyId, mention: true });
  const content = {
    type: "AdaptiveCard",
    version: "1.3",
    body: [{ type: "Input.Text", id: "note" }],
    actions: [{ type: "Action.Submit", title: "Send", data: { action: "send" } }],
  };
  const card = { kind: "card", name: "note", content, fallbackText: "A note" } as const;
  const sent = await webex.send({ roomId: lobbyId, threadId: root.id }, { card }, signal);
  await playground.clicks("Ada", sent.id, { action: "send", note: "a & b" });

  const event = await webex.fetch(await next("attachmentActions.created"), signal);
  expect(event).toMatchObject({
    kind: "action",
    person: { email: "ada@example.com", displayName: "Ada Lovelace", isBot: false },
    messageId: sent.id,
    inputs: { action: "send", note: "a & b" },
  });
  expect(await webex.positionOf(sent, signal)).toEqual({ kind: "thread", rootId: root.id });
  const other = await openWebex();
  expect(await other.positionOf(sent, signal)).toEqual({ kind: "thread", rootId: root.id });
  await webex.deleteMessage(sent, signal);
  expect(await webex.positionOf(sent, signal)).toEqual({ kind: "gone" });
  await webex.deleteMessage(sent, signal);
  await other.close();
});

it("answers outside the thread when its first message has been deleted", async () => {
  const [ada] = playground.webex.people;
  const asked = await playground.says("Ada", "never mind");
  await new ApiClient(playground.apiBaseUrl, ada?.token).delete(`/messages/${asked.id}`);
  const target = { roomId: asked.roomId, threadId: asked.id };
  const sent = await webex.send(target, { text: "pong" }, signal);
  expect(sent).toEqual({ id: sent.id, roomId: asked.roomId });
});

it("finds a message gone that was deleted before it was read", async () => {
  await watch("messages.created", "messages.deleted");
  const [ada] = playground.webex.people;
  const asked = await playground.says("Ada", "never mind");
  await new ApiClient(playground.apiBaseUrl, ada?.token).delete(`/messages/${asked.id}`);
  await expect(webex.fetch(await next("messages.created"), signal)).rejects.toThrow(ContentGoneError);
  const deleted = await webex.fetch(await next("messages.deleted"), signal);
  expect(deleted).toMatchObject({ kind: "message-deleted", messageId: asked.id });
});

it("edits what it wrote", async () => {
  const asked = await playground.says("Ada", "ping");
  const sent = await webex.send({ roomId: asked.roomId }, { text: "pong" }, signal);
  await webex.edit(sent, { markdown: "**pong**" }, signal);
  const bot = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  expect((await bot.get(`/messages/${sent.id}`)).body).toMatchObject({ text: "pong", markdown: "**pong**" });
});

it("hears that it was added to a room", async () => {
  await watch("memberships.created");
  const [ada] = playground.webex.people;
  const api = new ApiClient(playground.apiBaseUrl, ada?.token);
  const { body: room } = await api.post("/rooms", { title: "Expenses" });
  await api.post("/memberships", { roomId: room.id, personId: playground.webex.bot.id });
  const event = await webex.fetch(await next("memberships.created"), signal);
  expect(event).toMatchObject({
    kind: "membership",
    self: true,
    person: { id: ada?.id },
    room: { id: room.id },
  });
});

it("leaves webhooks that are right and those of strangers alone, over all pages", async () => {
  const bot = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  const stranger = { name: "mine", targetUrl, resource: "rooms", event: "updated" };
  for (let count = 0; count < 105; count++) await bot.post("/webhooks", stranger);
  const wanted = { targetUrl, subscriptions: [{ resource: "messages", event: "created" }] };
  expect(await webex.syncWebhooks(wanted, signal)).toMatchObject([{ kind: "created" }]);
  expect(await webex.syncWebhooks(wanted, signal)).toEqual([]);
  const moved = { ...wanted, targetUrl: `${targetUrl}/default` };
  expect(await webex.syncWebhooks(moved, signal)).toMatchObject([{ kind: "updated" }]);
  expect(await webex.syncWebhooks({ targetUrl, subscriptions: [] }, signal)).toMatchObject([
    { kind: "deleted" },
  ]);
  const { body } = await bot.get("/webhooks?max=1000");
  expect(body.items.every(({ name }: { name: string }) => name === "mine")).toBe(true);
});

it("knows its own messages by the notice alone", async () => {
  await watch("messages.created");
  const [ada] = playground.webex.people;
  await webex.send({ email: ada?.email ?? "" }, { text: "hello" }, signal);
  expect(webex.isOwn(await next("messages.created"))).toBe(true);
});
