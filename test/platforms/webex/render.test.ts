import { UnsupportedError } from "../../../src/core/contract/errors";
import type { Target } from "../../../src/core/contract/event";
import type { Card, OutgoingMessage, Recipient } from "../../../src/core/contract/platform";
import { toEditBody, toMessageBody } from "../../../src/platforms/webex/render";

const card: Card = {
  kind: "card",
  name: "ask",
  content: { type: "AdaptiveCard" },
  fallbackText: "A question",
};
const attachments = [{ contentType: "application/vnd.microsoft.card.adaptive", content: card.content }];

it.each<[string, Target | Recipient, OutgoingMessage, object]>([
  ["Markdown to a room", { roomId: "R" }, { markdown: "*hi*" }, { roomId: "R", markdown: "*hi*" }],
  [
    "text to a thread",
    { roomId: "R", threadId: "T" },
    { text: "hi" },
    { roomId: "R", parentId: "T", text: "hi" },
  ],
  ["text to a person", { personId: "P" }, { text: "hi" }, { toPersonId: "P", text: "hi" }],
  [
    "text to an address",
    { email: "a@b.example" },
    { text: "hi" },
    { toPersonEmail: "a@b.example", text: "hi" },
  ],
  [
    "Markdown with a text of its own",
    { roomId: "R" },
    { markdown: "*hi*", text: "hi" },
    { roomId: "R", markdown: "*hi*", text: "hi" },
  ],
  ["a card", { roomId: "R" }, { card }, { roomId: "R", text: "A question", attachments }],
  [
    "a card with words",
    { roomId: "R" },
    { card, markdown: "*ask*" },
    { roomId: "R", markdown: "*ask*", attachments },
  ],
])("writes %s", (_, target, message, body) => {
  expect(toMessageBody(target, message)).toEqual(body);
});

it("edits text or Markdown, and says that a card cannot be edited", () => {
  const sent = { id: "M", roomId: "R" };
  expect(toEditBody(sent, { text: "hi" })).toEqual({ roomId: "R", text: "hi" });
  expect(toEditBody(sent, { text: "hi", markdown: "*hi*" })).toEqual({ roomId: "R", markdown: "*hi*" });
  expect(() => toEditBody(sent, { card })).toThrow(UnsupportedError);
});
