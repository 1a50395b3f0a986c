import { toConversations } from "../../src/playground/web/webex/conversations";
import { parseMessage, parseRoom } from "../../src/playground/web/webex/wire";

const bot = { id: "B", displayName: "Bellhop", email: "bellhop@webex.bot" };
const grace = { id: "G", displayName: "Grace Hopper", email: "grace@example.com" };

function room(id: string, title: string, type: string) {
  return parseRoom({ id, title, type, lastActivity: "2026-01-02T03:04:05.678Z" });
}

it("lists the bot first, then the rooms, then people nobody has written to", () => {
  const rooms = [room("1", "Lobby", "group"), room("2", "Bellhop", "direct")];
  expect(toConversations(rooms, [bot, grace]).map(({ key }) => key)).toEqual(["2", "1", "grace@example.com"]);
});

it("keeps a place for the bot before anybody has written to it, and beside a group room of its name", () => {
  const rooms = [room("1", "Bellhop", "group")];
  expect(toConversations(rooms, [bot]).map(({ key }) => key)).toEqual(["bellhop@webex.bot", "1"]);
});

it.each([
  ["no object", "text", "sent no message where"],
  ["no id", { roomId: "R" }, 'a message without "id"'],
])("refuses a message that is not one: %s", (_name, value, reason) => {
  expect(() => parseMessage(value)).toThrow(reason);
});
