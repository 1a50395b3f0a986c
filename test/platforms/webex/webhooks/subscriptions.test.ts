import { subscriptionsFor } from "../../../../src/platforms/webex/webhooks/subscriptions";

it.each<[string[], string[]]>([
  [[], []],
  [["messages.created"], ["messages.created"]],
  [["messages"], ["messages.created", "messages.deleted"]],
  [
    ["messages", "messages.created"],
    ["messages.created", "messages.deleted"],
  ],
  [
    ["attachmentActions.created", "rooms"],
    ["attachmentActions.created", "rooms.created", "rooms.updated"],
  ],
  [["meetings.started"], ["meetings.started"]],
  [["meetings"], ["meetings.all"]],
  [["intercom:conversation.user.replied"], []],
  [["constructor"], ["constructor.all"]],
  [
    ["*"],
    [
      "messages.created",
      "messages.deleted",
      "memberships.created",
      "memberships.updated",
      "memberships.deleted",
      "rooms.created",
      "rooms.updated",
      "attachmentActions.created",
    ],
  ],
])("for handlers of %j watches %j", (names, expected) => {
  const found = subscriptionsFor(new Set(names)).map(({ resource, event }) => `${resource}.${event}`);
  expect(found).toEqual(expected);
});

it("asks for edited messages only when a handler names them: Webex has the event, and no guide lists it", () => {
  expect(subscriptionsFor(["messages.updated"])).toEqual([{ resource: "messages", event: "updated" }]);
  expect(subscriptionsFor(["messages"])).not.toContainEqual({ resource: "messages", event: "updated" });
});
