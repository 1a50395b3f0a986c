import { MalformedDeliveryError } from "../../../src/core/contract/errors";
import { completeEvent } from "../../../src/platforms/spika/complete";
import { parseGlobalEvent } from "../../../src/platforms/spika/global-bot";
import { parseNotice } from "../../../src/platforms/spika/parse";
import { globalBotEvents, roomDeliveries } from "./recorded";

const SOURCE = { name: "spika", account: "default", botUserIds: new Set(["8"]) };
const BASE = "https://chat.example.com";

function parse(body: unknown) {
  return parseNotice(Buffer.from(JSON.stringify(body)), SOURCE);
}

function message(fields: object = {}, room: object = { name: "Kitchen" }) {
  const base = {
    id: 5,
    roomId: 3,
    fromUserId: 2,
    type: "text",
    body: { text: "hi" },
    createdAt: 1_700_000_000_000,
  };
  return { message: { ...base, ...fields }, fromUser: { displayName: "Ana" }, room };
}

describe("what servers have sent", () => {
  it.each(roomDeliveries)("is a message, whole without a call: $label", ({ delivery }) => {
    const sent = JSON.parse(delivery.body.toString()).message;
    const notice = parseNotice(delivery.body, SOURCE);
    expect(notice).toMatchObject({
      name: "messages.created",
      key: `spika/default/message|${sent.id}`,
      conversation: `spika/default/${sent.roomId}`,
      person: { id: String(sent.fromUserId) },
      room: { id: String(sent.roomId) },
    });
    const event = completeEvent(notice, BASE, "Kitchen Bot");
    expect(event).toMatchObject({
      kind: "message",
      message: { id: String(sent.id), text: sent.body.text ?? "", createdAt: new Date(sent.createdAt) },
      resource: sent,
    });
  });
});

it.each(globalBotEvents)(
  "hands on what global bots are told, with where it happened: $label",
  ({ delivery }) => {
    const { event, responsibleBotId, data } = JSON.parse(delivery.body.toString());
    const roomId = data?.room?.id;
    expect(completeEvent(parseGlobalEvent(delivery.body, SOURCE), BASE, "Kitchen Bot")).toMatchObject({
      kind: "other",
      target: roomId === undefined ? undefined : { roomId: String(roomId) },
      resource: { event, responsibleBotId },
    });
  },
);

it("reads the older form as the same event", () => {
  const flat = message();
  const wrapped = { data: flat, headers: { "Verification-Signature": "s" } };
  expect(parse(wrapped)).toEqual(parse(flat));
});

it("knows other bots by their ids only", () => {
  expect(parse(message({ fromUserId: 8 })).person).toMatchObject({ id: "8", isBot: true });
  expect(parse(message()).person?.isBot).toBeUndefined();
});

it("takes a room without a name for a private one, where nothing is quoted", () => {
  expect(parse(message({}, { name: "" })).room).toEqual({ id: "3", kind: "direct" });
  expect(completeEvent(parse(message({}, { name: "" })), BASE, "Kitchen Bot").target).toEqual({
    roomId: "3",
  });
  expect(completeEvent(parse(message()), BASE, "Kitchen Bot").target).toEqual({ roomId: "3", threadId: "5" });
  expect(parse({ message: message().message }).room).toEqual({ id: "3" });
});

it.each([
  ["a file", { type: "file", body: { fileId: 7, file: { id: 7 } } }, "", [`${BASE}/api/upload/files/7`]],
  [
    "a picture with a caption",
    { type: "image", body: { fileId: 7, text: "look" } },
    "look",
    [`${BASE}/api/upload/files/7`],
  ],
  [
    "a file of 2022",
    { type: "file", body: { file: { path: `${BASE}/uploads/files/x` } } },
    "",
    [`${BASE}/uploads/files/x`],
  ],
  ["a file elsewhere", { type: "file", body: { file: { path: "https://evil.example/x" } } }, "", []],
  ["a body that is none", { body: null }, "", []],
])("reads %s", (_what, fields, text, fileUrls) => {
  expect(completeEvent(parse(message(fields)), BASE, "Kitchen Bot")).toMatchObject({
    message: { text, fileUrls },
  });
});

it("reads what a message quotes as its thread", () => {
  const event = completeEvent(parse(message({ replyId: 4 })), BASE, "Kitchen Bot");
  expect(event).toMatchObject({ message: { threadId: "4" }, target: { threadId: "5" } });
});

it.each([
  ["poll", "spika:message.poll"],
  ["a b", "spika:message.unknown"],
  [7, "spika:message.unknown"],
])("hands on a message of type %j as %s", (type, name) => {
  const notice = parse(message({ type }));
  expect(notice.name).toBe(name);
  expect(completeEvent(notice, BASE, "Kitchen Bot")).toMatchObject({
    kind: "other",
    target: { roomId: "3" },
    resource: { type },
  });
});

it.each([
  ["no message", {}],
  ["a message that is a text", { message: "hi" }],
  ["no id", message({ id: undefined })],
  ["an id that is a text", message({ id: "5" })],
  ["an id of zero", message({ id: 0 })],
  ["a room that is no number", message({ roomId: 1.5 })],
  ["nobody", message({ fromUserId: null })],
])("refuses %s", (_what, body) => {
  expect(() => parse(body)).toThrow(MalformedDeliveryError);
});

it("takes a text of 120 kB", () => {
  const text = "ž".repeat(60_000);
  expect(completeEvent(parse(message({ body: { text } })), BASE, "Kitchen Bot")).toMatchObject({
    message: { text },
  });
});
