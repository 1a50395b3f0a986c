import { useSetting } from "./setting";

const here = useSetting();
const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "x" }] },
};

async function watch(resource: string, event: string, more: object = {}) {
  const body = { name: `${resource} ${event}`, targetUrl: here.receiver.url, resource, event, ...more };
  return (await here.bot.post("/webhooks", body)).body;
}

it("sends the documented envelope, and no text", async () => {
  const webhook = await watch("messages", "created", { filter: "roomType=direct", secret: "s" });
  const message = await here.playground.says("ada", "a word that nobody else may read");
  const [delivery] = await here.receiver.arrived(1);
  const { secret: _, ...rest } = webhook;
  expect(delivery?.json).toEqual({
    ...rest,
    actorId: message.personId,
    data: {
      id: message.id,
      roomId: message.roomId,
      roomType: "direct",
      personId: message.personId,
      personEmail: "ada@example.com",
      created: message.created,
    },
  });
  expect(delivery?.headers["content-type"]).toBe("application/json;charset=UTF-8");
});

it("sends no signature without a secret", async () => {
  await watch("messages", "created");
  await here.playground.says("ada", "x");
  const [delivery] = await here.receiver.arrived(1);
  expect(Object.keys(delivery?.headers ?? {}).filter((name) => name.endsWith("-signature"))).toEqual([]);
});

it("sends each webhook its own delivery, and the bot its own messages too", async () => {
  const one = await watch("messages", "created");
  const other = await watch("all", "all");
  await here.bot.post("/messages", { toPersonEmail: "ada@example.com", text: "x" });
  const received = await here.receiver.arrived(2);
  expect(new Set(received.map(({ json }) => json.id))).toEqual(new Set([one.id, other.id]));
  expect(new Set(received.map(({ json }) => json.actorId))).toEqual(new Set([here.playground.webex.bot.id]));
});

it("sends the parent of a reply, the deleter of a message, and neither a room's title", async () => {
  await watch("all", "all");
  const root = await here.playground.says("ada", "root");
  const reply = await here.playground.says("ada", "reply", { parentId: root.id });
  await here.ada.delete(`/messages/${root.id}`);
  await here.bot.post("/rooms", { title: "A title" });
  const received = await here.receiver.arrived(5);
  const data = (name: string) =>
    received.filter(({ json }) => `${json.resource}.${json.event}` === name).map(({ json }) => json.data);
  const parents = new Map(data("messages.created").map((one) => [one.id, one.parentId]));
  expect(parents).toEqual(
    new Map([
      [root.id, undefined],
      [reply.id, root.id],
    ]),
  );
  expect(data("messages.deleted")).toMatchObject([{ id: root.id, personEmail: "ada@example.com" }]);
  expect(data("rooms.created")).toMatchObject([{ type: "group", isLocked: false }]);
  expect(data("rooms.created")[0]).not.toHaveProperty("title");
});

it("tells of memberships in clear: the bot's own, and others' in its rooms", async () => {
  await watch("memberships", "all");
  const { body: room } = await here.ada.post("/rooms", { title: "R" });
  const { body: own } = await here.ada.post("/memberships", {
    roomId: room.id,
    personEmail: "bellhop@webex.bot",
  });
  const { body: hers } = await here.ada.post("/memberships", {
    roomId: room.id,
    personEmail: "grace@example.com",
  });
  await here.receiver.arrived(2);
  await here.ada.put(`/memberships/${hers.id}`, { isModerator: true });
  await here.receiver.arrived(3);
  await here.grace.delete(`/memberships/${own.id}`);
  const received = await here.receiver.arrived(4);
  expect(received.map(({ json }) => json.event)).toEqual(["created", "created", "updated", "deleted"]);
  expect(received[0]?.json.data).toEqual(own);
  expect(received[3]?.json).toMatchObject({ actorId: hers.personId, data: { id: own.id } });
});

it("tells of a new room only who made it", async () => {
  await watch("rooms", "created");
  await here.ada.post("/rooms", { title: "Ada's" });
  const { body: room } = await here.bot.post("/rooms", { title: "The bot's" });
  const [delivery] = await here.receiver.arrived(1);
  expect(delivery?.json.data.id).toBe(room.id);
});

it("keeps card actions out of the firehose", async () => {
  await watch("all", "all");
  const { body: message } = await here.bot.post("/messages", {
    toPersonEmail: "ada@example.com",
    attachments: [card],
  });
  await here.playground.clicks("ada", message.id, { a: "1" });
  await here.playground.says("ada", "x");
  const received = await here.receiver.arrived(2);
  expect(received.map(({ json }) => json.resource)).toEqual(["messages", "messages"]);
});

it("tells of a press the poster only", async () => {
  await watch("attachmentActions", "created");
  const { body: adas } = await here.ada.post("/messages", { roomId: here.lobbyId, attachments: [card] });
  const { body: bots } = await here.bot.post("/messages", { roomId: here.lobbyId, attachments: [card] });
  await here.playground.clicks("grace", adas.id, {});
  const action = await here.playground.clicks("grace", bots.id, {});
  const [delivery] = await here.receiver.arrived(1);
  expect(delivery?.json.data.id).toBe(action.id);
});

it("tells of an edit as messages.updated", async () => {
  await watch("messages", "updated");
  const message = await here.playground.says("ada", "x");
  await here.ada.put(`/messages/${message.id}`, { roomId: message.roomId, text: "y" });
  const [delivery] = await here.receiver.arrived(1);
  expect(delivery?.json).toMatchObject({
    event: "updated",
    data: { id: message.id, updated: expect.any(String) },
  });
});

it.each([
  ["roomType=direct", ["direct", "card"]],
  ["roomType=group", ["mention"]],
  ["personEmail=ADA@example.com", ["direct", "mention"]],
  ["mentionedPeople=me", ["mention"]],
  ["hasAttachments=true", ["card"]],
  ["hasAttachments=false&roomType=direct", ["direct"]],
  ["hasFiles=true", []],
])("passes on what the filter %s asks for", async (filter, expected) => {
  await watch("messages", "created", { filter });
  const texts = new Map<string, string>();
  texts.set((await here.playground.says("ada", "direct")).id, "direct");
  texts.set(
    (await here.playground.says("ada", "mention", { roomId: here.lobbyId, mention: true })).id,
    "mention",
  );
  const posted = await here.bot.post("/messages", { toPersonEmail: "ada@example.com", attachments: [card] });
  texts.set(posted.body.id, "card");
  await here.receiver.arrived(expected.length);
  // Whatever else had matched would be on its way too; the last one here comes after it.
  await watch("rooms", "created");
  await here.bot.post("/rooms", { title: "the end" });
  const received = await here.receiver.arrived(expected.length + 1);
  const seen = received.map(({ json }) => texts.get(json.data.id)).filter((text) => text !== undefined);
  expect(new Set(seen)).toEqual(new Set(expected));
});

it("filters by ids of rooms and people", async () => {
  const { id: adaId } = (await here.ada.get("/people/me")).body;
  await watch("messages", "created", { filter: `roomId=${here.lobbyId}&personId=${adaId}` });
  await here.playground.says("ada", "direct");
  await here.playground.says("grace", "not she", { roomId: here.lobbyId, mention: true });
  const message = await here.playground.says("ada", "this", { roomId: here.lobbyId, mention: true });
  const [delivery] = await here.receiver.arrived(1);
  expect(delivery?.json.data.id).toBe(message.id);
});

it.each([
  ["a resource that is not there", { resource: "dogs" }],
  ["an event that the resource does not have", { event: "started" }],
  ["an unknown filter", { filter: "colour=red" }],
  ["a filter of another resource", { filter: "isLocked=true" }],
  ["a filter without a value", { filter: "personEmail=" }],
  ["a filter that is not key and value", { filter: "roomId" }],
  ["a room that the bot is not in", { filter: "roomId=Y2lz" }],
  ["a kind of room that is not there", { filter: "roomType=public" }],
  ["a filter in another case", { filter: "roomtype=direct" }],
  ["every event of card actions", { resource: "attachmentActions", event: "all" }],
  ["one event of all resources", { resource: "all", event: "created" }],
  ["no target", { targetUrl: undefined }],
  ["a target that is no URL", { targetUrl: "bot.example.com" }],
  ["a target of another scheme", { targetUrl: "ftp://bot.example.com" }],
  ["no name", { name: "" }],
])("refuses a webhook with %s", async (_fact, wrong) => {
  const right = { name: "w", targetUrl: "https://bot.example.com", resource: "messages", event: "created" };
  const answer = await here.bot.post("/webhooks", { ...right, ...wrong });
  expect(answer.status).toBe(400);
  expect((await here.bot.get("/webhooks")).body.items).toEqual([]);
});

it("refuses a webhook of the organisation", async () => {
  const right = { name: "w", targetUrl: "https://bot.example.com", resource: "messages", event: "created" };
  expect((await here.bot.post("/webhooks", { ...right, ownedBy: "org" })).status).toBe(403);
});

it("changes name, target and secret of a webhook, and nothing else", async () => {
  const webhook = await watch("messages", "created");
  const change = {
    name: "n",
    targetUrl: "https://other.example.com",
    secret: "t",
    resource: "rooms",
    event: "all",
  };
  const { body } = await here.bot.put(`/webhooks/${webhook.id}`, { ...change, filter: "roomType=group" });
  expect(body).toEqual({ ...webhook, name: "n", targetUrl: "https://other.example.com", secret: "t" });
  expect((await here.bot.get(`/webhooks/${webhook.id}`)).body).toEqual(body);
});

it.each([
  ["without a name", { targetUrl: "https://bot.example.com" }],
  ["without a target", { name: "w" }],
  ["that deactivates", { name: "w", targetUrl: "https://bot.example.com", status: "inactive" }],
])("refuses a change %s", async (_fact, change) => {
  const webhook = await watch("messages", "created");
  expect((await here.bot.put(`/webhooks/${webhook.id}`, change)).status).toBe(400);
});

it("shows and obeys webhooks of the caller only", async () => {
  const webhook = await watch("messages", "created");
  expect((await here.ada.get("/webhooks")).body.items).toEqual([]);
  expect((await here.ada.get(`/webhooks/${webhook.id}`)).status).toBe(404);
  expect((await here.ada.delete(`/webhooks/${webhook.id}`)).status).toBe(404);
  expect((await here.bot.delete(`/webhooks/${webhook.id}`)).status).toBe(204);
  expect((await here.bot.get(`/webhooks/${webhook.id}`)).status).toBe(404);
});
