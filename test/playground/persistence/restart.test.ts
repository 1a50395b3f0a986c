import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { PlaygroundOptions } from "../../../src/playground";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";
import { tempDir } from "../../inbox/temp-dir";
import { ApiClient } from "../api-client";
import { WebhookReceiver } from "../webhook-receiver";

let stateDir: string;
let playground: ListeningPlayground;

async function open(options: Partial<PlaygroundOptions> = {}): Promise<void> {
  playground = await listenPlayground({ stateDir, ...options });
}

async function restart(options: Partial<PlaygroundOptions> = {}): Promise<void> {
  await playground.close();
  await open(options);
}

beforeEach(async () => {
  stateDir = join(tempDir(), "playground");
  await open();
});
afterEach(() => playground.close());

function as(token: string | undefined): ApiClient {
  return new ApiClient(playground.apiBaseUrl, token);
}

const ada = (): ApiClient => as(playground.webex.people[0]?.token);
const bot = (): ApiClient => as(playground.webex.botToken);

/** What the API answers, with the address that it has now left out. */
async function answers(client: () => ApiClient, paths: readonly string[]): Promise<unknown[]> {
  const bodies: unknown[] = [];
  for (const path of paths)
    bodies.push(JSON.parse(JSON.stringify((await client().get(path)).body).replaceAll(playground.url, "")));
  return bodies;
}

it("is after a restart what it was: rooms, people, messages, threads, edits, cards, clicks, teams and tabs", async () => {
  const { lobbyId } = playground.webex;
  const { body: team } = await ada().post("/teams", { name: "Engines" });
  const { body: room } = await ada().post("/rooms", { title: "Cellar", isLocked: true });
  await ada().post("/memberships", { roomId: room.id, personEmail: "grace@example.com", isModerator: true });
  await ada().post("/memberships", { roomId: room.id, personEmail: "new@example.com" });
  await ada().put(`/rooms/${room.id}`, { title: "Attic" });
  await ada().post("/room/tabs", { roomId: room.id, contentUrl: "https://example.com", displayName: "Plan" });
  const question = await playground.says("Ada", "hello", { roomId: lobbyId, mention: true });
  await playground.says("Grace", "an answer", { roomId: lobbyId, parentId: question.id });
  await ada().put(`/messages/${question.id}`, { roomId: lobbyId, markdown: "**good** day" });
  const card = {
    contentType: "application/vnd.microsoft.card.adaptive",
    content: { type: "AdaptiveCard", version: "1.3", body: [] },
  };
  const { body: posted } = await bot().post("/messages", { roomId: lobbyId, text: "x", attachments: [card] });
  const click = await playground.clicks("Ada", posted.id, { n: 1 });
  const { body: deleted } = await ada().post("/messages", { roomId: lobbyId, text: "gone" });
  await ada().delete(`/messages/${deleted.id}`);
  const paths = [
    "/rooms",
    "/teams",
    `/team/memberships?teamId=${team.id}`,
    `/memberships?roomId=${room.id}`,
    `/memberships?roomId=${lobbyId}`,
    "/memberships",
    `/room/tabs?roomId=${room.id}`,
    `/messages?roomId=${lobbyId}`,
    `/messages?roomId=${lobbyId}&parentId=${question.id}`,
    "/people?email=new@example.com",
  ];
  const botPaths = [`/messages?roomId=${lobbyId}&mentionedPeople=me`, `/attachment/actions/${click.id}`];
  const before = [...(await answers(ada, paths)), ...(await answers(bot, botPaths))];
  const people = playground.webex.people;
  await restart();
  expect([...(await answers(ada, paths)), ...(await answers(bot, botPaths))]).toEqual(before);
  expect(playground.webex.people).toEqual(people);
  expect((await ada().get(`/messages/${deleted.id}`)).status).toBe(404);
});

it("finds the direct room of two people again, rather than making another", async () => {
  const first = await playground.says("Grace", "hello");
  await restart();
  expect((await playground.says("Grace", "again")).roomId).toBe(first.roomId);
});

it("counts edits on: the eleventh is refused, though a restart is in between", async () => {
  const message = await playground.says("Ada", "0");
  const edit = (text: string) => ada().put(`/messages/${message.id}`, { roomId: message.roomId, text });
  for (let n = 1; n <= 9; n++) await edit(`${n}`);
  await restart();
  expect([(await edit("10")).status, (await edit("11")).status]).toEqual([200, 400]);
});

it("keeps files as bytes of their own, whose URLs lead to where it is now", async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 7]);
  const form = new FormData();
  form.set("roomId", playground.webex.lobbyId);
  form.set("files", new Blob([bytes], { type: "image/png" }), "a.png");
  const headers = { Authorization: `Bearer ${playground.webex.botToken}` };
  const sent = await fetch(`${playground.apiBaseUrl}/messages`, { method: "POST", headers, body: form });
  const { id } = (await sent.json()) as { id: string };
  await restart();
  const { body: message } = await bot().get(`/messages/${id}`);
  expect(message.files[0]).toMatch(new RegExp(`^${playground.apiBaseUrl}/contents/`));
  const file = await fetch(message.files[0], { headers });
  expect(file.headers.get("content-disposition")).toContain("a.png");
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);

  const filesDir = join(stateDir, "files");
  expect(readdirSync(filesDir)).toHaveLength(1);
  await bot().delete(`/messages/${id}`);
  await playground.save();
  expect(readdirSync(filesDir)).toEqual([]);
});

it("lets the bot have its token and its webhooks, which are called as before", async () => {
  const receiver = await WebhookReceiver.open();
  const { botToken } = playground.webex;
  const webhook = {
    name: "w",
    targetUrl: receiver.url,
    resource: "messages",
    event: "created",
    secret: "s",
    filter: `roomId=${playground.webex.lobbyId}`,
  };
  const { body: made } = await bot().post("/webhooks", webhook);
  await restart();
  expect(playground.webex.botToken).toBe(botToken);
  expect((await bot().get("/webhooks")).body.items).toEqual([made]);
  await playground.says("Ada", "not there");
  await playground.says("Ada", "there", { roomId: playground.webex.lobbyId, mention: true });
  await receiver.next();
  expect(receiver.received).toHaveLength(1);
  await receiver.close();
});

it("gives a program that is started again the tokens and secrets of before", async () => {
  const secrets = () => Object.entries(playground.connect("http://x")).filter(([name]) => !/URL$/.test(name));
  const before = secrets();
  await restart();
  expect(secrets()).toEqual(before);
});

it("takes tokens that are given, and forgets those of before", async () => {
  const { botToken } = playground.webex;
  await restart({ botToken: "bot", userToken: "ada" });
  expect([(await as("bot").get("/people/me")).status, (await as("ada").get("/people/me")).status]).toEqual([
    200, 200,
  ]);
  expect((await as(botToken).get("/people/me")).status).toBe(401);
});

it("keeps Spika's messages and files, and counts their numbers on", async () => {
  const said = playground.spika.says("Ada", "hello");
  const { token = "" } = playground.spika.people[0] ?? {};
  const post = async (path: string, body: object) =>
    // biome-ignore lint/suspicious/noExplicitAny: the test looks into what was answered
    ((await spika(path, token, body)) as any).data;
  await post("/api/upload/files", {
    chunk: Buffer.from("hi").toString("base64"),
    offset: 0,
    clientId: "c",
  });
  const { file } = await post("/api/upload/files/verify", {
    total: 1,
    size: 2,
    mimeType: "text/plain",
    fileName: "hi.txt",
    clientId: "c",
    fileHash: "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
  });
  await restart();
  expect(playground.spika.messages).toMatchObject([{ id: said.id, body: { text: "hello" } }]);
  expect(playground.spika.says("Ada", "again", { replyId: said.id }).id).toBe(said.id + 1);
  const read = await fetch(`${playground.url}/spika/api/upload/files/${file.id}`);
  expect(await read.text()).toBe("hi");
});

async function spika(path: string, token: string, body: object): Promise<unknown> {
  const response = await fetch(`${playground.url}/spika${path}`, {
    method: "POST",
    headers: { accesstoken: token, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return response.json();
}

it("keeps Intercom's conversations, and counts their numbers on", async () => {
  const { conversationId } = playground.intercom.says("Grace", "hello");
  const first = playground.intercom.says("Grace", "still there?", conversationId);
  await restart();
  const second = playground.intercom.says("Grace", "hello?", conversationId);
  expect(Number(second.partId)).toBe(Number(first.partId) + 1);
  expect(playground.intercom.conversation(conversationId)).toMatchObject({
    source: { body: "<p>hello</p>" },
    conversation_parts: { total_count: 2 },
  });
  expect(Number(playground.intercom.says("Ada", "new").conversationId)).toBe(Number(conversationId) + 1);
});

it("keeps files that Intercom has, at the address where it is now", async () => {
  const { conversationId } = playground.intercom.says("Grace", "hello");
  const { url, path, token, adminId } = { url: playground.url, ...playground.intercom };
  const file = { name: "a.txt", content_type: "text/plain", data: Buffer.from("hi").toString("base64") };
  await fetch(`${url}${path}/conversations/${conversationId}/reply`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({
      ...{ message_type: "comment", type: "admin", admin_id: adminId, body: "see" },
      attachment_files: [file],
      attachment_urls: ["https://example.com/b.png"],
    }),
  });
  await restart();
  const [kept, elsewhere] = playground.intercom.replies[0]?.attachments ?? [];
  expect(kept?.url).toMatch(new RegExp(`^${playground.url}/`));
  expect(await (await fetch(kept?.url ?? "")).text()).toBe("hi");
  expect(elsewhere?.url).toBe("https://example.com/b.png");
});

it("gives no number again that a playground before it has given, whose folder is gone", async () => {
  const { id } = playground.spika.says("Ada", "hello");
  const { conversationId } = playground.intercom.says("Ada", "hello");
  await playground.close();
  stateDir = join(tempDir(), "playground");
  await open({ now: () => Date.now() + 2_000 });
  expect(playground.spika.says("Ada", "hello").id).toBeGreaterThan(id);
  expect(Number(playground.intercom.says("Ada", "hello").conversationId)).toBeGreaterThan(
    Number(conversationId),
  );
});

it("is kept while it goes on, so that a crash loses little", async () => {
  const { id } = await playground.says("Ada", "hello");
  // Nobody closes it or tells it to save.
  while (!statSync(join(stateDir, "state.json"), { throwIfNoEntry: false }))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await listenPlayground({ stateDir });
  expect(
    (await new ApiClient(second.apiBaseUrl, second.webex.people[0]?.token).get(`/messages/${id}`)).body.text,
  ).toBe("hello");
  await second.close();
});

it("lets nobody else on the computer read the tokens", async () => {
  await playground.save();
  expect(statSync(join(stateDir, "state.json")).mode & 0o777).toBe(0o600);
});

it("is in memory only where no folder is given", async () => {
  const headless = await listenPlayground();
  const said = await headless.says("Ada", "hello");
  await headless.close();
  const next = await listenPlayground();
  expect(
    (await new ApiClient(next.apiBaseUrl, next.webex.people[0]?.token).get(`/messages/${said.id}`)).status,
  ).toBe(404);
  await next.close();
});
