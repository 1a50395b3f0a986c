import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { createSpika } from "../../src/platforms/spika";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { type Served, serve } from "./serve";

const bot = defineBot((b) => {
  b.command("add <a:number> <b:number>", (ctx) => ctx.reply(`**${ctx.args.a + ctx.args.b}**`));
  b.hears("hello", (ctx) => ctx.reply(`Hello, ${ctx.person.displayName}!`));
  b.command("menu", (ctx) =>
    ctx.reply({ markdown: "Today's **menu**", files: [{ data: Buffer.from("soup"), name: "menu.png" }] }),
  );
  b.on("spika:message.poll", (ctx) => ctx.reply("a poll"));
});

describe.each(["flat", "wrapped"] as const)("a bot in Spika, with deliveries in the %s form", (form) => {
  let playground: ListeningPlayground;
  let served: Served;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-spika-"));
    playground = await listenPlayground();
    const { spika, url } = playground;
    spika.form = form;
    served = await serve(
      (at) => {
        const { signature, privateSignature } = spika.connect(`${at}/webhooks/spika`);
        return [
          createSpika({
            baseUrl: url + spika.path,
            apiKey: spika.apiKey,
            signatures: { [spika.roomId]: signature, [spika.privateRoomId]: privateSignature },
          }),
        ];
      },
      { bots: { test: bot }, inbox: folder },
    );
  });
  afterEach(async () => {
    await served.close();
    await playground.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("answers in words, quoting what it answers in a room, and not in private", async () => {
    const { spika } = playground;
    const asked = spika.says("Ada", "add 2 3");
    expect(await spika.nextMessageFromBot()).toMatchObject({ replyId: asked.id, body: { text: "5" } });
    spika.says("Ada", "hello", { roomId: spika.privateRoomId });
    expect(await spika.nextMessageFromBot()).toMatchObject({
      roomId: spika.privateRoomId,
      replyId: null,
      body: { text: "Hello, Ada Lovelace!" },
    });
  });

  it("sends files, which anybody can read who knows their number", async () => {
    const { spika, url } = playground;
    const asked = spika.says("Ada", "menu");
    const sent = await spika.nextMessageFromBot();
    expect(sent).toMatchObject({
      type: "image",
      replyId: asked.id,
      body: { text: "Today's menu", file: { fileName: "menu.png", mimeType: "image/png", size: 4 } },
    });
    const file = await fetch(`${url}/spika/api/upload/files/${String(sent.body.fileId)}`);
    expect(await file.text()).toBe("soup");
  });

  it("does not answer itself, nor a signature that is another room's", async () => {
    const { spika } = playground;
    spika.says("Ada", "hello");
    await spika.nextMessageFromBot();
    const forged = await fetch(`${served.server.url}/webhooks/spika`, {
      method: "POST",
      headers: { "content-type": "application/json", "verification-signature": "AAAAAAAAAAAAAAAA" },
      body: JSON.stringify({ message: { id: 99, roomId: spika.roomId, fromUserId: 1, type: "text" } }),
    });
    expect(forged.status).toBe(401);
    spika.says("Grace", "hello");
    expect(await spika.nextMessageFromBot()).toMatchObject({ body: { text: "Hello, Grace Hopper!" } });
    expect(spika.messages.filter(({ fromUserId }) => fromUserId === spika.botUserId)).toHaveLength(2);
  });
});
