import { type ChatMessage, withMessage } from "../../src/playground/web/message";

function message(id: string, second: number, changes: Partial<ChatMessage> = {}): ChatMessage {
  const created = `2026-01-02T03:04:0${second}.000Z`;
  const author = { id: "P", name: "Pat", isBot: false, isMe: false };
  return { id, kind: "said", author, text: "", created, ...changes };
}

it.each([
  ["at the end", [message("a", 1), message("b", 2)], message("c", 3), ["a", "b", "c"]],
  ["after what came at the same time", [message("a", 1), message("b", 2)], message("c", 1), ["a", "c", "b"]],
  ["at the start", [message("b", 2)], message("a", 1), ["a", "b"]],
  [
    "where its former self was",
    [message("a", 1), message("b", 2)],
    message("a", 1, { text: "new" }),
    ["a", "b"],
  ],
])("puts a message %s", (_name, before, added, expected) => {
  const after = withMessage(before, added);
  expect(after.map(({ id }) => id)).toEqual(expected);
  expect(after.find(({ id }) => id === added.id)).toBe(added);
});

it("does not go back to what a message was before its edit", () => {
  const edited = message("a", 1, { text: "new", updated: "2026-01-02T03:05:00.000Z" });
  expect(withMessage([edited], message("a", 1, { text: "old" }))).toEqual([edited]);
});
