import fc from "fast-check";
import { readText } from "../../../src/platforms/webex/mention";
import { parseMessage } from "../../../src/platforms/webex/resources/messages";

const personId = (digit: string): string =>
  Buffer.from(`ciscospark://us/PEOPLE/${digit.repeat(8)}-2222-4333-8444-555555555555`).toString("base64url");
const BOT = personId("b");
const ADA = personId("a");
const OWN = { id: BOT, emails: ["bellhop@webex.bot"], displayName: "Bellhop" };

/** How a client shows a mention. */
const at = (id: string, name: string): string =>
  `<spark-mention data-object-type="person" data-object-id="${id}">${name}</spark-mention>`;
const bot = (name = "Bellhop"): string => at(BOT, name);

function read(text: string | undefined, html?: string, more: object = {}) {
  return readText(parseMessage({ id: "M", roomId: "R", personId: ADA, text, html, ...more }), OWN);
}

it.each<[string, string, string | undefined, string]>([
  ["no HTML", "Bellhop expense 12", undefined, "Bellhop expense 12"],
  ["the bot first", "Bellhop expense 12", `<p>${bot()} expense 12</p>`, "expense 12"],
  ["two blanks behind it", "Bellhop  expense 12", `${bot()}  expense 12`, "expense 12"],
  ["the bot alone", "Bellhop", `<p>${bot()}</p>`, ""],
  ["the bot last", "ping Bellhop", `ping ${bot()}`, "ping"],
  ["the bot within", "ask Bellhop about it", `ask ${bot()} about it`, "ask about it"],
  ["a comma behind it", "Bellhop, ping", `${bot()}, ping`, "ping"],
  ["a colon behind it", "Bellhop: ping", `${bot()}: ping`, "ping"],
  ["a comma that is no address", "ping, Bellhop, now", `ping, ${bot()}, now`, "ping,, now"],
  ["a colon that begins a word", "Bellhop:-)", `${bot()}:-)`, ":-)"],
  ["the bot twice", "Bellhop ping Bellhop", `${bot()} ping ${bot()}`, "ping"],
  ["its name typed before it", "Bellhop is Bellhop here", `Bellhop is ${bot()} here`, "Bellhop is here"],
  ["its name typed behind it", "Bellhop page Bellhop", `${bot()} page Bellhop`, "page Bellhop"],
  ["its name within a word", "Bells ring Bell", `Bells ring ${bot("Bell")}`, "Bells ring"],
  ["a name of two words, shown as one", "Bell hop ping", `${bot("Bell hop")} ping`, "ping"],
  ["somebody else", "Bellhop tell Ada hello", `${bot()} tell ${at(ADA, "Ada")} hello`, "tell Ada hello"],
  [
    "somebody else with the bot's name",
    "Bellhop pays Bellhop",
    `${at(ADA, "Bellhop")} pays ${bot()}`,
    "Bellhop pays",
  ],
  [
    "characters that HTML writes otherwise",
    'Bellhop a < b & "c"',
    `${bot()} a &lt; b &amp; &quot;c&quot;`,
    'a < b & "c"',
  ],
  ["a name that HTML writes otherwise", "R&D bot ping", `${bot("R&amp;D bot")} ping`, "ping"],
  ["numbered characters", "Bellhop café", `${bot()} caf&#233;`, "café"],
  [
    "numbers of no character",
    "Bellhop &#9999999;&#x0;&bogus;",
    `${bot()} &#9999999;&#x0;&bogus;`,
    "&#9999999;&#x0;&bogus;",
  ],
  ["a blank that does not break", "Bellhop\u00a0ping", `${bot()}&nbsp;ping`, "ping"],
  ["lines", "Bellhop one\ntwo\n\nthree", `<p>${bot()} one<br/>two</p><p>three</p>`, "one\ntwo\n\nthree"],
  [
    "markup in the command",
    "Bellhop expense 12",
    `<p>${bot()} <strong>exp</strong>ense <em>12</em></p>`,
    "expense 12",
  ],
  [
    "a list that the text numbers",
    "Bellhop todo\n1. a\n2. b",
    `${bot()} todo<ol><li>a</li><li>b</li></ol>`,
    "todo\n1. a\n2. b",
  ],
  [
    "a list before it",
    "1. a\n2. b\nBellhop ping",
    `<ol><li>a</li><li>b</li></ol>${bot()} ping`,
    "1. a\n2. b\nping",
  ],
  [
    "a list before it, and its name within a word",
    "1. Bells\nBell ping",
    `<ol><li>Bells</li></ol>${bot("Bell")} ping`,
    "1. Bells\nping",
  ],
  [
    "attributes in another order and quotes",
    "Bellhop ping",
    `<spark-mention data-object-id='${BOT}' class="x" data-object-type='person'>Bellhop</spark-mention> ping`,
    "ping",
  ],
  [
    "the bot's bare uuid",
    "Bellhop ping",
    `${at("bbbbbbbb-2222-4333-8444-555555555555", "Bellhop")} ping`,
    "ping",
  ],
  [
    "everybody",
    "All ping",
    `<spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention> ping`,
    "All ping",
  ],
  [
    "a mention that never ends",
    "Bellhop ping",
    `<spark-mention data-object-id="${BOT}">Bellhop ping`,
    "Bellhop ping",
  ],
  ["a tag that never ends", "Bellhop ping", `<spark-mention data-object-id="${BOT}`, "Bellhop ping"],
  ["a text that is not what the HTML shows", "something else", `${bot()} ping`, "something else"],
])("reads a message with %s", (_, text, html, expected) => {
  expect(read(text, html).text).toBe(expected);
});

it("reads the HTML when there is no text", () => {
  expect(read(undefined, `<p>${bot()} a &gt; b</p><p>c</p>`).text).toBe("a > b\nc");
});

it("is empty for a file without a word", () => {
  expect(read(undefined)).toEqual({ text: "", mentions: [], isMentioned: false });
});

it.each([
  ["the bot is on Webex's list", "hello", { mentionedPeople: [OWN.id] }, true],
  ["only another person is on the list", "hello", { mentionedPeople: ["someone"] }, false],
  ["all people are mentioned", "hello", { mentionedGroups: ["all"] }, false],
])("the bot is mentioned or not: %s", (_what, text, lists, isMentioned) => {
  expect(read(text, undefined, lists)).toMatchObject({ isMentioned });
});

it("lists who is mentioned, each once", () => {
  const html = `${bot()} ${at(ADA, "Ada")} <spark-mention data-object-type="groupMention" data-group-type="all">All</spark-mention>`;
  const mentions = [{ kind: "person", personId: BOT }, { kind: "person", personId: ADA }, { kind: "all" }];
  expect(read("Bellhop Ada All", html, { mentionedPeople: [BOT, ADA] }).mentions).toEqual(mentions);
  expect(read("Bellhop Ada All", html).mentions).toEqual(mentions);
  expect(read("x", undefined, { mentionedPeople: [BOT, ADA], mentionedGroups: ["all"] }).mentions).toEqual(
    mentions,
  );
});

it("takes the bot's name out of whatever people write around it, and nothing else", () => {
  const words = fc.array(fc.stringMatching(/^[A-Za-z0-9<>&"'äß.!?]{1,8}$/), { maxLength: 6 });
  const toHtml = (text: string): string =>
    text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
  fc.assert(
    fc.property(words, words, (before, after) => {
      const text = [...before, "Bellhop", ...after].join(" ");
      const html = [...before.map(toHtml), bot(), ...after.map(toHtml)].join(" ");
      expect(read(text, html).text).toBe([...before, ...after].join(" "));
    }),
  );
});

describe("a message that mentions the bot, whose HTML does not say where,", () => {
  const raw = `<@personId:${BOT}|Bellhop>`;
  const mail = "<@personEmail:bellhop@webex.bot|Bellhop>";

  it.each<[string, string | undefined, string | undefined, string]>([
    ["its name first", "Bellhop hello", undefined, "hello"],
    ["its name in other capitals", "bellhop, hello", undefined, "hello"],
    ["its name last", "hello Bellhop", undefined, "hello"],
    ["another person first", "Ada Bellhop hello", undefined, "Ada hello"],
    ["HTML without a mention", "Bellhop hello", "<p>Bellhop hello</p>", "hello"],
    ["its name within a word", "Bellhops and Bellhop hello", undefined, "Bellhops and hello"],
    ["its name twice", "Bellhop page Bellhop", undefined, "page Bellhop"],
    ["its id as Markdown in the HTML", "Bellhop hello", `<p>${raw} hello</p>`, "hello"],
    [
      "its id as escaped Markdown in the HTML",
      "Bellhop hello",
      `&lt;@personId:${BOT}|Bellhop&gt; hello`,
      "hello",
    ],
    ["its address as Markdown in the HTML", "Bellhop hello", `<p>${mail} hello</p>`, "hello"],
    ["its id as Markdown in the text", `${raw} hello`, undefined, "hello"],
    ["its address as Markdown in the text", `${mail} hello`, `<p>${mail} hello</p>`, "hello"],
    ["its id without a name", `<@personId:${BOT}> hello`, undefined, "hello"],
    ["others as Markdown", `<@personId:${ADA}|Ada L.> ${raw} hello`, undefined, "Ada L. hello"],
    ["a name that is not the bot's", "Porter hello", undefined, "Porter hello"],
    ["no text", undefined, `${raw} hello`, "hello"],
  ])("with %s", (_, text, html, expected) => {
    expect(read(text, html, { mentionedPeople: [ADA, BOT] }).text).toBe(expected);
  });

  it.each([
    ["all people", "a <@all> of stars"],
    ["a person", `<@personId:${ADA}|Ada> hello`],
    ["an address", "<@personEmail:ada@example.com> hello"],
  ])("a mark of %s that Webex does not list is what the person wrote", (_, text) => {
    const html = `<p>${text.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</p>`;
    for (const form of [undefined, html])
      expect(read(text, form, { mentionedPeople: [] })).toEqual({ text, mentions: [], isMentioned: false });
  });

  it.each([
    ["Night Porter hello", "hello"],
    ["night  porter: hello", "hello"],
    ["Night hello", "hello"],
    ["Ada Night Porter hello", "Ada hello"],
    ["Nightly Night hello", "Nightly hello"],
  ])("by a display name of two words: %j", (text, expected) => {
    const message = parseMessage({ id: "M", roomId: "R", personId: ADA, text, mentionedPeople: [BOT] });
    expect(readText(message, { ...OWN, displayName: "Night Porter" }).text).toBe(expected);
  });

  it.each(["R&D (beta)", "C++", "[bot]"])(
    "by the display name %j, whose marks mean nothing",
    (displayName) => {
      const text = `${displayName} hello`;
      const message = parseMessage({ id: "M", roomId: "R", personId: ADA, text, mentionedPeople: [BOT] });
      expect(readText(message, { ...OWN, displayName }).text).toBe("hello");
    },
  );
});

it("HTML that is nested too deep leaves the text as it is", () => {
  expect(read("ping", "<p><b>".repeat(300)).text).toBe("ping");
});
