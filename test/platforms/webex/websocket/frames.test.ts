import { readFrame } from "../../../../src/platforms/webex/websocket/frames";

const bytes = (value: unknown): Buffer =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const EVENT = { kind: "event", id: "f", sequence: undefined, isAuthorisation: false, activity: undefined };

it.each([
  [
    "an activity",
    { id: "f", sequenceNumber: 7, data: { eventType: "conversation.activity", activity: { verb: "post" } } },
    { ...EVENT, sequence: 7, activity: { verb: "post" } },
  ],
  [
    "that the token was accepted",
    { id: "f", data: { eventType: "mercury.buffer_state" } },
    { ...EVENT, isAuthorisation: true },
  ],
  [
    "that a device was registered",
    { id: "f", data: { eventType: "mercury.registration_status" } },
    { ...EVENT, isAuthorisation: true },
  ],
  ["the answer to a ping", { id: "p", type: "pong" }, { kind: "pong", id: "p" }],
  ["what nobody asked for", { id: "f", data: { eventType: "locus.difference" } }, EVENT],
  [
    "an activity that is none",
    { id: "f", data: { eventType: "conversation.activity", activity: [1] } },
    EVENT,
  ],
  ["a frame without an id", { data: "?" }, { ...EVENT, id: undefined }],
])("reads %s", (_, frame, read) => {
  expect(readFrame(bytes(frame))).toEqual(read);
});

it.each([
  ["no JSON", "hello", "not well-formed JSON"],
  ["a frame that is cut", `{"id":"f","data":{"activity":{"disp`, "not well-formed JSON"],
  ["a list", "[]", "not an object"],
  ["nothing", "", "the body is empty"],
  ["a bottomless one", "[".repeat(100_000), /nest|deep/],
])("does not understand %s, and repeats nothing of it", (_, text, reason) => {
  expect(readFrame(bytes(text))).toEqual({
    kind: "unreadable",
    reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
  });
});

it("does not understand bytes that are no text", () => {
  expect(readFrame(Buffer.from([0xff, 0xfe]))).toEqual({ kind: "unreadable", reason: "not UTF-8" });
});

it("puts what the headers override in the place of what is there", () => {
  const data = {
    eventType: "conversation.activity",
    activity: { verb: "post", target: { id: "old", tags: [] }, object: "a text" },
    headers: { "activity.target.id": "new", "activity.parent.type": "edit", "activity.object.id": "o" },
  };
  expect(readFrame(bytes({ id: "f", data }))).toMatchObject({
    activity: {
      verb: "post",
      target: { id: "new", tags: [] },
      parent: { type: "edit" },
      object: { id: "o" },
    },
  });
});

it.each(["__proto__.polluted", "activity.__proto__.polluted", "constructor.prototype.polluted"])(
  "lets no override reach what all objects share: %s",
  (path) => {
    readFrame(bytes({ id: "f", data: { headers: { [path]: "yes" }, activity: {} } }));
    expect({}).not.toHaveProperty("polluted");
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  },
);
