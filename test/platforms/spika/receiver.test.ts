import type { Server } from "node:http";
import express from "express";
import type { Notice } from "../../../src/core/contract/notice";
import { createSpika, type SpikaOptions } from "../../../src/platforms/spika";
import { closed, type Desk, listening, openDesk } from "../../http/receiver-fixture";
import { globalBotEvents, type Recorded, roomDeliveries } from "./recorded";

const PATH = "0123456789abcdef0123456789ABCDEF-_";
const SIGNATURES = [
  ...new Set(roomDeliveries.flatMap(({ delivery }) => delivery.headers["verification-signature"] ?? [])),
];
const ROOM: SpikaOptions = {
  baseUrl: "http://127.0.0.1:9",
  apiKey: "never asked",
  signatures: SIGNATURES,
};

let desk: Desk;
let server: Server;
let url: string;

/** A receiver of the size that the program has, below `/webhooks`. */
async function open(...rooms: readonly Partial<SpikaOptions>[]): Promise<void> {
  desk = await openDesk({
    platforms: rooms.map((room) => createSpika({ ...ROOM, ...room })),
    maxBodyBytes: 1_048_576,
  });
  const listens = await listening(desk.receiver.or(express()));
  server = listens.server;
  url = `http://127.0.0.1:${listens.port}/webhooks`;
}
afterEach(async () => {
  await closed(server);
  await desk.close();
});

/** Sends what was recorded, with the headers that it had. @returns the status of the answer */
async function send({ delivery: { headers, body } }: Recorded, path = "/spika"): Promise<number> {
  const sent = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name));
  const response = await fetch(url + path, {
    method: "POST",
    headers: sent.map(([name, values]): [string, string] => [name, values?.[0] ?? ""]),
    body: new Uint8Array(body),
  });
  return response.status;
}

function recorded(label: string, body: unknown, headers: Recorded["delivery"]["headers"] = {}): Recorded {
  const type = { "content-type": ["application/json"] };
  return { label, delivery: { headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(body)) } };
}

/** The one that waits, taken off the inbox. */
async function taken(): Promise<Notice> {
  const [lease] = await desk.inbox.take(1, new AbortController().signal);
  if (lease === undefined) throw new Error("nothing was stored");
  await lease.settle({ kind: "handled" });
  return lease.notice;
}

const [signature = ""] = SIGNATURES;
const signed = { "verification-signature": [signature] };

function message(fields: object = {}): object {
  const base = { id: 77, roomId: 3, fromUserId: 2, type: "text", body: { text: "hi" }, createdAt: 1 };
  return { message: { ...base, ...fields }, fromUser: { displayName: "Ana" }, room: { name: "Kitchen" } };
}

describe("what a room's webhook has sent", () => {
  beforeEach(() => open({}));

  it.each(roomDeliveries)("is stored as a message, once: $label", async (one) => {
    const sent = JSON.parse(one.delivery.body.toString()).message;
    expect([await send(one), await send(one)]).toEqual([200, 200]);
    expect(await desk.outcomes()).toEqual(["accepted 1", "duplicate 1"]);
    expect(await taken()).toMatchObject({
      name: "messages.created",
      key: `spika/default/message|${sent.id}`,
      data: { message: sent },
    });
  });

  it.each(roomDeliveries)("is stored once also when it comes in the older form: $label", async (one) => {
    const headers = { "Verification-Signature": one.delivery.headers["verification-signature"]?.[0] };
    const wrapped = recorded("wrapped", { data: JSON.parse(one.delivery.body.toString()), headers });
    expect([await send(wrapped), await send(one)]).toEqual([200, 200]);
    expect(await desk.stored()).toBe(1);
  });

  it("is stored with a text of 120 kB, in which not every letter is a byte", async () => {
    const text = "ž🙂".repeat(20_000);
    expect(Buffer.byteLength(text)).toBe(120_000);
    expect(await send(recorded("long", message({ body: { text } }), signed))).toBe(200);
    expect(await taken()).toMatchObject({ data: { message: { body: { text } } } });
  });

  it("is a message like any other when it was forwarded, and says that it was", async () => {
    const forwarded = message({ isForwarded: true, hasLink: false });
    expect(await send(recorded("forwarded", forwarded, signed))).toBe(200);
    expect(await taken()).toMatchObject({
      name: "messages.created",
      data: { message: { isForwarded: true } },
    });
  });

  it("is handed on as it came when nobody knows its type", async () => {
    const poll = { type: "poll", body: { question: "soup?", options: ["yes", "no"] } };
    expect(await send(recorded("poll", message(poll), signed))).toBe(200);
    expect(await taken()).toMatchObject({ name: "spika:message.poll", data: { message: poll } });
  });

  it.each(globalBotEvents)(
    "is no global bot's event, as long as these are not switched on: $label",
    async (event) => {
      expect(await send(event)).toBe(401);
      expect(await send(event, `/spika/${PATH}`)).toBe(404);
      expect(await desk.stored()).toBe(0);
    },
  );
});

describe("what a global bot is told, at its path", () => {
  beforeEach(() => open({ globalBotPath: PATH }, { account: "kitchen" }));

  it.each(globalBotEvents)("is stored under the name that the server gives it: $label", async (one) => {
    const { event, responsibleBotId } = JSON.parse(one.delivery.body.toString());
    expect(await send(one, `/spika/default/${PATH}`)).toBe(200);
    expect(await taken()).toMatchObject({ name: `spika:${event}`, data: { event, responsibleBotId } });
  });

  it.each(globalBotEvents)("is new each time, as nothing says that it is not: $label", async (one) => {
    expect([await send(one, `/spika/${PATH}`), await send(one, `/spika/${PATH}/?x=1`)]).toEqual([200, 200]);
    expect(await desk.stored()).toBe(2);
  });

  it.each(globalBotEvents)(
    "is stored without what somebody signs in with, and without the path: $label",
    async (one) => {
      const text = one.delivery.body
        .toString()
        .replaceAll(/"webhookUrl":"[^"]*"/g, `"webhookUrl":"https://x/${PATH}"`);
      const event = recorded(
        "with secrets",
        JSON.parse(text.replaceAll(/"verificationCode":""/g, '"verificationCode":"424242"')),
      );
      expect(await send(event, `/spika/${PATH}`)).toBe(200);
      const kept = JSON.stringify(await taken());
      expect(kept).not.toContain(PATH);
      expect(kept).not.toContain("424242");
    },
  );

  it("tells who wrote where, as far as the server does", async () => {
    const event = globalBotEvents.find(({ label }) => label.startsWith("message to agent"));
    expect(event && (await send(event, `/spika/${PATH}`))).toBe(200);
    expect(await taken()).toMatchObject({
      name: "spika:newMessage",
      conversation: "spika/default/2",
      person: { id: "2", displayName: "Ana", isBot: false },
      room: { id: "2", kind: "direct" },
      data: { data: { body: "hi agent", messageType: "text" } },
    });
  });

  it.each([
    ["one character short", `/spika/${PATH.slice(0, -1)}`, 401],
    ["one character more", `/spika/${PATH}x`, 401],
    ["in other capitals", `/spika/${PATH.toLowerCase()}`, 401],
    ["in the query", `/spika?${PATH}`, 401],
    ["another part", `/spika/${PATH}/${PATH}`, 404],
    ["an empty part before it", `/spika//${PATH}`, 404],
    ["the name of an account that there is not", "/spika/office", 401],
    ["of an account that takes no such events", `/spika/kitchen/${PATH}`, 404],
    ["percent-encoded", `/spika/%30${PATH.slice(1)}`, 401],
  ])("is refused at a path that is %s, which is not told on", async (_what, path, status) => {
    const [event] = globalBotEvents;
    expect(event && (await send(event, path))).toBe(status);
    expect(await desk.stored()).toBe(0);
    expect(desk.lines.join("\n")).not.toMatch(/[0-9a-f]{32}/i);
  });

  it("is no room's message: who knows the path cannot speak for a room, nor who knows a signature for the server", async () => {
    const [event] = globalBotEvents;
    expect(await send(recorded("a message", message(), signed), `/spika/${PATH}`)).toBe(400);
    const body = JSON.parse(event?.delivery.body.toString() ?? "");
    expect(await send(recorded("an event", body, signed))).toBe(400);
    expect(await desk.stored()).toBe(0);
  });

  it.each([
    ["no event", {}],
    ["an event without a name", { event: "" }],
    ["an event that is a number", { event: 7 }],
    ["a name with blanks", { event: "new message" }],
  ])("is refused when it is %s", async (_what, body) => {
    expect(await send(recorded("malformed", body), `/spika/${PATH}`)).toBe(400);
  });
});
