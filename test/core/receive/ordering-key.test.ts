import { withOrderingKey } from "../../../src/core/receive/ordering-key";
import { InMemoryPlatform } from "../in-memory-platform";

const chat = new InMemoryPlatform();
const ada = { id: "ada" };
const bob = { id: "bob" };

const laneOf = (
  notice: Parameters<typeof withOrderingKey>[0],
  lanes: Parameters<typeof withOrderingKey>[1],
): string => withOrderingKey(notice, lanes).conversation;

it("a person's clicks have a lane of their own in each room", () => {
  const [one, two] = [chat.clicks({}, ada), chat.clicks({}, ada)];
  expect(laneOf(one, "person")).toBe(laneOf(two, "person"));
  expect(laneOf(one, "person")).not.toBe(laneOf(chat.clicks({}, bob), "person"));
  expect(laneOf(one, "person")).not.toBe(laneOf(chat.says("hello", ada), "person"));
});

it("clicks take their turn with all that happens in the room, if that is wanted", () => {
  expect(laneOf(chat.clicks({}, ada), "room")).toBe(laneOf(chat.says("hello", bob), "room"));
});

it.each(["person", "room"] as const)("messages stay in the order of their room: %s", (lanes) => {
  expect(laneOf(chat.says("one", ada), lanes)).toBe(laneOf(chat.says("two", bob), lanes));
});
