import {
  ApiError,
  ContentGoneError,
  NetworkError,
  SignatureError,
  UnsupportedError,
} from "../../../src/core/contract/errors";
import type { Notice } from "../../../src/core/contract/notice";
import type { Card } from "../../../src/core/contract/platform";
import { createWebex, type DesiredWebhooks, type Webex } from "../../../src/platforms/webex";
import { createOwnership } from "../../../src/platforms/webex/webhooks/ownership";
import { createFastClock } from "../api/fast-clock";
import { answerJson, openScriptedServer, type Received, type ScriptedServer } from "../api/scripted-server";
import { recorded } from "./recorded";
import { openReceiver } from "./webhooks/pinged-receiver";

/** What the server answers: by `METHOD /path`, a body for 200, or a status with one. */
type Answers = Record<string, object | ((received: Received) => { status: number; body?: object })>;

const { signal } = new AbortController();
const own = JSON.parse(recorded("messages-created-own").toString()).data.personId;
const card: Card = {
  kind: "card",
  name: "ask",
  content: { type: "AdaptiveCard" },
  fallbackText: "A question",
};
const refuse = (status: number) => () => ({ status, body: { message: "no" } });

let server: ScriptedServer;
let webex: Webex;

afterEach(async () => {
  await webex.close();
  await server.close();
});

/** An opened Webex whose API gives these answers, and 404 to all else. The calls of opening are forgotten. */
async function open(answers: Answers = {}, account?: string): Promise<void> {
  const known: Answers = {
    "GET /people/me": { id: own, emails: ["bellhop@webex.bot"], displayName: "Bellhop" },
    ...answers,
  };
  server = await openScriptedServer((received, response) => {
    const answer = known[`${received.method} ${received.path.replace(/\?.*/, "")}`] ?? refuse(404);
    const { status, body } = typeof answer === "function" ? answer(received) : { status: 200, body: answer };
    if (body === undefined) response.writeHead(status).end();
    else answerJson(response, status, body);
  });
  webex = createWebex({
    account,
    token: "t",
    secrets: ["secret"],
    apiBaseUrl: server.url,
    clock: createFastClock(),
  });
  await webex.open(signal);
  server.received.length = 0;
}

function noticeOf(file: string): Notice {
  const notice = webex.parse({ headers: {}, body: recorded(file) });
  if (notice === undefined) throw new Error(`${file} was ignored`);
  return notice;
}

const dataOf = (file: string) => JSON.parse(recorded(file).toString()).data;
const bodies = (): unknown[] => server.received.map(({ body }) => JSON.parse(body));

describe("opening", () => {
  it("tells who the bot is", async () => {
    await open();
    expect(await webex.open(signal)).toEqual({ personId: own, displayName: "Bellhop" });
  });

  it("with a wrong token is refused with 401", async () => {
    await open();
    server.received.length = 0;
    const other = await openScriptedServer((_, response) => response.writeHead(401).end());
    const wrong = createWebex({ token: "wrong", secrets: ["s"], apiBaseUrl: other.url });
    await expect(wrong.open(signal)).rejects.toMatchObject({ code: "api-refused", status: 401 });
    await wrong.close();
    await other.close();
  });

  it.each(["two words", "a/b", "a:b", ""])("is not even tried with the account %j", async (account) => {
    await open();
    expect(() => createWebex({ account, token: "t", secrets: ["s"] })).toThrow("createWebex: account");
  });
});

describe("the bot's own", () => {
  it.each([
    ["messages-created-own", true],
    ["messages-created", false],
    ["memberships-created", false],
    ["memberships-deleted", false],
    ["attachment-actions-created", false],
  ])("%s: %s", async (file, isOwn) => {
    await open();
    expect(webex.isOwn(noticeOf(file))).toBe(isOwn);
  });

  it("is told by the uuid, however the id is written", async () => {
    const padded = Buffer.from(Buffer.from(own, "base64").toString()).toString("base64");
    await open({ "GET /people/me": { id: padded, displayName: "Bellhop" } });
    expect(webex.isOwn(noticeOf("messages-created-own"))).toBe(true);
  });
});

describe("fetching", () => {
  it("asks for a message once, and for nothing else", async () => {
    const { id, roomId, personId, parentId } = dataOf("messages-created");
    const message = {
      id,
      roomId,
      roomType: "group",
      personId,
      personEmail: "Ada@Example.com",
      parentId,
      text: "Bellhop ping",
      html: `<spark-mention data-object-type="person" data-object-id="${own}">Bellhop</spark-mention> ping`,
      files: ["https://webexapis.com/v1/contents/1"],
      created: "2026-01-02T03:04:05.678Z",
    };
    await open({ [`GET /messages/${id}`]: message });
    expect(await webex.fetch(noticeOf("messages-created"), signal)).toMatchObject({
      kind: "message",
      person: { id: personId, email: "ada@example.com" },
      room: { id: roomId, kind: "group" },
      target: { roomId, threadId: parentId },
      message: {
        id,
        text: "ping",
        threadId: parentId,
        fileUrls: message.files,
        createdAt: new Date(message.created),
      },
      resource: message,
    });
    expect(server.calls()).toEqual([`GET /messages/${id}`]);
  });

  it("takes an edited message for one, and for nothing new", async () => {
    const { id, roomId, personId } = dataOf("messages-created");
    const updated = "2026-01-02T04:00:00.000Z";
    await open({ [`GET /messages/${id}`]: { id, roomId, personId, text: "pong", updated } });
    const edited = { ...noticeOf("messages-created"), name: "messages.updated" };
    expect(await webex.fetch(edited, signal)).toMatchObject({
      kind: "message-updated",
      message: { id, text: "pong" },
      target: { roomId },
    });
  });

  it("reads a room that was moved under the id that it has now", async () => {
    const { id } = dataOf("rooms-updated");
    await open({ [`GET /rooms/${id}`]: { id, title: "Moved", type: "group" } });
    const moved = { ...noticeOf("rooms-updated"), name: "rooms.migrated" };
    expect(await webex.fetch(moved, signal)).toMatchObject({ kind: "room", room: { id, title: "Moved" } });
  });

  it.each([403, 404])("finds a message gone when it is answered %i", async (status) => {
    await open({ [`GET /messages/${dataOf("messages-created").id}`]: refuse(status) });
    await expect(webex.fetch(noticeOf("messages-created"), signal)).rejects.toThrow(ContentGoneError);
  });

  it("does not take a message that is not decrypted yet for the real one", async () => {
    const data = dataOf("messages-created");
    await open({
      [`GET /messages/${data.id}`]: {
        ...data,
        text: "eyJhbGciOi",
        errors: { text: { code: "kms_failure" } },
      },
    });
    await expect(webex.fetch(noticeOf("messages-created"), signal)).rejects.toMatchObject({
      retry: "backoff",
      code: "api-unreachable",
    });
  });

  it("does not understand an answer that lacks what a message always has", async () => {
    await open({ [`GET /messages/${dataOf("messages-created").id}`]: { id: "M" } });
    await expect(webex.fetch(noticeOf("messages-created"), signal)).rejects.toThrow(
      /GET \/messages\/.*not understood, "roomId" is missing/,
    );
  });

  it("asks for what was entered and who clicked at the same time, and knows the person the next time", async () => {
    const { id, messageId, personId, roomId } = dataOf("attachment-actions-created");
    await open({
      [`GET /attachment/actions/${id}`]: {
        id,
        messageId,
        personId,
        roomId,
        type: "submit",
        inputs: { action: "approve", note: "" },
      },
      [`GET /people/${personId}`]: {
        id: personId,
        emails: ["Grace@Example.com"],
        displayName: "Grace Hopper",
        type: "person",
      },
    });
    expect(await webex.fetch(noticeOf("attachment-actions-created"), signal)).toMatchObject({
      kind: "action",
      actionId: id,
      messageId,
      inputs: { action: "approve", note: "" },
      person: { id: personId, email: "grace@example.com", displayName: "Grace Hopper", isBot: false },
      target: { roomId },
    });
    await webex.fetch(noticeOf("attachment-actions-created"), signal);
    const calls = server.calls();
    expect(calls).toHaveLength(3);
    expect(new Set(calls)).toEqual(new Set([`GET /attachment/actions/${id}`, `GET /people/${personId}`]));
  });

  it("takes a click of somebody who cannot be looked up", async () => {
    const { id, messageId, personId, roomId } = dataOf("attachment-actions-created");
    await open({ [`GET /attachment/actions/${id}`]: { id, messageId, personId, roomId } });
    const event = await webex.fetch(noticeOf("attachment-actions-created"), signal);
    expect(event).toMatchObject({ person: { id: personId }, inputs: {} });
  });

  it("asks for a room's title", async () => {
    const { id } = dataOf("rooms-updated");
    await open({ [`GET /rooms/${id}`]: { id, title: "Lobby", type: "group" } });
    expect(await webex.fetch(noticeOf("rooms-updated"), signal)).toMatchObject({
      kind: "room",
      room: { id, title: "Lobby", kind: "group" },
    });
  });

  it.each([
    ["messages-deleted", { kind: "message-deleted", messageId: dataOf("messages-deleted").id }],
    [
      "memberships-created",
      {
        kind: "membership",
        self: true,
        isModerator: false,
        member: { id: own, displayName: "Bellhop", isBot: true },
      },
    ],
    [
      "memberships-updated",
      { kind: "membership", self: false, isModerator: true, member: { email: "ada@example.com" } },
    ],
    [
      "memberships-deleted",
      { kind: "membership", self: true, target: { roomId: dataOf("messages-created").roomId } },
    ],
    ["meetings-started", { kind: "other", target: undefined, resource: dataOf("meetings-started") }],
  ])("%s needs no call", async (file, event) => {
    await open();
    expect(await webex.fetch(noticeOf(file), signal)).toMatchObject(event);
    expect(server.calls()).toEqual([]);
  });
});

describe("posting", () => {
  const posted = ({ body }: Received) => ({
    status: 200,
    body: { id: "M1", roomId: "R", ...pick(JSON.parse(body)) },
  });
  const pick = ({ parentId }: { parentId?: string }) => (parentId === undefined ? {} : { parentId });

  it("goes to the thread", async () => {
    await open({ "POST /messages": posted });
    expect(await webex.send({ roomId: "R", threadId: "T" }, { card }, signal)).toEqual({
      id: "M1",
      roomId: "R",
      threadId: "T",
    });
    expect(bodies()).toEqual([
      { roomId: "R", parentId: "T", text: "A question", attachments: [expect.anything()] },
    ]);
  });

  it("to a person tells the room it went to", async () => {
    await open({ "POST /messages": posted });
    expect(await webex.send({ email: "ada@example.com" }, { text: "hi" }, signal)).toMatchObject({
      roomId: "R",
    });
  });

  it.each([400, 404])("goes outside the thread when that is refused with %i", async (status) => {
    await open({
      "POST /messages": (received) =>
        received.body.includes("parentId") ? refuse(status)() : posted(received),
    });
    const sent = await webex.send({ roomId: "R", threadId: "gone" }, { text: "hi" }, signal);
    expect(sent.threadId).toBeUndefined();
    expect(bodies()).toEqual([
      { roomId: "R", parentId: "gone", text: "hi" },
      { roomId: "R", text: "hi" },
    ]);
  });

  it.each([
    ["without a thread", { roomId: "R" }, 400, 1],
    ["in a thread, for another reason", { roomId: "R", threadId: "T" }, 403, 1],
    ["in a thread and outside of it", { roomId: "R", threadId: "T" }, 400, 2],
  ])("is refused when it is refused %s", async (_, target, status, calls) => {
    await open({ "POST /messages": refuse(status) });
    await expect(webex.send(target, { text: "hi" }, signal)).rejects.toThrow(ApiError);
    expect(server.received).toHaveLength(calls);
  });

  it("may have happened when the answer makes no sense", async () => {
    await open({ "POST /messages": { ok: true } });
    const failed = webex.send({ roomId: "R" }, { text: "hi" }, signal);
    await expect(failed).rejects.toThrow(NetworkError);
    await expect(failed).rejects.toMatchObject({ mayHaveSucceeded: true });
  });
});

describe("where a message stands", () => {
  const posted = { id: "M1", roomId: "R" };

  it("costs no call for what the bot posted", async () => {
    await open({
      "POST /messages": ({ body }) => ({
        status: 200,
        body: { ...posted, ...(body.includes("T") ? { parentId: "T" } : {}) },
      }),
    });
    await webex.send({ roomId: "R", threadId: "T" }, { text: "hi" }, signal);
    expect(await webex.positionOf(posted, signal)).toEqual({ kind: "thread", rootId: "T" });
    await webex.send({ roomId: "R" }, { text: "hi" }, signal);
    expect(await webex.positionOf(posted, signal)).toEqual({ kind: "top" });
    expect(server.calls()).toEqual(["POST /messages", "POST /messages"]);
  });

  it.each([
    [{ parentId: "T" }, { kind: "thread", rootId: "T" }],
    [{}, { kind: "top" }],
  ])("is asked for otherwise, once: %j", async (more, place) => {
    await open({ "GET /messages/M2": { id: "M2", roomId: "R", personId: own, ...more } });
    const message = { id: "M2", roomId: "R" };
    expect(await webex.positionOf(message, signal)).toEqual(place);
    expect(await webex.positionOf(message, signal)).toEqual(place);
    expect(server.calls()).toEqual(["GET /messages/M2"]);
  });

  it.each([403, 404])("is nowhere when it is answered %i, or when the bot has deleted it", async (status) => {
    await open({
      "GET /messages/M1": refuse(status),
      "POST /messages": posted,
      "DELETE /messages/M1": () => ({ status: 204 }),
    });
    await webex.send({ roomId: "R" }, { text: "hi" }, signal);
    await webex.deleteMessage(posted, signal);
    expect(await webex.positionOf(posted, signal)).toEqual({ kind: "gone" });
  });
});

describe("changing what was posted", () => {
  const sent = { id: "M1", roomId: "R" };

  it("edits text, and says that a card cannot be edited", async () => {
    await open({ "PUT /messages/M1": { id: "M1", roomId: "R" } });
    await webex.edit(sent, { markdown: "*new*" }, signal);
    expect(bodies()).toEqual([{ roomId: "R", markdown: "*new*" }]);
    await expect(webex.edit(sent, { card }, signal)).rejects.toThrow(UnsupportedError);
  });

  it.each([204, 404])("is content with a message that is deleted, answered %i", async (status) => {
    await open({ "DELETE /messages/M1": () => ({ status }) });
    await webex.deleteMessage(sent, signal);
    expect(server.calls()).toEqual(["DELETE /messages/M1"]);
  });

  it("is refused for somebody else's message", async () => {
    await open({ "DELETE /messages/M1": refuse(403) });
    await expect(webex.deleteMessage(sent, signal)).rejects.toMatchObject({ status: 403 });
  });
});

describe("looking up", () => {
  it("a room is kept for an hour", async () => {
    await open({ "GET /rooms/R": { id: "R", title: "Lobby", type: "group" } });
    for (let times = 0; times < 2; times++)
      expect(await webex.room("R", signal)).toEqual({ id: "R", title: "Lobby", kind: "group" });
    expect(server.calls()).toEqual(["GET /rooms/R"]);
  });

  it("a bot says that it is one", async () => {
    await open({ "GET /people/B": { id: "B", emails: ["other@webex.bot"], type: "bot" } });
    expect(await webex.person("B", signal)).toEqual({ id: "B", email: "other@webex.bot", isBot: true });
  });

  it("an id with a slash in it stays within the path", async () => {
    await open();
    await expect(webex.person("../me?x=1", signal)).rejects.toMatchObject({ status: 404 });
    expect(server.calls()).toEqual(["GET /people/..%2Fme%3Fx%3D1"]);
  });
});

describe("webhooks", () => {
  const created = { resource: "messages", event: "created" };
  const name = createOwnership("desk", ["secret"]).nameOf(created);
  // Nobody listens on port 1.
  const webhook = { id: "W1", name, targetUrl: "http://127.0.0.1:1/", ...created, status: "active" };
  const wanted = (): DesiredWebhooks => ({
    targetUrl: `${server.url}/webhooks/webex`,
    subscriptions: [created],
  });
  /** The calls that change something. */
  const changes = (): Received[] => server.received.filter(({ method }) => method !== "GET");

  it("are created with the newest secret", async () => {
    await open({ "GET /webhooks": { items: [] }, "POST /webhooks": { ...webhook, id: "W9" } }, "desk");
    expect(await webex.syncWebhooks(wanted(), signal)).toEqual([
      { kind: "created", id: "W9", name, reason: "was missing" },
    ]);
    expect(changes().map(({ body }) => JSON.parse(body))).toEqual([
      { name, targetUrl: wanted().targetUrl, secret: "secret", ...created },
    ]);
  });

  it("are moved with their secret when nobody is at the old address", async () => {
    await open({ "GET /webhooks": { items: [webhook] }, "PUT /webhooks/W1": webhook }, "desk");
    expect(await webex.syncWebhooks(wanted(), signal)).toMatchObject([{ kind: "updated", id: "W1" }]);
    expect(changes().map(({ body }) => JSON.parse(body))).toEqual([
      { name, targetUrl: wanted().targetUrl, secret: "secret", status: "active" },
    ]);
  });

  it("are not set anew at each start when Webex does not show their secret", async () => {
    await open({ "GET /webhooks": { items: [webhook] } }, "desk");
    const there = { ...wanted(), targetUrl: webhook.targetUrl };
    expect(await webex.syncWebhooks(there, signal)).toEqual([]);
    expect(changes()).toEqual([]);
  });

  it("stay where an installation with the same token and secret answers", async () => {
    const other = await openReceiver("secret");
    try {
      const theirs = { ...webhook, targetUrl: other.targetUrl };
      await open(
        { "GET /webhooks": { items: [theirs] }, "POST /webhooks": { ...webhook, id: "W2" } },
        "desk",
      );
      expect(await webex.syncWebhooks(wanted(), signal)).toMatchObject([
        { kind: "created", id: "W2" },
        { kind: "left", id: "W1", reason: "somebody with our secret answers there" },
      ]);
      expect(changes().map(({ method }) => method)).toEqual(["POST"]);
    } finally {
      await other.close();
    }
  });

  it("are woken by one call when the receiver answers a ping, and not before", async () => {
    const receiver = await openReceiver("secret");
    const asleep = { ...webhook, status: "inactive", targetUrl: receiver.targetUrl };
    await open({ "GET /webhooks": { items: [asleep] }, "PUT /webhooks/W1": webhook }, "desk");
    const there = { ...wanted(), targetUrl: receiver.targetUrl };
    const woken = await webex.syncWebhooks(there, signal);
    await receiver.close();
    expect(woken).toMatchObject([{ kind: "reactivated", id: "W1", reason: "Webex had switched it off" }]);
    expect(JSON.parse(changes()[0]?.body ?? "")).toMatchObject({ status: "active", secret: "secret" });
    expect(await webex.syncWebhooks(there, signal)).toMatchObject([
      {
        kind: "waiting",
        id: "W1",
        reason: expect.stringMatching(/switched it off, and .* cannot be reached/),
      },
    ]);
    expect(changes()).toHaveLength(1);
  });

  it("are created anew when they went away meanwhile", async () => {
    await open(
      {
        "GET /webhooks": { items: [webhook] },
        "PUT /webhooks/W1": refuse(404),
        "POST /webhooks": { ...webhook, id: "W2" },
      },
      "desk",
    );
    expect(await webex.syncWebhooks(wanted(), signal)).toEqual([
      { kind: "created", id: "W2", name, reason: "was deleted meanwhile" },
    ]);
  });

  it("are left alone when there is one like it under another name", async () => {
    await open({ "GET /webhooks": { items: [] }, "POST /webhooks": refuse(409) }, "desk");
    expect(await webex.syncWebhooks(wanted(), signal)).toEqual([]);
  });

  it("may be gone already when they are to be deleted", async () => {
    await open({ "GET /webhooks": { items: [webhook] }, "DELETE /webhooks/W1": refuse(404) }, "desk");
    const done = await webex.syncWebhooks({ ...wanted(), subscriptions: [] }, signal);
    expect(done).toMatchObject([{ kind: "deleted", id: "W1" }]);
  });

  it("are read and changed again when Webex says wait", async () => {
    let refused = 0;
    const busy = (body: object) => () =>
      refused++ % 2 === 0 ? { status: 429, body: {} } : { status: 200, body };
    await open({ "GET /webhooks": busy({ items: [] }), "POST /webhooks": busy(webhook) }, "desk");
    expect(await webex.syncWebhooks(wanted(), signal)).toMatchObject([{ kind: "created" }]);
    expect(server.calls()).toHaveLength(4);
  });
});

it("cannot fetch or tell its own before it is opened", async () => {
  await open();
  const closed = createWebex({ token: "t", secrets: ["s"], apiBaseUrl: server.url });
  expect(() => closed.isOwn(noticeOf("messages-created"))).toThrow("open() has not succeeded yet");
  await closed.close();
});

describe("over the websocket", () => {
  const websocket = { token: "t", transport: "websocket" } as const;

  it("needs no secret, and refuses every delivery without one", async () => {
    await open();
    const withoutSecret = createWebex({ ...websocket, secrets: [] });
    const delivery = { headers: {}, body: recorded("messages-created") };
    expect(() => withoutSecret.verify(delivery)).toThrow(SignatureError);
    expect(withoutSecret.answerPing?.({ headers: {}, body: Buffer.from("{}") })).toBeUndefined();
    expect(withoutSecret.deriveKeys?.("buttons")).toHaveLength(1);
    await withoutSecret.close();
  });

  it("is listened to, and arranges nothing", async () => {
    await open();
    const listening = createWebex({ ...websocket, secrets: ["secret"] });
    expect([listening.listen === undefined, listening.registerWebhooks === undefined]).toEqual([false, true]);
    expect(webex.listen).toBeUndefined();
    await listening.close();
  });

  it("looks after no webhooks", async () => {
    await open();
    const webhooks = { targetUrl: "https://bot.example.com/webhooks/webex" };
    expect(() => createWebex({ ...websocket, secrets: ["secret"], webhooks })).toThrow(
      /leave "webhooks" out/,
    );
    expect(() => createWebex({ token: "t", secrets: [] })).toThrow(/secret is missing/);
  });
});
