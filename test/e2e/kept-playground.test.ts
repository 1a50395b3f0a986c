import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import { listenPlayground } from "../../src/playground/listen";
import { freePort, type Program, startProgram, untilReady } from "../program";
import { createSite } from "./site";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-kept-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a program that is stopped and started again", () => {
  const running: Program[] = [];

  beforeEach(() => {
    for (const name of ["bots", "cards"]) mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, "bots/ping.mjs"),
      `import { defineBot } from "bellhop";\nexport default defineBot((bot) => {
  bot.hears(/ping/, (ctx) => ctx.reply("pong"));
  bot.hears("slow", async (ctx) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ctx.reply("at last");
  });
});\n`,
    );
  });
  afterEach(async () => {
    for (const program of running.splice(0)) {
      program.child.kill("SIGKILL");
      await program.ended;
    }
  });

  async function start(): Promise<{ readonly api: string; stop(): Promise<void> }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const program = startProgram({ PORT: String(port) }, folder);
    running.push(program);
    await untilReady(program, url);
    return {
      api: `${url}/playground/api`,
      async stop() {
        program.child.kill("SIGTERM");
        expect(await program.ended).toEqual({ code: 0, signal: null });
      },
    };
  }

  it("shows what was said before, and its bot answers each question once, on every platform", async () => {
    const first = await start();
    await asksOnWebex(first.api, "ping 1");
    await asksInSpika(first.api, "ping 1");
    const conversation = await asksInIntercom(first.api, "ping 1");
    await first.stop();

    // At another port: everything that leads to the program leads there now.
    const second = await start();
    await asksOnWebex(second.api, "ping 2");
    await asksInSpika(second.api, "ping 2");
    await asksInIntercom(second.api, "ping 2", conversation);
    expect((await direct(second.api)).map(({ text }) => text)).toEqual(["ping 1", "pong", "ping 2", "pong"]);
    expect(await inSpika(second.api)).toEqual(["ping 1", "pong", "ping 2", "pong"]);
    expect(await inIntercom(second.api, conversation)).toHaveLength(3);
    await second.stop();
  });

  it("answers once what a handler was busy with when it was stopped", async () => {
    const first = await start();
    await asksOnWebex(first.api, "ping");
    const { call } = await asAda(first.api);
    await call("/messages", { toPersonEmail: "bellhop@webex.bot", text: "slow" });
    await first.stop();
    const second = await start();
    await until(async () => (await direct(second.api)).some(({ text }) => text === "at last"));
    await asksOnWebex(second.api, "ping");
    expect((await direct(second.api)).map(({ text }) => text)).toEqual([
      ...["ping", "pong", "slow", "at last", "ping", "pong"],
    ]);
    await second.stop();
  });
});

/** What Ada and the bot have said to each other, oldest first. */
async function direct(api: string): Promise<{ readonly text: string; readonly parentId?: string }[]> {
  const { call } = await asAda(api);
  const { items } = await call("/messages/direct?personEmail=bellhop@webex.bot");
  return items.reverse();
}

async function asksOnWebex(api: string, text: string): Promise<void> {
  const { call } = await asAda(api);
  const { id } = await call("/messages", { toPersonEmail: "bellhop@webex.bot", text });
  await until(async () => (await direct(api)).some(({ parentId }) => parentId === id));
}

async function asAda(api: string) {
  const session = await json(`${api}/session`);
  const headers = {
    authorization: `Bearer ${session.people[0].token}`,
    "content-type": "application/json",
  };
  const root = new URL(session.apiBase, api);
  return {
    call: (path: string, body?: object) =>
      json(
        `${root}${path}`,
        body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) },
      ),
  };
}

async function asksInSpika(api: string, text: string): Promise<void> {
  const count = (await inSpika(api)).length;
  await says(`${api}/spika/messages`, { who: "Ada", text });
  await until(async () => (await inSpika(api)).length === count + 2);
}

async function inSpika(api: string): Promise<string[]> {
  const { items } = await json(`${api}/spika/messages`);
  return items.map(({ body }: { body: { text: string } }) => body.text);
}

/** @returns the conversation's id */
async function asksInIntercom(api: string, text: string, conversation?: string): Promise<string> {
  const count = conversation === undefined ? 0 : (await inIntercom(api, conversation)).length + 1;
  const { conversationId } = await says(`${api}/intercom/messages`, {
    who: "Grace",
    text,
    conversationId: conversation,
  });
  await until(async () => (await inIntercom(api, conversationId)).length === count + 1);
  return conversationId;
}

/** What came after the beginning. */
async function inIntercom(api: string, conversation: string): Promise<unknown[]> {
  return (await json(`${api}/intercom/conversations/${conversation}`)).conversation_parts.conversation_parts;
}

function says(url: string, body: object) {
  return json(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
async function json(url: string, init?: RequestInit): Promise<any> {
  return (await fetch(url, init)).json();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

it("a bot answers once what was written in a playground that was started again since", async () => {
  const stateDir = join(folder, "playground");
  const heard: string[] = [];
  const bot = defineBot((b) =>
    b.hears(/.*/s, (ctx) => {
      heard.push(ctx.message.text);
      return ctx.reply(`heard ${ctx.message.text}`);
    }),
  );
  const first = await listenPlayground({ stateDir });
  const before = createSite(first, bot, folder);
  await before.start();
  await first.says("Ada", "one");
  await first.nextMessageFrom("bot");
  await before.stop();
  await first.says("Ada", "two");
  await first.close();

  const second = await listenPlayground({ stateDir });
  const after = createSite(second, bot, folder);
  await after.start();
  await second.says("Ada", "three");
  const texts = [await second.nextMessageFrom("bot"), await second.nextMessageFrom("bot")];
  expect(texts.map(({ text }) => text)).toEqual(["heard two", "heard three"]);
  expect(heard).toEqual(["one", "two", "three"]);
  await after.stop();
  await second.close();
});
