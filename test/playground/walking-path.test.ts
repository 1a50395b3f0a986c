import { createHmac } from "node:crypto";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { ApiClient } from "./api-client";
import { WebhookReceiver } from "./webhook-receiver";

let playground: ListeningPlayground;
let receiver: WebhookReceiver;
let bot: ApiClient;
let ada: ApiClient;

beforeEach(async () => {
  receiver = await WebhookReceiver.open();
  playground = await listenPlayground({ botToken: "bot-token", userToken: "ada-token" });
  bot = new ApiClient(playground.apiBaseUrl, "bot-token");
  ada = new ApiClient(playground.apiBaseUrl, "ada-token");
});

afterEach(async () => {
  await playground.close();
  await receiver.close();
});

function watch(resource: string, event: string, filter?: string): Promise<unknown> {
  return bot.post("/webhooks", {
    name: `${resource} ${event}`,
    targetUrl: receiver.url,
    resource,
    event,
    filter,
  });
}

const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: {
    type: "AdaptiveCard",
    version: "1.3",
    body: [{ type: "Input.Text", id: "comment" }],
    actions: [{ type: "Action.Submit", title: "Send", data: { action: "send" } }],
  },
};

it("carries a question to the bot and its answer back, in the thread", async () => {
  await watch("messages", "created");
  const question = await playground.says("ada", "ping");
  const [delivery] = await receiver.arrived(1);
  expect(delivery?.json.data).toEqual({
    id: question.id,
    roomId: question.roomId,
    roomType: "direct",
    personId: question.personId,
    personEmail: "ada@example.com",
    created: question.created,
  });
  const fetched = await bot.get(`/messages/${delivery?.json.data.id}`);
  expect(fetched.body).toEqual(question);
  await bot.post("/messages", { roomId: question.roomId, parentId: question.id, text: "pong" });
  const answer = await playground.nextMessageFrom("bot");
  expect(answer).toMatchObject({ text: "pong", parentId: question.id });
});

it("carries a click to who posted the card, without its inputs, and gives them when asked", async () => {
  await watch("attachmentActions", "created");
  const { body: posted } = await bot.post("/messages", {
    toPersonEmail: "ada@example.com",
    text: "A card",
    attachments: [card],
  });
  const action = await playground.clicks("ada", posted.id, { action: "send", comment: "fine" });
  const [delivery] = await receiver.arrived(1);
  expect(delivery?.json).toMatchObject({
    resource: "attachmentActions",
    event: "created",
    actorId: action.personId,
  });
  expect(delivery?.json.data).toEqual({
    id: action.id,
    type: "submit",
    messageId: posted.id,
    personId: action.personId,
    roomId: posted.roomId,
    created: action.created,
  });
  const fetched = await bot.get(`/attachment/actions/${action.id}`);
  expect(fetched.body.inputs).toEqual({ action: "send", comment: "fine" });
});

it("signs the exact bytes with the webhook's secret, in both headers", async () => {
  const secret = "pässword";
  await bot.post("/webhooks", {
    name: "w",
    targetUrl: receiver.url,
    resource: "messages",
    event: "created",
    secret,
  });
  await playground.says("ada", "ping");
  const [delivery] = await receiver.arrived(1);
  const hmac = (algorithm: string) =>
    createHmac(algorithm, secret)
      .update(delivery?.body ?? "")
      .digest("hex");
  expect(delivery?.headers["x-spark-signature"]).toBe(hmac("sha1"));
  expect(delivery?.headers["x-webex-signature"]).toBe(`SHA-256=${hmac("sha256")}, SHA-512=${hmac("sha512")}`);
  expect(delivery?.body.toString()).not.toContain(secret);
});

it("shows the bot only what mentions it in a group room", async () => {
  await watch("messages", "created");
  const roomId = playground.webex.lobbyId;
  const { body: unheard } = await ada.post("/messages", { roomId, text: "hello all" });
  const heard = await playground.says("ada", "hello_there", { roomId, mention: true });
  const [delivery] = await receiver.arrived(1);
  expect(delivery?.json.data).toMatchObject({ id: heard.id, roomType: "group" });
  expect(heard).toMatchObject({
    text: "Bellhop hello_there",
    html: `<p><spark-mention data-object-type="person" data-object-id="${playground.webex.bot.id}">Bellhop</spark-mention> hello_there</p>`,
    mentionedPeople: [playground.webex.bot.id],
  });
  expect((await bot.get(`/messages/${unheard.id}`)).status).toBe(404);
  expect((await bot.get(`/messages?roomId=${roomId}`)).body.message).toBe("Failed to get activity.");
  expect((await bot.get(`/messages?roomId=${roomId}&mentionedPeople=me`)).body.items).toEqual([heard]);
});

it("says who the token belongs to", async () => {
  expect((await bot.get("/people/me")).body).toMatchObject({ displayName: "Bellhop", type: "bot" });
  expect((await ada.get("/people/me/?x=1")).body).toMatchObject({
    emails: ["ada@example.com"],
    type: "person",
  });
});

it("says what happened instead when the bot does not answer", async () => {
  await watch("messages", "created");
  receiver.status = 500;
  await playground.says("ada", "ping");
  await receiver.arrived(1);
  await expect(playground.nextMessageFrom("bot", { timeoutMs: 50 })).rejects.toThrow(
    /no message from Bellhop in 50 ms.*POST \/webhooks: 200/s,
  );
});
