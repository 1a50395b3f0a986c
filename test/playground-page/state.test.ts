import { keyOf, toConversations, withMessage } from "../../src/playground/web/state";
import { parseMessage, parseRoom } from "../../src/playground/web/wire";

const bot = { id: "B", displayName: "Bellhop", email: "bellhop@webex.bot" };
const grace = { id: "G", displayName: "Grace Hopper", email: "grace@example.com" };

function room(id: string, title: string, type: string) {
  return parseRoom({ id, title, type, lastActivity: "2026-01-02T03:04:05.678Z" });
}

function message(id: string, second: number, changes: object = {}) {
  const created = `2026-01-02T03:04:0${second}.000Z`;
  return parseMessage({ id, roomId: "R", personId: "P", personEmail: "p@example.com", created, ...changes });
}

it("lists the bot first, then the rooms, then people nobody has written to", () => {
  const rooms = [room("1", "Lobby", "group"), room("2", "Bellhop", "direct")];
  expect(toConversations(rooms, [bot, grace]).map(keyOf)).toEqual(["2", "1", "grace@example.com"]);
});

it("keeps a place for the bot before anybody has written to it, and beside a group room of its name", () => {
  const rooms = [room("1", "Bellhop", "group")];
  expect(toConversations(rooms, [bot]).map(keyOf)).toEqual(["bellhop@webex.bot", "1"]);
});

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

it.each([
  ["no object", "text", "sent no message where"],
  ["no id", { roomId: "R" }, 'a message without "id"'],
])("refuses a message that is not one: %s", (_name, value, reason) => {
  expect(() => parseMessage(value)).toThrow(reason);
});
