import { createReadStream } from "node:fs";
import type { CardSource } from "../../../src/core/contract/card-source";
import type { ReplyContent } from "../../../src/core/contract/context";
import { ArgumentError } from "../../../src/core/contract/errors";
import { mention } from "../../../src/core/contract/markdown";
import { readReply } from "../../../src/core/reply/reply-content";
import { cardOfJson } from "../card-of-json";

const cards: CardSource = {
  names: [],
  render: () => ({ kind: "card", name: "a", content: { type: "AdaptiveCard" }, fallbackText: "A" }),
  fromJson: cardOfJson,
};
const json = {
  type: "AdaptiveCard",
  version: "1.3",
  body: [{ type: "TextBlock", text: "Disk full" }],
} as const;
const card = cards.render("a", {});

function read(content: unknown): ReturnType<typeof readReply> {
  return readReply("reply", content as ReplyContent, cards); // as a module in JavaScript may call it
}

describe("a message of a handler", () => {
  it.each<[string, unknown, object]>([
    ["a text is Markdown", "**hi**", { markdown: "**hi**", files: [] }],
    ["a card", card, { card, files: [] }],
    ["Adaptive Card JSON", json, { card: { content: json }, files: [] }],
    [
      "Adaptive Card JSON as a part",
      { markdown: "m", card: json },
      { markdown: "m", card: { content: json } },
    ],
    ["a file without words", { markdown: " ", files: ["a.pdf"] }, { files: ["a.pdf"] }],
    [
      "parts that are undefined",
      { text: "a", markdown: undefined, card: undefined },
      { text: "a", files: [] },
    ],
    [
      "files of every kind",
      { files: filesOfEveryKind() },
      { files: filesOfEveryKind().map(() => expect.anything()) },
    ],
  ])("is read: %s", (_name, content, expected) => {
    expect(read(content)).toMatchObject(expected);
  });

  it.each<[string, unknown, string]>([
    [
      "undefined",
      undefined,
      "ctx.reply: the message is undefined; expected Markdown as a text, a card, or an object",
    ],
    ["null", null, "the message is null"],
    ["a number", 42, "the message is a number"],
    ["a list", ["a", "b"], "the message is a list"],
    ["a function", () => "a", "the message is a function"],
    ["a promise", Promise.resolve("a"), "the message is a promise; await it first"],
    ["an empty text", "", "the message is empty"],
    ["blanks", { markdown: " \n" }, "the message is empty"],
    ["an empty object", {}, "the message is empty"],
    ["a mention by itself", mention({ id: "a" }), "the message is a mention; put it into md"],
    ["a misspelt part", { markdwon: "a" }, 'there is no part "markdwon", did you mean "markdown"?'],
    [
      "Webex' attachments",
      { markdown: "m", attachments: [] },
      'there is no part "attachments"; pass the card as "card"',
    ],
    ["a room", { markdown: "m", roomId: "r" }, 'there is no part "roomId"; ctx.reply answers in the room'],
    ["a number as Markdown", { markdown: 3 }, "markdown is a number, expected a text"],
    ["an error as text", { text: new Error("secret") }, "text is an object without keys, expected a text"],
    ["a card's name", { card: "greeting" }, "the card is a text; expected what ctx.card"],
    ["a wrapped card", { card: { contentType: "x", content: json } }, 'pass its "content" as the card'],
    ["a changed card", { ...card, content: "x" }, "the card has the wrong shape"],
    ["one file", { files: "a.pdf" }, "files is a text, expected a list"],
    ["a file that is nothing", { files: [undefined] }, "files[0] is undefined; expected a path"],
    [
      "bytes without a name",
      { files: [{ data: Buffer.from("a") }] },
      "a file given as data needs a name, for example",
    ],
    [
      "two sources",
      { files: [{ path: "a", url: "https://b" }] },
      "give exactly one of path, url, data, stream",
    ],
    [
      "text as bytes",
      { files: [{ data: "abc", name: "a" }] },
      "data is a text, expected a Uint8Array or Buffer",
    ],
    [
      "a misspelt property of a file",
      { files: [{ pth: "a" }] },
      'there is no property "pth", did you mean "path"?',
    ],
  ])("is refused: %s", (_name, content, message) => {
    const attempt = (): unknown => read(content);
    expect(attempt).toThrow(ArgumentError);
    expect(attempt).toThrow(message);
  });

  it("is refused without a word of its content", () => {
    expect(() => read({ markdown: ["secret"] })).not.toThrow("secret");
    expect(() => read({ files: [{ path: 4711 }] })).not.toThrow("4711");
  });
});

function filesOfEveryKind(): unknown[] {
  const stream = createReadStream(__filename).on("error", () => {});
  stream.destroy();
  return [
    "a.pdf",
    "https://example.com/a.pdf",
    new URL("file:///a.pdf"),
    Buffer.from("a"),
    stream,
    { path: "a.pdf", name: "b.pdf", type: "application/pdf" },
    { data: Buffer.from("a"), name: "a" },
    { stream, name: "a", size: 1 },
    { url: "https://example.com/a.pdf" },
  ];
}
