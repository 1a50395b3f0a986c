import fc from "fast-check";
import { MalformedDeliveryError } from "../../../src/core/contract/errors";
import type { JsonObject, Notice } from "../../../src/core/contract/notice";
import { parseNotice, receiptOf } from "../../../src/platforms/webex/parse";
import { recorded } from "./recorded";

const source = { name: "webex", account: "desk" };

function parse(body: Buffer | JsonObject | string): Notice {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return parseNotice(bytes, source);
}

/** A recorded delivery with other values in it. */
function changed(name: string, envelope: object = {}, data: object = {}): JsonObject {
  const original = JSON.parse(recorded(name).toString());
  return { ...original, ...envelope, data: { ...original.data, ...data } };
}

const idOf = (name: string): string => JSON.parse(recorded(name).toString()).data.id;
const { roomId, personId: adaId } = JSON.parse(recorded("messages-created").toString()).data;
const botId = JSON.parse(recorded("messages-created-own").toString()).data.personId;

it("reads a message's delivery: what happened, whose turn it is, who and where", () => {
  const body = recorded("messages-created");
  const { actorId, createdBy, orgId, data } = JSON.parse(body.toString());
  expect(parse(body)).toEqual({
    platform: "webex",
    account: "desk",
    name: "messages.created",
    key: `webex/desk/messages|created|${idOf("messages-created")}`,
    conversation: `webex/desk/${roomId}`,
    repeatableAfterMs: undefined,
    person: { id: adaId, email: "ada@example.com", displayName: undefined, isBot: undefined },
    room: { id: roomId, kind: "group" },
    data: { resource: "messages", event: "created", actorId, createdBy, orgId, data },
  });
});

it.each([
  [
    "messages-created-own",
    "messages.created",
    { email: "bellhop@webex.bot", isBot: true },
    { kind: "group" },
  ],
  ["messages-created-2016", "messages.created", { id: adaId, email: "ada@example.com" }, { kind: undefined }],
  [
    "messages-deleted",
    "messages.deleted",
    { id: adaId, email: "ada@example.com" },
    { id: roomId, kind: "group" },
  ],
  [
    "memberships-created",
    "memberships.created",
    { id: adaId, email: undefined },
    { id: roomId, kind: "group" },
  ],
  [
    "memberships-deleted",
    "memberships.deleted",
    { id: botId, displayName: "Bellhop", isBot: true },
    { id: roomId },
  ],
  ["memberships-updated", "memberships.updated", { id: adaId, displayName: "Ada Lovelace" }, { id: roomId }],
  ["rooms-updated", "rooms.updated", { id: adaId }, { id: roomId, kind: "group" }],
  [
    "attachment-actions-created",
    "attachmentActions.created",
    { email: undefined },
    { id: roomId, kind: undefined },
  ],
])("knows of %s who did it and where", (file, name, person, room) => {
  const notice = parse(recorded(file));
  const { data } = JSON.parse(recorded(file).toString());
  expect(notice).toMatchObject({ name, conversation: `webex/desk/${data.roomId ?? data.id}` });
  expect({ email: undefined, ...notice.person }).toMatchObject(person);
  expect(notice.room).toMatchObject(room);
});

it("takes the resource's id for the conversation where there is no room", () => {
  const notice = parse(recorded("meetings-started"));
  expect(notice).toMatchObject({
    name: "meetings.started",
    conversation: `webex/desk/${idOf("meetings-started")}`,
    room: undefined,
    repeatableAfterMs: 60_000,
  });
});

it("keeps neither the webhook's address nor anything else of it", () => {
  const kept = JSON.stringify(parse(changed("messages-created", { secret: "s3cret", filter: "roomId=x" })));
  for (const gone of ["s3cret", "bot.example.com", "roomId=x", "appId"]) expect(kept).not.toContain(gone);
});

describe("the key", () => {
  it("is the same for one event seen by two webhooks", () => {
    const twice = changed("messages-created", { id: "another webhook", name: "firehose", filter: "x" });
    expect(parse(twice).key).toBe(parse(recorded("messages-created")).key);
  });

  it("is another for another message, event and account", () => {
    const keys = [
      parse(recorded("messages-created")).key,
      parse(changed("messages-created", {}, { id: "M2" })).key,
      parse(recorded("messages-deleted")).key,
      parseNotice(recorded("messages-created"), { name: "webex", account: "default" }).key,
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it("of a change depends on what it changed to, and may come again later", () => {
    const locked = parse(recorded("rooms-updated"));
    expect(locked.repeatableAfterMs).toBe(60_000);
    expect(parse(changed("rooms-updated", { id: "another webhook" })).key).toBe(locked.key);
    expect(parse(changed("rooms-updated", {}, { isLocked: false })).key).not.toBe(locked.key);
  });

  it("of a membership is another when somebody comes back, also when it has no date", () => {
    const first = parse(recorded("memberships-created"));
    const again = parse(changed("memberships-created", {}, { created: "2026-02-03T00:00:00.000Z" }));
    expect(again.key).not.toBe(first.key);
    expect(parse(changed("memberships-created", {}, { created: undefined })).repeatableAfterMs).toBe(60_000);
  });
});

describe("a delivery is malformed", () => {
  it.each<[string, Buffer | JsonObject | string, string]>([
    ["nothing", "", "the body is empty"],
    ["no JSON", "resource=messages", "not well-formed JSON"],
    ["half of its JSON", recorded("messages-created").subarray(0, 200), "not well-formed JSON"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "not UTF-8"],
    ["JSON without end", `${"[".repeat(5_000)}`, "nested deeper"],
    ["a list", "[]", "not a JSON object"],
    ["null", "null", "not a JSON object"],
    ["a string", '"messages"', "not a JSON object"],
    ["no resource", changed("messages-created", { resource: undefined }), `"resource" is missing`],
    ["a resource that is a number", changed("messages-created", { resource: 1 }), `"resource" is not`],
    ["a resource with blanks", changed("messages-created", { resource: "a b" }), `"resource" is not`],
    ["no event", changed("messages-created", { event: null }), `"event" is not`],
    ["an event without end", changed("messages-created", { event: "x".repeat(65) }), `"event" is not`],
    ["no data", { resource: "messages", event: "created" }, `"data" is not an object`],
    ["data that are a list", { resource: "messages", event: "created", data: [] }, `"data" is not an object`],
    ["no id", changed("messages-created", {}, { id: undefined }), `"data.id" is missing`],
    ["an empty id", changed("messages-created", {}, { id: "" }), `"data.id" is not`],
    ["an id without end", changed("messages-created", {}, { id: "x".repeat(1_025) }), `"data.id" is not`],
    ["an id with half a character", changed("messages-created", {}, { id: "\ud800" }), `"data.id" is not`],
    ["an id with a line break", changed("messages-created", {}, { id: "a\nb" }), `"data.id" is not`],
  ])("that is or has %s", (_, body, reason) => {
    expect(() => parse(body)).toThrow(MalformedDeliveryError);
    expect(() => parse(body)).toThrow(reason);
  });
});

it("makes a notice or a MalformedDeliveryError of any JSON there is", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const envelope = fc.record(
    {
      resource: fc.oneof(fc.constant("messages"), value),
      event: fc.oneof(fc.constant("updated"), value),
      actorId: value,
      data: fc.oneof(
        fc.record({ id: fc.string(), roomId: value, personId: value, personEmail: value }),
        value,
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(envelope, value), (body) => {
      try {
        const notice = parse(JSON.stringify(body));
        expect(JSON.parse(JSON.stringify(notice)).name).toBe(notice.name);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedDeliveryError);
      }
    }),
    { numRuns: 500 },
  );
});

describe("a receipt", () => {
  it("is a new message of a group room, with its thread and Webex's time", () => {
    const own = changed("messages-created-own", {}, { roomType: "group", parentId: "ROOT" });
    const { created } = own.data as JsonObject;
    expect(receiptOf(parse(own))).toEqual({
      id: idOf("messages-created-own"),
      roomId: (own.data as JsonObject).roomId,
      threadId: "ROOT",
      at: Date.parse(String(created)),
    });
  });

  it.each([
    ["in a direct room, where the bot may list its messages", {}, { roomType: "direct" }],
    ["of a message that was changed", { event: "updated" }, { roomType: "group" }],
    ["without a time", {}, { roomType: "group", created: undefined }],
  ])("is not a delivery %s", (_, envelope, data) => {
    expect(receiptOf(parse(changed("messages-created-own", envelope, data)))).toBeUndefined();
  });
});
