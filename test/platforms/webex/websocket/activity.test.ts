import { MalformedDeliveryError } from "../../../../src/core/contract/errors";
import type { Notice } from "../../../../src/core/contract/notice";
import { clusterOf, uuidOf } from "../../../../src/platforms/webex/ids";
import { parseNotice, toNotice } from "../../../../src/platforms/webex/parse";
import { toEnvelopes } from "../../../../src/platforms/webex/websocket/activity";
import { recorded } from "../recorded";
import { messageUuid, posted } from "./mercury-server";

const SOURCE = { name: "webex", account: "default" };
const WEST = "urn:TEAM:us-west-2_r";
const BO = "b0b0b0b0-0000-4000-8000-000000000001";
const BASE = posted(1) as {
  readonly target: { readonly id: string };
  readonly actor: { readonly id: string };
};
const ROOM = BASE.target.id;

/** The notices that an activity makes, in a room of the cluster. */
function notices(activity: object, cluster = WEST): Notice[] {
  const envelopes = toEnvelopes({ ...activity } as never, () => cluster); // what JSON.parse would have made
  return envelopes.map((envelope) => toNotice(envelope, SOURCE));
}

/** What a webhook told of, as the same thing looks on the wire. */
function onTheWire(delivery: Buffer): { activity: object; cluster: string } {
  const { resource, event, actorId, data } = JSON.parse(delivery.toString());
  const room = data.roomId ?? data.id;
  const actor = { objectType: "person", entryUUID: uuidOf(actorId), emailAddress: "ada@example.com" };
  const target = {
    id: uuidOf(room),
    objectType: "conversation",
    url: "https://conv-r.wbx2.com/conversation/api/v1/conversations/x",
    tags: data.roomType === "direct" || data.type === "direct" ? ["ONE_ON_ONE"] : [],
  };
  const base = { published: data.created, actor, target, url: "https://conv-r.wbx2.com/x" };
  const other = "00000000-0000-4000-8000-00000000000f";
  const shapes: Record<string, object> = {
    "messages.created": {
      ...{ verb: "post", id: uuidOf(data.id), object: { objectType: "comment" } },
      ...(data.parentId && { parent: { type: "reply", id: uuidOf(data.parentId) } }),
    },
    "messages.deleted": {
      verb: "delete",
      id: other,
      object: { objectType: "activity", id: uuidOf(data.id) },
    },
    "attachmentActions.created": {
      ...{ verb: "cardAction", id: uuidOf(data.id), object: { objectType: "submit" } },
      parent: { type: "cardAction", id: uuidOf(data.messageId ?? "") },
    },
    "memberships.created": { verb: "add", id: other, object: memberIn(data) },
    "memberships.deleted": { verb: "leave", id: other, object: memberIn(data) },
  };
  return { activity: { ...base, ...shapes[`${resource}.${event}`] }, cluster: clusterOf(room) ?? "" };
}

function memberIn({ personId, personEmail, personDisplayName }: Record<string, string>): object {
  return {
    ...{ objectType: "person", entryUUID: uuidOf(personId ?? ""), emailAddress: personEmail },
    displayName: personDisplayName,
  };
}

describe("an activity is the event that a webhook tells of, with its key, ids, person and room", () => {
  it.each([
    ["messages-created"],
    ["messages-created-2016"],
    ["messages-created-own"],
    ["messages-deleted"],
    ["attachment-actions-created"],
    ["memberships-created"],
    ["memberships-deleted"],
  ])("%s", (file) => {
    const delivery = recorded(file);
    const byWebhook = parseNotice(delivery, SOURCE);
    const { activity, cluster } = onTheWire(delivery);
    const [byWebsocket, ...more] = notices(activity, cluster);
    expect(more).toEqual([]);
    const { name, key, conversation, person, repeatableAfterMs, room } = byWebhook;
    expect(byWebsocket).toMatchObject({ name, key, conversation, repeatableAfterMs });
    expect(byWebsocket?.person?.id).toBe(person?.id);
    expect(byWebsocket?.room?.id).toBe(room?.id);
    const { data } = byWebhook.data as { readonly data: Record<string, unknown> }; // parseNotice put it there
    for (const field of ["id", "roomId", "personId", "parentId", "messageId"].filter((name) => name in data))
      expect(byWebsocket?.data.data).toHaveProperty(field, data[field]);
  });
});

it("is of the cluster us where the room is", () => {
  const [notice] = notices(posted(7), "us");
  const id = Buffer.from(`ciscospark://us/MESSAGE/${messageUuid(7)}`).toString("base64url");
  expect(notice?.key).toBe(`webex/default/messages|created|${id}`);
});

it("says where an activity is kept: the room first, then what else has an address", () => {
  const asked: unknown[] = [];
  const room = { id: ROOM, url: "https://b.example/", globalId: "Y2lz", objectType: "conversation" };
  toEnvelopes(
    { ...posted(1), verb: "hide", target: undefined, object: room, url: "https://c.example/" } as never,
    (where) => {
      asked.push(where);
      return "us";
    },
  );
  expect(asked).toEqual([{ urls: ["https://b.example/", "https://c.example/"], roomId: "Y2lz" }]);
});

const person = { objectType: "person", entryUUID: BO, emailAddress: "bo@example.com", displayName: "Bo" };
const conversation = { objectType: "conversation", id: ROOM, tags: ["LOCKED"] };
const one = (verb: string, parts: object): object => ({ ...posted(1), verb, ...parts });

describe("what comes of", () => {
  it.each<[string, object, [string, object][]]>([
    ["a message", posted(1), [["messages.created", { roomType: "direct" }]]],
    ["a message with files", one("share", {}), [["messages.created", {}]]],
    [
      "an edit",
      one("post", { parent: { type: "edit", id: messageUuid(9) }, id: messageUuid(10) }),
      [["messages.updated", { id: idOf("MESSAGE", messageUuid(9)), updated: expect.any(String) }]],
    ],
    [
      "somebody who was made a moderator",
      one("assignModerator", { object: person }),
      [["memberships.updated", { isModerator: true, personEmail: "bo@example.com" }]],
    ],
    [
      "somebody who is a moderator no more",
      one("unassignModerator", { object: person }),
      [["memberships.updated", { isModerator: false }]],
    ],
    [
      "a room that its member hides",
      one("hide", { object: conversation, target: undefined }),
      [["memberships.updated", { isRoomHidden: true, id: idOf("MEMBERSHIP", `${BASE.actor.id}:${ROOM}`) }]],
    ],
    ["a lock", one("lock", { object: conversation }), [["rooms.updated", { isLocked: true }]]],
    ["a new title", one("update", { object: conversation }), [["rooms.updated", { type: "direct" }]]],
    [
      "a new room",
      one("create", {
        target: undefined,
        object: { ...conversation, participants: { items: [person, BASE.actor] } },
      }),
      [
        ["rooms.created", { id: idOf("ROOM", ROOM), type: "group" }],
        ["memberships.created", { personEmail: "bo@example.com", personDisplayName: "Bo" }],
        ["memberships.created", { personEmail: "ada@example.com" }],
      ],
    ],
    [
      "somebody who has read",
      one("acknowledge", { object: { objectType: "activity", id: messageUuid(1) } }),
      [],
    ],
    ["a reaction", one("add", { object: { objectType: "reaction2" }, parent: { type: "reaction" } }), []],
    ["a reaction taken back", one("delete", { object: { objectType: "reaction2", id: messageUuid(1) } }), []],
    ["a message about a reaction", one("post", { parent: { type: "reaction", id: messageUuid(1) } }), []],
    ["a file that was scanned", one("update", { object: { objectType: "content" } }), []],
    ["a verb that nobody has heard of", one("teleport", {}), []],
    ["no verb", one("post", { verb: undefined }), []],
  ])("%s", (_, activity, expected) => {
    const made = notices(activity);
    expect(made.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
    expect(made.map(({ data }) => data.data)).toMatchObject(expected.map(([, data]) => data));
    // Nothing that was encrypted, and nothing else that was written, goes along.
    expect(JSON.stringify(made)).not.toContain("eyJhbGciOiJkaXIi");
  });

  it.each([
    ["a room", one("post", { target: {} })],
    ["a message", one("post", { id: "short" })],
    ["an author", one("post", { actor: { id: "../people/me" } })],
    ["the message that was deleted", one("delete", { object: { objectType: "activity" } })],
    ["a card", one("cardAction", {})],
  ])("an activity without the id of %s is an error that says so", (_, activity) => {
    expect(() => notices(activity)).toThrow(MalformedDeliveryError);
    expect(() => notices(activity)).toThrow(/an activity "\w+" has no id of its \w+/);
  });
});

function idOf(type: string, uuid: string): string {
  return Buffer.from(`ciscospark://${WEST}/${type}/${uuid}`).toString("base64url");
}
