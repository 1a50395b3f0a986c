import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createWebexClient, defineBot, type FileInfo } from "../../src/index";
import { type Desk, openDesk } from "./playground-fixture";

let desk: Desk;
let dir: string;
const received: { info: FileInfo; text: string }[] = [];

const archive = defineBot((bot) => {
  bot.files({ maxBytes: 50, types: ["text/*"] });
  bot.command("keep", async (ctx) => {
    for (const file of ctx.message.files) {
      received.push({ info: await file.info(), text: (await file.buffer()).toString() });
      await file.save(join(dir, "kept.txt"));
    }
    await ctx.reply("Kept.");
  });
  bot.otherwise(false);
  bot.command("report", (ctx) =>
    ctx.reply({
      markdown: "Here **it** is.",
      files: [
        join(dir, "report.txt"),
        { data: Buffer.from("bytes"), name: "bytes.txt" },
        { stream: Readable.from([Buffer.from("stream")]), name: "stream.txt" },
      ],
    }),
  );
  bot.command("both", (ctx) =>
    ctx.reply({
      card: ctx.card("question", { title: "And this?" }),
      files: [{ data: Buffer.from("beside"), name: "beside.txt" }],
    }),
  );
});

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "bellhop-files-"));
  await writeFile(join(dir, "report.txt"), "a report");
  desk = await openDesk({ archive });
});
afterAll(async () => {
  await desk.close();
  await rm(dir, { recursive: true, force: true });
});

/** Sends a file to the bot as Ada, with her own token, in the direct room with it. */
async function adaSends(text: string, data: Buffer, name: string): Promise<void> {
  const { roomId } = await desk.playground.says("Ada", "a room, please");
  const ada = desk.playground.webex.people.find(({ displayName }) => displayName.startsWith("Ada"));
  const client = createWebexClient({ token: ada?.token ?? "", baseUrl: desk.playground.apiBaseUrl });
  try {
    await client.messages.create({ roomId, text, files: [{ data, name }] });
  } finally {
    await client.close();
  }
}

async function contentsOf(url: string | undefined): Promise<string> {
  const { botToken } = desk.playground.webex;
  const answer = await fetch(url ?? "", { headers: { authorization: `Bearer ${botToken}` } });
  return answer.text();
}

describe("files in the playground", () => {
  it("are read with their name, type and size, and saved", async () => {
    await adaSends("keep", Buffer.from("a receipt"), "receipt.txt");
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("Kept.");
    expect(received).toEqual([
      { info: { name: "receipt.txt", type: "text/plain", size: 9 }, text: "a receipt" },
    ]);
    expect(await readFile(join(dir, "kept.txt"), "utf8")).toBe("a receipt");
  });

  it.each([
    ["longer than the bot takes", Buffer.alloc(51, "x"), "long.txt", /51 bytes long; up to 50/],
    ["of a type it does not take", Buffer.from("x"), "picture.png", /type image\/png; taken are: text/],
  ])("%s are refused in words", async (_what, data, name, answer) => {
    await adaSends("keep", data, name);
    expect((await desk.playground.nextMessageFrom("bot")).text).toMatch(answer);
  });

  it("of three kinds go out in order, one a message, the first with the words", async () => {
    const question = await desk.playground.says("Ada", "report");
    const answers = [];
    for (let count = 0; count < 3; count++) answers.push(await desk.playground.nextMessageFrom("bot"));
    expect(answers.map(({ text, parentId }) => [text, parentId])).toEqual([
      ["Here it is.", question.id],
      [undefined, question.id],
      [undefined, question.id],
    ]);
    expect(await Promise.all(answers.map(({ files }) => contentsOf(files?.[0])))).toEqual([
      "a report",
      "bytes",
      "stream",
    ]);
  });

  it("come after the card that they are sent with", async () => {
    await desk.playground.says("Ada", "both");
    expect(await desk.playground.nextMessageFrom("bot")).toMatchObject({ attachments: [{}] });
    const { files } = await desk.playground.nextMessageFrom("bot");
    expect(await contentsOf(files?.[0])).toBe("beside");
  });
});
