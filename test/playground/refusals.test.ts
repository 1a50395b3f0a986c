import { ApiClient } from "./api-client";
import { type Setting, useSetting } from "./setting";

const setting = useSetting();
const tooLong = "é".repeat(3720);
const nowhere = "Y2lzY29zcGFyazovL3VzL1JPT00vMTExMTExMTEtMjIyMi00MzMzLTg0NDQtNTU1NTU1NTU1NTU1";

type Case = readonly [fact: string, status: number, call: (here: Setting) => Promise<{ status: number }>];

const cases: readonly Case[] = [
  ["no target", 400, ({ bot }) => bot.post("/messages", { text: "hi" })],
  [
    "two targets",
    400,
    (here) =>
      here.bot.post("/messages", { roomId: here.lobbyId, toPersonEmail: "ada@example.com", text: "hi" }),
  ],
  ["nothing said", 400, (here) => here.bot.post("/messages", { roomId: here.lobbyId })],
  ["an empty text", 400, (here) => here.bot.post("/messages", { roomId: here.lobbyId, text: "" })],
  ["a text that is a number", 400, (here) => here.bot.post("/messages", { roomId: here.lobbyId, text: 7 })],
  [
    "a text of 7440 bytes",
    400,
    (here) => here.bot.post("/messages", { roomId: here.lobbyId, text: tooLong }),
  ],
  [
    "a markdown of 7440 bytes",
    400,
    (here) => here.bot.post("/messages", { roomId: here.lobbyId, markdown: tooLong }),
  ],
  ["a room that is not there", 404, ({ bot }) => bot.post("/messages", { roomId: nowhere, text: "hi" })],
  ["a person who is not there", 404, ({ bot }) => bot.post("/messages", { toPersonId: nowhere, text: "hi" })],
  ["an address that is none", 400, ({ bot }) => bot.post("/messages", { toPersonEmail: "ada", text: "hi" })],
  [
    "a parent that is not there",
    400,
    (here) => here.bot.post("/messages", { roomId: here.lobbyId, parentId: nowhere, text: "hi" }),
  ],
  [
    "two cards",
    400,
    (here) => here.bot.post("/messages", { roomId: here.lobbyId, attachments: [card, card] }),
  ],
  [
    "another kind of attachment",
    400,
    (here) =>
      here.bot.post("/messages", {
        roomId: here.lobbyId,
        attachments: [{ contentType: "text/plain", content: "x" }],
      }),
  ],
  [
    "two files",
    400,
    (here) =>
      here.bot.post("/messages", {
        roomId: here.lobbyId,
        files: ["http://a.example/1", "http://a.example/2"],
      }),
  ],
  [
    "a file of the file system",
    400,
    (here) => here.bot.post("/messages", { roomId: here.lobbyId, files: ["file:///etc/hosts"] }),
  ],
  ["a body that is no JSON", 400, ({ bot }) => bot.send("POST", "/messages", "{")],
  ["a body that is an array", 400, ({ bot }) => bot.post("/messages", [])],
  ["no body", 400, ({ bot }) => bot.send("POST", "/messages")],
  [
    "a form body",
    415,
    ({ bot }) =>
      bot.send("POST", "/messages", "text=hi", { "Content-Type": "application/x-www-form-urlencoded" }),
  ],
  ["a body of more than a megabyte", 413, ({ bot }) => bot.post("/messages", { text: "x".repeat(1 << 20) })],
  ["a method that the path does not have", 405, ({ bot }) => bot.send("PATCH", "/messages", {})],
  ["a path that is not there", 404, ({ bot }) => bot.get("/nothing")],
  ["a list of messages of no room", 400, ({ ada }) => ada.get("/messages")],
  ["a list of messages of a room elsewhere", 404, ({ ada }) => ada.get(`/messages?roomId=${nowhere}`)],
  ["a max of 0", 400, (here) => here.ada.get(`/messages?roomId=${here.lobbyId}&max=0`)],
  ["a max of null", 400, (here) => here.ada.get(`/messages?roomId=${here.lobbyId}&max=null`)],
  ["a time that is none", 400, (here) => here.ada.get(`/messages?roomId=${here.lobbyId}&before=yesterday`)],
  [
    "messages that mention somebody else",
    403,
    (here) =>
      here.ada.get(`/messages?roomId=${here.lobbyId}&mentionedPeople=${here.playground.webex.bot.id}`),
  ],
  ["a bot's list of a group room", 403, (here) => here.bot.get(`/messages?roomId=${here.lobbyId}`)],
  ["a message that is not there", 404, ({ ada }) => ada.get(`/messages/${nowhere}`)],
  ["people by nothing", 400, ({ ada }) => ada.get("/people")],
  ["a person who is not there", 404, ({ ada }) => ada.get(`/people/${nowhere}`)],
  ["making a person", 403, ({ ada }) => ada.post("/people", { emails: ["new@example.com"] })],
  ["more than 85 ids", 400, ({ ada }) => ada.get(`/people?id=${Array(86).fill(nowhere).join(",")}`)],
  ["a room without a title", 400, ({ ada }) => ada.post("/rooms", {})],
  ["a kind of room that is not there", 400, ({ ada }) => ada.get("/rooms?type=public")],
  ["an order that is not there", 400, ({ ada }) => ada.get("/rooms?sortBy=title")],
  [
    "announcements in a room that is not locked",
    400,
    ({ ada }) => ada.post("/rooms", { title: "x", isAnnouncementOnly: true }),
  ],
  [
    "a membership by person without a room",
    400,
    ({ ada }) => ada.get("/memberships?personEmail=ada@example.com"),
  ],
  [
    "somebody who is a member already",
    409,
    (here) => here.ada.post("/memberships", { roomId: here.lobbyId, personEmail: "GRACE@example.com" }),
  ],
  ["a membership of nobody", 400, (here) => here.ada.post("/memberships", { roomId: here.lobbyId })],
  [
    "a click of no kind",
    400,
    ({ ada }) => ada.post("/attachment/actions", { messageId: nowhere, inputs: {} }),
  ],
  [
    "a click without inputs",
    400,
    ({ ada }) => ada.post("/attachment/actions", { type: "submit", messageId: nowhere }),
  ],
  [
    "a click on what is not there",
    404,
    ({ ada }) => ada.post("/attachment/actions", { type: "submit", messageId: nowhere, inputs: {} }),
  ],
  ["the organisation's webhooks", 403, ({ bot }) => bot.get("/webhooks?ownedBy=org")],
  ["a file that is not there", 404, ({ bot }) => bot.get(`/contents/${nowhere}`)],
  ["the organisation's events", 403, ({ bot }) => bot.get("/events")],
  ["a cursor that no list gave", 400, ({ ada }) => ada.get("/rooms?cursor=x")],
];

const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3" },
};

it.each(cases)("refuses %s with %d, in Webex's form", async (_fact, status, call) => {
  const answer = await call(setting);
  expect(answer).toMatchObject({
    status,
    body: {
      message: expect.stringMatching(/\S/),
      errors: [{ description: expect.stringMatching(/\S/) }],
      trackingId: expect.stringMatching(/\S/),
    },
  });
});

it.each([
  ["none", undefined],
  ["one of nobody", "wrong"],
])("refuses every path without a valid token: %s", async (_fact, token) => {
  const nobody = new ApiClient(setting.playground.apiBaseUrl, token);
  for (const path of ["/people/me", "/messages", "/nothing"])
    expect((await nobody.get(path)).status).toBe(401);
  expect((await nobody.send("POST", "/messages", "{")).status).toBe(401);
});

it("keeps nothing of a refused message, not even the direct room it was for", async () => {
  await setting.grace.post("/messages", { toPersonEmail: "bellhop@webex.bot" });
  const rooms = await setting.grace.get("/rooms");
  expect(rooms.body.items).toHaveLength(1);
});

it("answers with the caller's tracking id, in the header and in the error", async () => {
  const answer = await setting.bot.send(
    "POST",
    "/rooms",
    {},
    { "Content-Type": "application/json", TrackingID: "mine_1" },
  );
  expect([answer.headers.get("trackingid"), answer.body.trackingId]).toEqual(["mine_1", "mine_1"]);
});

it("answers with a tracking id of its own when there is none to repeat", async () => {
  const [one, other] = [await setting.bot.get("/people/me"), await setting.bot.get("/people/me")];
  expect(one.headers.get("trackingid")).not.toBe(other.headers.get("trackingid"));
});
