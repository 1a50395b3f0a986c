import type { ChatMessage } from "../../src/playground/web/message";
import { goesOn, toThreads } from "../../src/playground/web/threads";

const ada = { id: "A", name: "Ada", isBot: false, isMe: true };

function message(id: string, minute: number, changes: Partial<ChatMessage> = {}): ChatMessage {
  const created = `2026-01-02T03:${String(minute).padStart(2, "0")}:00.000Z`;
  return { id, kind: "said", author: ada, text: "x", created, ...changes };
}

it("puts replies to the message they answer, in the order they were written", () => {
  const messages = [
    message("a", 1),
    message("b", 2),
    message("a1", 3, { parentId: "a" }),
    message("b1", 4, { parentId: "b" }),
    message("a2", 5, { parentId: "a" }),
  ];
  const threads = toThreads(messages).map(({ root, replies }) => [root.id, ...replies.map(({ id }) => id)]);
  expect(threads).toEqual([
    ["a", "a1", "a2"],
    ["b", "b1"],
  ]);
});

it("lets a reply stand alone when what it answers is not there", () => {
  const [thread] = toThreads([message("a1", 1, { parentId: "a" })]);
  expect(thread?.root.id).toBe("a1");
});

it.each([
  ["a message of the same person soon after", message("b", 2), [], true],
  ["a message of another person", message("b", 2, { author: { ...ada, id: "B" } }), [], false],
  ["a note to somebody else", message("b", 2, { label: "internal note" }), [], false],
  ["a message after something was done", message("b", 3), [message("c", 2, { kind: "done" })], false],
  ["a message much later", message("b", 20), [], false],
  ["a message after a thread", message("b", 2), [message("a1", 1, { parentId: "a" })], false],
])("knows whether the name is needed again: %s", (_name, next, replies, expected) => {
  const [previous, last] = toThreads([message("a", 1), ...replies, next]).slice(-2);
  expect(last && goesOn(last, previous)).toBe(expected);
});

it("always names who writes first", () => {
  const [first] = toThreads([message("a", 1)]);
  expect(first && goesOn(first, undefined)).toBe(false);
});
