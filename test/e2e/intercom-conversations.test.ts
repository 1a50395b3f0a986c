import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inbox } from "../../src/core/contract/inbox";
import {
  createIntercomClient,
  defineBot,
  intercomOf,
  type Person,
  spikaOf,
  webexOf,
} from "../../src/for-bots";
import { openEmbedded } from "../../src/inbox/embedded";
import { createIntercom } from "../../src/platforms/intercom";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type Served, serve } from "./serve";

let playground: ListeningPlayground;
let served: Served;
let folder: string;
let inbox: Inbox;
let authors: Person[];

const bot = defineBot((b) => {
  b.files({ types: ["image/*", "text/csv"] });
  b.command("note <text...>", (ctx) => intercomOf(ctx)?.conversation.note(ctx.args.text));
  b.command("snooze", (ctx) => intercomOf(ctx)?.conversation.snooze(new Date(1_900_000_000_000)));
  b.command("close", (ctx) => intercomOf(ctx)?.conversation.close());
  b.command("assign <team>", (ctx) => intercomOf(ctx)?.conversation.assign({ teamId: ctx.args.team }));
  b.command("hand over", async (ctx) => {
    const joan = (await intercomOf(ctx)?.admins.list())?.find(({ name }) => name === "Joan Clarke");
    await intercomOf(ctx)?.conversation.assign({ adminId: joan?.id ?? "" });
  });
  b.command("let go", (ctx) => intercomOf(ctx)?.conversation.assign(undefined));
  b.command("tag", async (ctx) => {
    const intercom = intercomOf(ctx);
    const tag = await intercom?.tags.create("parcel");
    await intercom?.conversation.addTag(tag?.id ?? "");
    const names = (await intercom?.tags.list())?.map(({ name }) => name);
    const { raw } = (await intercom?.conversation.get()) ?? {};
    await ctx.reply(`${names} ${JSON.stringify(raw?.tags)}`);
    await intercom?.conversation.removeTag(tag?.id ?? "");
  });
  b.command("who has <email>", async (ctx) => {
    const found: (string | undefined)[] = [];
    for await (const { name } of intercomOf(ctx)?.contacts.search({ email: ctx.args.email }) ?? [])
      found.push(name);
    await ctx.reply(`found: ${found}`);
  });
  b.command("others", (ctx) => ctx.reply(`${webexOf(ctx)} ${spikaOf(ctx)}`));
  b.command("private", (ctx) => ctx.replyPrivately(`psst ${ctx.can.replyPrivately}`));
  b.on("messages.created", async (ctx) => {
    const { text = "", files = [] } = ctx.message ?? {};
    const infos = await Promise.all(files.map((file) => file.info()));
    await ctx.reply({ text: JSON.stringify([text, infos]) });
  });
  for (const topic of ["admin.replied", "operator.replied", "admin.assigned", "admin.noted"] as const)
    b.on(`intercom:conversation.${topic}`, async (ctx) => {
      authors.push(await ctx.getPerson());
      if (ctx.can.replyPrivately) await ctx.replyPrivately("leaked");
    });
});

beforeEach(async () => {
  authors = [];
  folder = await mkdtemp(join(tmpdir(), "bellhop-intercom-"));
  inbox = await openEmbedded({ dataDir: folder });
  playground = await listenPlayground();
  const { intercom, url } = playground;
  served = await serve(
    (at) => {
      intercom.connect(`${at}/webhooks/intercom`);
      const { token, clientSecret } = intercom;
      return [createIntercom({ token, secrets: [clientSecret], apiBaseUrl: url + intercom.path })];
    },
    {
      bots: { test: bot },
      inbox,
    },
  );
});
afterEach(async () => {
  await served.close();
  await playground.close();
  await rm(folder, { recursive: true, force: true });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

async function expectAllHandled(): Promise<void> {
  for (let tries = 0; tries < 500 && (await inbox.counts()).waiting > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await inbox.list({ state: "waiting" })).toEqual([]);
  expect(await inbox.list({ state: "dead" })).toEqual([]);
}

/** What a handler's reply says, which is plain text in HTML. */
const wordsOf = ({ body }: { body: string | null }): string =>
  (body ?? "")
    .replace(/<br>/g, "\n")
    .replace(/<\/?p>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&");

describe("a handler changes its conversation", () => {
  it.each([
    ["snooze", { state: "snoozed", snoozed_until: 1_900_000_000 }],
    ["close", { state: "closed" }],
    ["assign 2001", { state: "open", team_assignee_id: "2001" }],
    ["hand over", { admin_assignee_id: 1002 }],
  ])("with %j", async (text, state) => {
    const { intercom } = playground;
    const { conversationId } = intercom.says("Ada", text);
    await intercom.nextReply();
    expect(intercom.conversation(conversationId)).toMatchObject(state);
  });

  it("and takes an assignment away", async () => {
    const { intercom } = playground;
    const { conversationId } = intercom.says("Ada", "assign 2001");
    await intercom.nextReply();
    intercom.says("Ada", "let go", conversationId);
    await intercom.nextReply();
    expect(intercom.conversation(conversationId)).toMatchObject({
      team_assignee_id: null,
      admin_assignee_id: 0,
    });
  });

  it("with a note that shows people's text as text", async () => {
    const { intercom } = playground;
    intercom.says("Ada", "note <b>parcel</b> & co");
    expect(await intercom.nextReply()).toMatchObject({
      type: "note",
      body: "<p>&lt;b&gt;parcel&lt;/b&gt; &amp; co</p>",
    });
  });

  it("with tags, and finds contacts", async () => {
    const { intercom } = playground;
    const { conversationId } = intercom.says("Ada", "tag");
    expect(wordsOf(await intercom.nextReply())).toMatch(/^parcel .*"type":"tag","id":"\w+","name":"parcel"/);
    await until(() => intercom.conversation(conversationId).tags.tags.length === 0);
    intercom.says("Ada", "who has grace@example.com", conversationId);
    expect(wordsOf(await intercom.nextReply())).toBe("found: Grace Hopper");
    intercom.says("Ada", "others", conversationId);
    expect(wordsOf(await intercom.nextReply())).toBe("undefined undefined");
  });

  it("with a client of its own", async () => {
    const { intercom, url } = playground;
    const { conversationId } = intercom.says("Ada", "private");
    await intercom.nextReply();
    const client = createIntercomClient({ token: intercom.token, baseUrl: url + intercom.path });
    try {
      const { id, name } = await client.teams.get("2001");
      expect([id, name, await client.adminId()]).toEqual(["2001", "Support", "1001"]);
      await expect(
        client.conversations.assign(conversationId, "1001", { type: "team", id: "7" }),
      ).rejects.toThrow("Team not found");
    } finally {
      await client.close();
    }
  });
});

it("a private reply is a reply in the conversation", async () => {
  const { intercom } = playground;
  const { conversationId } = intercom.says("Ada", "private");
  expect(await intercom.nextReply()).toMatchObject({
    conversationId,
    type: "comment",
    body: "<p>psst true</p>",
  });
});

describe("the author of a conversation part", () => {
  it.each([
    [
      "a teammate",
      { type: "admin", id: "1002", name: "Joan" },
      { displayName: "Joan Clarke", email: "joan@example.com" },
    ],
    ["a teammate who is gone", { type: "admin", id: "2002", name: "Andy" }, { displayName: "Andy" }],
    ["a team", { type: "team", id: "2001" }, { displayName: "Support" }],
    ["a team that is gone", { type: "team", id: "9", name: "Old" }, { displayName: "Old" }],
    ["a bot", { type: "bot", id: "1002", name: "Fin" }, { displayName: "Fin", isBot: true }],
    ["an AI agent", { type: "admin", id: "1002", name: "Fin", from_ai_agent: true }, { isBot: true }],
    ["an author of an unknown type", { type: "workflow", id: "5", name: "Flow" }, { displayName: "Flow" }],
  ])("that is %s is looked up as what it is", async (_what, author, described) => {
    const { intercom } = playground;
    const { conversationId } = intercom.says("Ada", "private");
    await intercom.nextReply();
    const part = { type: "conversation_part", id: "9", part_type: "comment", body: "<p>Hm</p>", author };
    for (const topic of [
      "conversation.admin.replied",
      "conversation.operator.replied",
      "conversation.admin.noted",
    ])
      await intercom.notify(topic, {
        ...{ type: "conversation", id: conversationId },
        conversation_parts: { conversation_parts: [part] },
      });
    const isBot = "isBot" in described;
    // The policy refuses bots.
    if (!isBot) await until(() => authors.length >= 3);
    for (const one of authors) expect(one).toMatchObject({ id: author.id, type: author.type, ...described });
    expect(authors).toHaveLength(isBot ? 0 : 3);
    await expectAllHandled();
    expect(intercom.replies).toHaveLength(1);
  });

  it("is a contact even if its id is the bot's", async () => {
    const { intercom } = playground;
    const part = { type: "conversation_part", id: "9", part_type: "comment", body: "<p>hi</p>" };
    const { conversationId } = intercom.says("Ada", "private");
    await intercom.nextReply();
    await intercom.notify("conversation.user.replied", {
      ...{ type: "conversation", id: conversationId },
      conversation_parts: {
        conversation_parts: [{ ...part, author: { type: "user", id: "1001", name: "Ann" } }],
      },
    });
    expect(wordsOf(await intercom.nextReply())).toBe('["hi",[]]');
  });
});

describe("what a person wrote", () => {
  let files: Server;
  let at: string;
  beforeEach(async () => {
    files = createServer((_request, response) => {
      response
        .setHeader("content-type", "application/octet-stream")
        .setHeader("content-length", "4")
        .end("data");
    });
    await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
    at = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => files.close(resolve)));

  async function heard(source: object): Promise<unknown> {
    const { intercom } = playground;
    const { conversationId } = intercom.says("Ada", "private");
    await intercom.nextReply();
    const author = { type: "lead", id: "c9", name: "Ann" };
    const part = { type: "conversation_part", id: "9", part_type: "comment", author, ...source };
    await intercom.notify("conversation.user.replied", {
      ...{ type: "conversation", id: conversationId },
      conversation_parts: { conversation_parts: [part] },
    });
    return JSON.parse(wordsOf(await intercom.nextReply()));
  }

  it("has files with name, type and size as the part says", async () => {
    const attachments = [
      { type: "upload", name: "a.png", url: `${at}/1`, content_type: "image/png", filesize: 9 },
      { type: "upload", name: "../b.csv", url: `${at}/2`, content_type: null, filesize: null },
      { type: "upload", name: "c", url: `${at}/3`, content_type: "application/octet-stream", filesize: 4 },
    ];
    expect(await heard({ body: null, attachments })).toEqual([
      "",
      [
        { name: "a.png", type: "image/png", size: 9 },
        { name: "b.csv", type: "text/csv", size: 4 },
        { name: "c", type: "application/octet-stream", size: 4 },
      ],
    ]);
  });

  it("has the images that Intercom stores as files, and the addresses of others", async () => {
    const { intercom, url } = playground;
    const client = createIntercomClient({ token: intercom.token, baseUrl: url + intercom.path });
    const { conversationId } = intercom.says("Grace", "close");
    await intercom.nextReply();
    await client.conversations.reply(conversationId, "1001", {
      ...{ messageType: "comment", body: "" },
      attachmentFiles: [{ contentType: "image/png", name: "a b.png", data: "AAAA" }],
    });
    await client.close();
    const stored = (await intercom.nextReply()).attachments[0]?.url;
    expect(
      await heard({
        body: `<p>Look:</p><p><img src="${stored}"></p><p><img src="https://example.com/x.png" alt="chart"></p><p><img src="https://example.com/e.png" alt="🙂"> <img src="data:image/png;base64,AAAA"></p>`,
      }),
    ).toMatchObject([
      "Look:\nchart (https://example.com/x.png)\n🙂 [image]",
      [{ name: "a b.png", type: "image/png", size: 3 }],
    ]);
  });

  it("is the subject where there is nothing else", async () => {
    expect(await heard({ body: "", subject: "Where is my parcel?" })).toEqual(["Where is my parcel?", []]);
  });
});
