import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { defineBot } from "../../../src/core/contract/bot";
import type { FileErrorCode } from "../../../src/core/contract/errors";
import {
  type FileInfo,
  type FileRules,
  type MessageFile,
  messageFiles,
  toOutgoingFile,
} from "../../../src/core/contract/files";
import type { Card } from "../../../src/core/contract/platform";
import { buildBot } from "../../../src/core/handle/build-bot";
import { toMessages } from "../../../src/core/reply/outgoing-messages";
import { InMemoryPlatform } from "../in-memory-platform";

const { signal } = new AbortController();
const pdf = { name: "bill.pdf", type: "application/pdf", data: Buffer.from("%PDF-1.7") };

function filesOf(rules: FileRules, urls: readonly string[] = ["memory:bill"]): readonly MessageFile[] {
  const chat = new InMemoryPlatform();
  chat.files.set("memory:bill", pdf);
  return messageFiles({ fileUrls: urls }, chat, rules, signal, (_call, act) => act());
}

describe("a file that came with a message", () => {
  it.each<[string, FileRules, string[], FileErrorCode]>([
    ["too large", { maxBytes: 7 }, ["memory:bill"], "file-too-large"],
    ["of another type", { types: ["image/*", "text/plain"] }, ["memory:bill"], "file-type-refused"],
    ["one of too many", { maxCount: 1 }, ["memory:bill", "memory:bill"], "files-too-many"],
  ])("is refused when it is %s", async (_what, rules, urls, code) => {
    for (const file of filesOf(rules, urls)) {
      await expect(file.buffer()).rejects.toMatchObject({ name: "FileError", code, retry: "never" });
      await expect(file.stream()).rejects.toMatchObject({ code });
    }
  });

  it("is taken when it just fits", async () => {
    const [file] = filesOf({ maxBytes: 8, types: ["application/*"], maxCount: 1 });
    expect((await file?.buffer())?.toString()).toBe("%PDF-1.7");
    expect(await file?.info()).toEqual({ name: "bill.pdf", type: "application/pdf", size: 8 });
  });

  it("is what the message says it is, and its rules are checked before its bytes are asked for", async () => {
    const chat = new InMemoryPlatform();
    chat.files.set("memory:bill", { name: "7", type: "application/octet-stream", data: pdf.data });
    const of = (rules: FileRules, stated: FileInfo): MessageFile | undefined =>
      messageFiles({ fileUrls: ["memory:bill"], fileInfos: [stated] }, chat, rules, signal, (_call, act) =>
        act(),
      )[0];
    const stated = { name: "bill.pdf", type: "application/pdf", size: 99 };
    expect(await of({}, stated)?.info()).toEqual(stated);
    await expect(of({ types: ["image/*"] }, stated)?.buffer()).rejects.toMatchObject({
      code: "file-type-refused",
    });
    await expect(of({ maxBytes: 50 }, stated)?.buffer()).rejects.toMatchObject({ code: "file-too-large" });
    expect(chat.calls).toEqual([]);
    expect((await of({ types: ["application/pdf"] }, stated)?.buffer())?.length).toBe(8);
    expect(await of({}, { name: "bill.pdf" })?.info()).toEqual({
      name: "bill.pdf",
      type: "application/octet-stream",
      size: 8,
    });
  });

  it("that is longer than was said is cut off with an error, and leaves nothing on disk", async () => {
    const dir = await mkdtemp(join(tmpdir(), "bellhop-save-"));
    const reader = {
      fileInfo: async () => ({}),
      openFile: async () => ({ stream: Readable.from([Buffer.alloc(5), Buffer.alloc(5)]) }),
    };
    const [file] = messageFiles(
      { fileUrls: ["memory:long"] },
      reader,
      { maxBytes: 9 },
      signal,
      (_call, act) => act(),
    );
    try {
      await expect(file?.save(join(dir, "long.bin"))).rejects.toMatchObject({ code: "file-too-large" });
      expect(await readdir(dir)).toEqual([]);
      const [fitting] = filesOf({});
      expect(await fitting?.save(join(dir, "bill.pdf"))).toMatchObject({ name: "bill.pdf" });
      expect(await readFile(join(dir, "bill.pdf"), "utf8")).toBe("%PDF-1.7");
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe("the rules for files", () => {
  it.each([
    [{ maxBytes: 0 }, /maxBytes is 0/],
    [{ maxCount: 1.5 }, /maxCount is 1.5/],
    [{ types: ["pdf"] }, /"pdf", expected a media type/],
    [{ maxSize: 1 }, /no rule "maxSize"/],
    [{ allowUnscannable: "yes" }, /allowUnscannable is a text/],
  ])("%j are refused when the bot is loaded", (rules, message) => {
    expect(() =>
      buildBot(
        "test",
        defineBot((bot) => bot.files(rules as FileRules)),
      ),
    ).toThrow(message);
  });

  it("are given once a bot", () => {
    const twice = defineBot((bot) => {
      bot.files({ maxBytes: 1 });
      bot.files({ maxBytes: 2 });
    });
    expect(() => buildBot("test", twice)).toThrow(/called before/);
  });
});

describe("a file that is sent", () => {
  const stream = Readable.from([Buffer.from("x")]);
  it.each([
    ["a path", "reports/may.pdf", { path: "reports/may.pdf" }],
    ["an address", "https://example.com/a.png", { url: "https://example.com/a.png" }],
    ["a URL", new URL("https://example.com/a.png"), { url: "https://example.com/a.png" }],
    ["the URL of a path", pathToFileURL("/tmp/a.png"), { path: "/tmp/a.png" }],
    ["bytes", pdf.data, { data: pdf.data, name: "file" }],
    ["a stream", stream, { stream, name: "file" }],
    ["bytes with a name", pdf, pdf],
  ])("can be %s", (_what, given, taken) => {
    expect(toOutgoingFile(given)).toEqual(taken);
  });

  it("is at no address but a web address", () => {
    expect(() => toOutgoingFile(new URL("ftp://example.com/a"))).toThrow(/begins with "ftp:"/);
  });

  it("goes with the last of the words, and each further one in a message of its own", () => {
    const messages = toMessages(
      { markdown: `${"a".repeat(99)}\n${"b".repeat(99)}`, files: ["1", "2"] },
      { maxBytes: 130, cards: true },
    );
    expect(messages).toEqual([
      { markdown: "a".repeat(99) },
      { markdown: "b".repeat(99), file: { path: "1" } },
      { file: { path: "2" } },
    ]);
  });

  it("follows a card, which takes the words", () => {
    const card: Card = { kind: "card", name: "inline", content: {}, fallbackText: "A card" };
    expect(toMessages({ text: "See", card, files: ["1"] }, { maxBytes: 100, cards: true })).toEqual([
      { text: "See", card },
      { file: { path: "1" } },
    ]);
  });

  it("can be all that is sent", () => {
    expect(toMessages({ files: ["1"] }, { maxBytes: 100, cards: true })).toEqual([{ file: { path: "1" } }]);
  });
});
