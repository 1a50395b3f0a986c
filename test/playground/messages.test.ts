import { useSetting } from "./setting";

const here = useSetting();
const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "TextBlock", text: "x" }] },
};

function post(text: string, more: object = {}) {
  return here.ada.post("/messages", { roomId: here.lobbyId, text, ...more });
}

it("takes a text of exactly 7439 bytes", async () => {
  expect((await post(`${"é".repeat(3719)}x`)).status).toBe(200);
});

it("makes the direct room with the first message to a person, and uses it again", async () => {
  const first = await here.grace.post("/messages", { toPersonEmail: "ADA@example.com", text: "one" });
  const second = await here.ada.post("/messages", { toPersonId: first.body.personId, text: "two" });
  expect(first.body).toMatchObject({ roomType: "direct", toPersonEmail: "ada@example.com" });
  expect(second.body.roomId).toBe(first.body.roomId);
  const { body } = await here.ada.get(`/messages/direct?personEmail=grace@example.com`);
  expect(body.items.map((message: { text: string }) => message.text)).toEqual(["two", "one"]);
});

it("titles a direct room with the other person's name", async () => {
  const { body: message } = await here.grace.post("/messages", {
    toPersonEmail: "ada@example.com",
    text: "one",
  });
  expect((await here.grace.get(`/rooms/${message.roomId}`)).body.title).toBe("Ada Lovelace");
  expect((await here.ada.get(`/rooms/${message.roomId}`)).body.title).toBe("Grace Hopper");
});

it("invites an address that nobody here has", async () => {
  const { body: message } = await here.ada.post("/messages", {
    toPersonEmail: "new@example.com",
    text: "hi",
  });
  const { body: person } = await here.ada.get(`/people/${message.toPersonId}`);
  expect(person).toMatchObject({ emails: ["new@example.com"], invitePending: "true" });
});

it("has neither html nor markdown on what was plain, and no html on markdown without formatting", async () => {
  expect(Object.keys((await post("a <b> & c")).body)).not.toContain("html");
  const { body } = await here.ada.post("/messages", { roomId: here.lobbyId, markdown: "a <b> & c" });
  expect(body).toMatchObject({ text: "a <b> & c", markdown: "a <b> & c" });
  expect(body.html).toBeUndefined();
});

it("mentions members only", async () => {
  const { body: room } = await here.ada.post("/rooms", { title: "Two" });
  const markdown = "<@personEmail:grace@example.com|Grace> and <@personEmail:ada@example.com> and <@all>";
  const { body } = await here.ada.post("/messages", { roomId: room.id, markdown });
  expect(body.text).toBe("Grace and Ada Lovelace and All");
  expect(body.mentionedPeople).toEqual([body.personId]);
  expect(body.mentionedGroups).toEqual(["all"]);
});

it("refuses a reply to a reply", async () => {
  const { body: root } = await post("root");
  const { body: reply } = await post("reply", { parentId: root.id });
  expect(reply.parentId).toBe(root.id);
  expect((await post("reply to a reply", { parentId: reply.id })).status).toBe(400);
});

it("lists a thread's replies", async () => {
  const { body: root } = await post("root");
  await post("elsewhere");
  const { body: reply } = await post("reply", { parentId: root.id });
  const { body } = await here.ada.get(`/messages?roomId=${here.lobbyId}&parentId=${root.id}`);
  expect(body.items).toEqual([reply]);
});

it("takes ten edits and refuses the eleventh", async () => {
  const { body: message } = await post("0");
  for (let edit = 1; edit <= 10; edit++) {
    const { status, body } = await here.ada.put(`/messages/${message.id}`, {
      roomId: here.lobbyId,
      text: `${edit}`,
    });
    expect([status, body.text]).toEqual([200, `${edit}`]);
  }
  const refused = await here.ada.put(`/messages/${message.id}`, { roomId: here.lobbyId, text: "11" });
  expect(refused.status).toBe(400);
  const { body } = await here.ada.get(`/messages/${message.id}`);
  expect(body).toMatchObject({ text: "10", created: message.created, updated: expect.any(String) });
});

it("replaces markdown, html and mentions with an edit", async () => {
  const { body: message } = await here.ada.post("/messages", {
    roomId: here.lobbyId,
    markdown: "**a** <@all>",
  });
  const { body } = await here.ada.put(`/messages/${message.id}`, { roomId: here.lobbyId, text: "plain" });
  const { html: _, markdown: _m, mentionedGroups: _g, ...rest } = message;
  expect(body).toEqual({ ...rest, text: "plain", updated: body.updated });
});

it("shows a bot what an edit made mention it, in its place", async () => {
  const { body: first } = await post("first");
  const second = await here.playground.says("ada", "second", { roomId: here.lobbyId, mention: true });
  await here.ada.put(`/messages/${first.id}`, {
    roomId: here.lobbyId,
    markdown: "<@personEmail:bellhop@webex.bot>",
  });
  const { body } = await here.bot.get(`/messages?roomId=${here.lobbyId}&mentionedPeople=me`);
  expect(body.items.map((message: { id: string }) => message.id)).toEqual([second.id, first.id]);
});

it.each([
  ["somebody else's message", 403, "plain", "grace"],
  ["a message with a card", 400, "card", "ada"],
] as const)("refuses to edit %s", async (_fact, status, kind, editor) => {
  const { body: message } = await post("x", kind === "card" ? { attachments: [card] } : {});
  const answer = await here[editor].put(`/messages/${message.id}`, { roomId: here.lobbyId, text: "y" });
  expect(answer.status).toBe(status);
});

it.each([
  ["without its room", { text: "y" }],
  ["without anything to say", { roomId: "here" }],
  ["with markdown and html", { roomId: "here", markdown: "y", html: "<p>y</p>" }],
  ["with another room", { roomId: "elsewhere", text: "y" }],
])("refuses an edit %s", async (_fact, body) => {
  const { body: message } = await post("x");
  const sent = "roomId" in body && body.roomId === "here" ? { ...body, roomId: here.lobbyId } : body;
  expect((await here.ada.put(`/messages/${message.id}`, sent)).status).toBe(400);
});

it("deletes one's own message, and a moderator anybody's", async () => {
  const { body: room } = await here.ada.post("/rooms", { title: "Locked", isLocked: true });
  await here.ada.post("/memberships", { roomId: room.id, personEmail: "grace@example.com" });
  const { body: hers } = await here.grace.post("/messages", { roomId: room.id, text: "x" });
  const { body: adas } = await here.ada.post("/messages", { roomId: room.id, text: "y" });
  expect((await here.grace.delete(`/messages/${adas.id}`)).status).toBe(403);
  expect((await here.ada.delete(`/messages/${hers.id}`)).status).toBe(204);
  expect((await here.ada.delete(`/messages/${hers.id}`)).status).toBe(404);
  expect((await here.ada.get(`/messages?roomId=${room.id}`)).body.items).toEqual([adas]);
});

it("shows a message to members only, from when they join to when they leave", async () => {
  const { body: room } = await here.ada.post("/rooms", { title: "Private" });
  const { body: message } = await here.ada.post("/messages", { roomId: room.id, text: "x" });
  expect((await here.grace.get(`/messages/${message.id}`)).status).toBe(404);
  const { body: joined } = await here.ada.post("/memberships", {
    roomId: room.id,
    personEmail: "grace@example.com",
  });
  expect((await here.grace.get(`/messages/${message.id}`)).status).toBe(200);
  expect((await here.grace.delete(`/memberships/${joined.id}`)).status).toBe(204);
  expect((await here.grace.get(`/messages/${message.id}`)).status).toBe(404);
});

it("lets only moderators write where there are announcements only", async () => {
  const settings = { title: "News", isLocked: true, isAnnouncementOnly: true };
  const { body: room } = await here.ada.post("/rooms", settings);
  await here.ada.post("/memberships", { roomId: room.id, personEmail: "grace@example.com" });
  expect((await here.grace.post("/messages", { roomId: room.id, text: "x" })).status).toBe(403);
  expect((await here.ada.post("/messages", { roomId: room.id, text: "x" })).status).toBe(200);
});

it("lets any member press a card any number of times, and shows the inputs to poster and presser only", async () => {
  const { body: message } = await here.bot.post("/messages", {
    roomId: here.lobbyId,
    text: "c",
    attachments: [card],
  });
  const press = { type: "submit", messageId: message.id, inputs: { a: "1" } };
  const { body: one } = await here.ada.post("/attachment/actions", press);
  const { body: two } = await here.ada.post("/attachment/actions", press);
  expect(two.id).not.toBe(one.id);
  expect((await here.bot.get(`/attachment/actions/${one.id}`)).body).toEqual(one);
  expect((await here.ada.get(`/attachment/actions/${one.id}`)).status).toBe(200);
  expect((await here.grace.get(`/attachment/actions/${one.id}`)).status).toBe(404);
});

it("keeps a press readable after its card was deleted", async () => {
  const { body: message } = await here.bot.post("/messages", {
    roomId: here.lobbyId,
    text: "c",
    attachments: [card],
  });
  const action = await here.playground.clicks("grace", message.id, { a: "1" });
  await here.bot.delete(`/messages/${message.id}`);
  expect((await here.bot.get(`/attachment/actions/${action.id}`)).body).toEqual(action);
});

it("refuses a press of a message without a card", async () => {
  const { body: message } = await post("x");
  const press = { type: "submit", messageId: message.id, inputs: {} };
  expect((await here.ada.post("/attachment/actions", press)).status).toBe(400);
});
