import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ApiError } from "../../../src/core/contract/errors";
import type { UploadFile } from "../../../src/core/contract/files";
import {
  createWebexClient,
  type NewWebexMessage,
  type WebexClient,
} from "../../../src/platforms/webex/client";
import { toAttachment } from "../../../src/platforms/webex/resources/messages";
import { operations } from "../../playground/published-api";
import { openScriptedServer } from "../api/scripted-server";
import { openWatchedPlayground, type WatchedPlayground } from "./watched-playground";

let playground: WatchedPlayground;
let bot: WebexClient;
let ada: WebexClient;
let lobbyId: string;

const called = new Set<string>();
const card = toAttachment({
  type: "AdaptiveCard",
  version: "1.3",
  body: [{ type: "Input.Text", id: "name" }],
  actions: [{ type: "Action.Submit", data: { action: "greet" } }],
});

beforeEach(async () => {
  playground = await openWatchedPlayground();
  const { botToken, people } = playground.webex;
  const baseUrl = playground.apiBaseUrl;
  bot = createWebexClient({ token: botToken, baseUrl });
  ada = createWebexClient({ token: people[0]?.token ?? "", baseUrl });
  lobbyId = playground.webex.lobbyId;
});

afterEach(async () => {
  await Promise.all([bot.close(), ada.close()]);
  await playground.close();
  for (const operation of playground.called) called.add(operation);
  expect(playground.mismatches).toEqual([]);
});

async function all<Value>(list: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of list) values.push(value);
  return values;
}

describe("messages", () => {
  it("are posted, read, edited and deleted", async () => {
    const posted = await bot.messages.create({ roomId: lobbyId, markdown: "**hi**" });
    expect(posted).toMatchObject({ roomId: lobbyId, parentId: undefined, created: expect.any(String) });
    const answer = await bot.messages.create({ roomId: lobbyId, parentId: posted.id, text: "there" });
    expect(answer.parentId).toBe(posted.id);

    const edited = await bot.messages.edit(posted.id, { roomId: lobbyId, markdown: "*bye*" });
    expect(edited.id).toBe(posted.id);
    expect(await ada.messages.get(posted.id)).toMatchObject({
      markdown: "*bye*",
      text: "bye",
      html: expect.stringContaining("<em>bye</em>"),
      updated: expect.any(String),
      files: [],
      attachments: [],
      isIncomplete: false,
    });
    await bot.messages.delete(posted.id);
    await expect(ada.messages.get(posted.id)).rejects.toMatchObject({ status: 404 });
  });

  it("are listed over all pages, newest first", async () => {
    for (let n = 1; n <= 7; n++) await ada.messages.create({ roomId: lobbyId, text: `${n}` });
    const listed = await all(ada.messages.list({ roomId: lobbyId, max: 2 }));
    expect(listed.map(({ text }) => text).slice(0, 7)).toEqual(["7", "6", "5", "4", "3", "2", "1"]);
    const [, , third] = listed;
    const older = ada.messages.list({ roomId: lobbyId, beforeMessage: third?.id, before: new Date() });
    for await (const { text } of older) {
      expect(text).toBe("4");
      break;
    }
  });

  it("of a group room are listed for a bot when they mention it", async () => {
    await ada.messages.create({ roomId: lobbyId, markdown: "<@personEmail:bellhop@webex.bot> hello" });
    const [mention] = await all(bot.messages.list({ roomId: lobbyId, mentionedPeople: "me" }));
    expect(mention?.mentionedPeople).toEqual([playground.webex.bot.id]);
    await expect(all(bot.messages.list({ roomId: lobbyId }))).rejects.toMatchObject({ status: 403 });
  });

  it("go to one person, and are found in the direct room", async () => {
    const { roomId } = await bot.messages.create({ toPersonEmail: "ada@example.com", text: "psst" });
    const { id: adaId } = await ada.people.me();
    await bot.messages.create({ toPersonId: adaId, text: "again" });
    const direct = await all(bot.messages.listDirect({ personEmail: "ada@example.com" }));
    expect(direct.map((one) => [one.text, one.roomId])).toEqual([
      ["again", roomId],
      ["psst", roomId],
    ]);
  });

  it("carry a card, whose button tells what was entered", async () => {
    const posted = await bot.messages.create({ roomId: lobbyId, text: "Who are you?", attachments: [card] });
    expect((await ada.messages.get(posted.id)).attachments).toEqual([card]);
    const inputs = { action: "greet", name: "Ada" };
    const press = await ada.attachmentActions.create({ messageId: posted.id, inputs });
    expect(await bot.attachmentActions.get(press.id)).toMatchObject({ messageId: posted.id, inputs });
  });
});

describe("files", () => {
  const bytes = Buffer.from([0, 13, 10, 45, 45, 255, 0]);
  const folder = mkdtempSync(join(tmpdir(), "bellhop-files-"));
  const path = join(folder, "chart.png");
  writeFileSync(path, bytes);
  afterAll(() => rmSync(folder, { recursive: true }));

  async function sent(file: string | UploadFile, more: Partial<NewWebexMessage> = {}): Promise<string> {
    const message = { roomId: lobbyId, ...more, files: [file] } as NewWebexMessage; // the spread hides the room
    const { id } = await bot.messages.create(message);
    const [url = ""] = (await ada.messages.get(id)).files;
    return url;
  }

  it.each<[string, () => UploadFile, { name: string; type: string }]>([
    ["from a path", () => ({ path }), { name: "chart.png", type: "image/png" }],
    [
      "from a path, by another name",
      () => ({ path, name: "b.PDF" }),
      { name: "b.PDF", type: "application/pdf" },
    ],
    ["from memory", () => ({ data: bytes, name: "c.txt" }), { name: "c.txt", type: "text/plain" }],
    [
      "from a stream",
      () => ({ stream: Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]), name: 'ü "d"' }),
      { name: 'ü "d"', type: "application/octet-stream" },
    ],
    [
      "from a stream of known size",
      () => ({ stream: Readable.from([bytes]), name: "e.bin", size: bytes.length, type: "image/gif" }),
      { name: "e.bin", type: "image/gif" },
    ],
  ])("are sent %s and come back as they were", async (_, file, expected) => {
    const url = await sent(file(), { markdown: "**see** this" });
    expect(await ada.files.info(url)).toEqual({ ...expected, size: bytes.length });
    const { stream: _stream, bytes: read, ...info } = await ada.files.download(url);
    expect(info).toEqual({ ...expected, size: bytes.length });
    expect(await read()).toEqual(bytes);
  });

  it("are sent by their URL, which Webex fetches", async () => {
    const first = await sent({ data: bytes, name: "a.png" });
    // A server that needs no token: the playground fetches it as Webex would.
    const host = await openScriptedServer((_, response) =>
      response.writeHead(200, { "Content-Type": "image/png" }).end(bytes),
    );
    const url = await sent(`${host.url}/b.png`);
    expect(url).not.toBe(first);
    expect(await ada.files.info(url)).toEqual({ name: "b.png", type: "image/png", size: bytes.length });
    await host.close();
  });

  it("of some megabytes go both ways in pieces", async () => {
    const large = Buffer.alloc(5 * 1_048_576, "0123456789");
    const url = await sent({
      stream: Readable.from([large.subarray(0, 99), large.subarray(99)]),
      name: "large",
    });
    const { stream, size } = await ada.files.download(url);
    expect(size).toBe(large.length);
    const received: Buffer[] = [];
    for await (const chunk of stream) received.push(chunk);
    expect(received.length).toBeGreaterThan(1);
    expect(Buffer.concat(received).equals(large)).toBe(true);
  });

  it("that are not there say so before anything is sent", async () => {
    const missing = bot.messages.create({ roomId: lobbyId, files: [{ path: join(folder, "none") }] });
    await expect(missing).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("cannot go with a card", async () => {
    const both = { roomId: lobbyId, text: "x", files: [{ path }], attachments: [card] } as const;
    await expect(bot.messages.create(both)).rejects.toMatchObject({ code: "unsupported" });
  });
});

it("rooms, their memberships and tabs are made, changed, listed and removed", async () => {
  const room = await ada.rooms.create({ title: "Plans", description: "for later" });
  expect(room).toMatchObject({ title: "Plans", type: "group", isLocked: false, description: "for later" });
  expect(await ada.rooms.update(room.id, { title: "Deeds", isLocked: true })).toMatchObject({
    title: "Deeds",
  });
  expect(await ada.rooms.get(room.id)).toMatchObject({ title: "Deeds", isLocked: true });
  expect((await all(ada.rooms.list({ type: "group", max: 1 }))).map(({ id }) => id)).toContain(room.id);

  const joined = await ada.memberships.create({ roomId: room.id, personEmail: "grace@example.com" });
  expect(joined).toMatchObject({ personDisplayName: expect.stringContaining("Grace"), isModerator: false });
  const twice = ada.memberships.create({ roomId: room.id, personEmail: "grace@example.com" });
  await expect(twice).rejects.toMatchObject({ status: 409 });
  const changes = { isModerator: true, isRoomHidden: false };
  expect(await ada.memberships.update(joined.id, changes)).toMatchObject({ isModerator: true });
  expect((await ada.memberships.get(joined.id)).personEmail).toBe("grace@example.com");
  expect(await all(ada.memberships.list({ roomId: room.id, max: 1 }))).toHaveLength(2);
  expect((await all(bot.memberships.list())).map(({ roomId }) => roomId)).toContain(lobbyId);
  await ada.memberships.delete(joined.id);

  const page = { roomId: room.id, contentUrl: "https://example.com/", displayName: "Site" };
  const tab = await ada.roomTabs.create(page);
  expect(await ada.roomTabs.update(tab.id, { ...page, displayName: "Home" })).toMatchObject({
    displayName: "Home",
  });
  expect(await all(ada.roomTabs.list({ roomId: room.id }))).toMatchObject([
    { id: tab.id, displayName: "Home" },
  ]);
  expect((await ada.roomTabs.get(tab.id)).contentUrl).toBe("https://example.com/");
  await ada.roomTabs.delete(tab.id);

  await ada.rooms.delete(room.id);
  await expect(ada.rooms.get(room.id)).rejects.toBeInstanceOf(ApiError);
});

it("people are found by id, address and name", async () => {
  const me = await bot.people.me();
  expect(me).toMatchObject({ id: playground.webex.bot.id, type: "bot", emails: ["bellhop@webex.bot"] });
  const [found] = await all(bot.people.list({ email: "ada@example.com" }));
  expect(found?.displayName).toContain("Ada");
  expect(await all(bot.people.list({ displayName: found?.displayName ?? "", max: 5 }))).toEqual([found]);
  expect(await all(bot.people.list({ id: [me.id, "nobody", found?.id ?? ""] }))).toEqual([me, found]);
  expect(await bot.people.get(me.id)).toEqual(me);
});

it("teams and who is in them are made, changed, listed and removed", async () => {
  const team = await ada.teams.create({ name: "Crew", description: "all of us" });
  expect(await ada.teams.update(team.id, { name: "Cast" })).toMatchObject({ name: "Cast" });
  expect((await ada.teams.get(team.id)).id).toBe(team.id);
  expect((await all(ada.teams.list({ max: 1 }))).map(({ name }) => name)).toEqual(["Cast"]);

  const { id: graceId } = (await all(ada.people.list({ email: "grace@example.com" })))[0] ?? { id: "" };
  const joined = await ada.teamMemberships.create({ teamId: team.id, personId: graceId });
  expect(await ada.teamMemberships.update(joined.id, { isModerator: true })).toMatchObject({
    isModerator: true,
  });
  expect(await ada.teamMemberships.get(joined.id)).toMatchObject({ teamId: team.id, personId: graceId });
  expect(await all(ada.teamMemberships.list({ teamId: team.id, max: 1 }))).toHaveLength(2);
  await ada.teamMemberships.delete(joined.id);
  await ada.teams.delete(team.id);
});

it("webhooks are made, changed, listed and removed", async () => {
  const target = { name: "mine", targetUrl: "https://bot.example.com/hook" };
  const watched = {
    ...target,
    resource: "messages",
    event: "created",
    filter: "roomType=group",
    secret: "s",
  };
  const webhook = await bot.webhooks.create(watched);
  expect(webhook).toMatchObject({ ...watched, status: "active" });
  const renamed = { ...target, name: "ours", status: "active" } as const;
  expect(await bot.webhooks.update(webhook.id, renamed)).toMatchObject({
    name: "ours",
    resource: "messages",
  });
  expect(await all(bot.webhooks.list({ max: 1 }))).toMatchObject([{ id: webhook.id, name: "ours" }]);
  expect((await bot.webhooks.get(webhook.id)).name).toBe("ours");
  await bot.webhooks.delete(webhook.id);
});

// It stands last: the tests above have called them.
it("every operation of the published description has been called", () => {
  const served = operations.filter((operation) => operation !== "GET /rooms/{roomId}/meetingInfo");
  expect([...called].sort()).toEqual([...served].sort());
});
