// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPlayground, type Reply, type TestPlayground } from "bellhop/testing";
import MarkdownIt from "markdown-it";
import { card, cardMarkdown, defineBot, factSet, image, inputChoice, submit, textBlock } from "../../src";
import { previewCards } from "../../src/cards/preview";

let dir: string;
let playground: TestPlayground;

const template = {
  type: "AdaptiveCard",
  version: "1.3",
  body: [
    { type: "TextBlock", text: "${text}" },
    { type: "TextBlock", text: "**By** ${text}", $when: "${shows == 'inside'}" },
    { type: "FactSet", facts: [{ title: "What", value: "${text}" }] },
    { type: "FactSet", facts: "${facts}" },
    { type: "Input.ChoiceSet", id: "a", style: "expanded", choices: [{ title: "${text}", value: "1" }] },
    { type: "TextBlock", text: "${markdown(note)}" },
  ],
  actions: [
    { type: "Action.Submit", title: "Go", data: { action: "go", text: "${text}" } },
    { type: "Action.OpenUrl", title: "Page", url: "${url}" },
  ],
};

const shown = {
  type: "AdaptiveCard",
  version: "1.3",
  fallbackText: "Paused at {{TIME(${at})}}",
  body: [
    { type: "TextBlock", text: "**Paused** on {{DATE(${at}, SHORT)}}" },
    { type: "Image", url: "https://example.com/a.png", altText: "A lift" },
  ],
  actions: [{ type: "Action.Submit", title: "OK", data: { action: "go" } }],
};

const bot = defineBot((bot) => {
  bot.command("template <text...>", (ctx) => {
    const { text } = ctx.args;
    const url = "https://example.com/a_b_c?d=*e*&f=[g](h)";
    const data = {
      text,
      shows: "inside",
      facts: [{ title: text, value: "x" }],
      note: "**Note** [more](https://example.com)",
      url,
    };
    return ctx.reply(ctx.card("people", data));
  });
  bot.command("builder <text...>", (ctx) => {
    const { text } = ctx.args;
    return ctx.reply(
      card({
        body: [
          textBlock(text),
          textBlock(cardMarkdown`**By** ${text}`),
          factSet([["What", text]]),
          inputChoice("a", [{ title: text, value: "1" }], { style: "expanded" }),
        ],
        actions: [submit("Go", "go", { data: { text } })],
      }),
    );
  });
  bot.command("json <text...>", (ctx) =>
    ctx.reply({
      type: "AdaptiveCard",
      version: "1.3",
      body: [{ type: "TextBlock", text: cardMarkdown`**By** ${ctx.args.text}` }],
    }),
  );
  bot.command("picture", (ctx) =>
    ctx.reply(
      card({
        body: [
          textBlock("The lift, {{DATE(2026-11-30T13:00:00Z, SHORT)}} {{TIME(2026-11-30T13:00:00Z)}}"),
          image("https://example.com/lift.png", { altText: "The lift is out of order" }),
          textBlock("Take the stairs"),
        ],
      }),
    ),
  );
  bot.command("shown", (ctx) => ctx.reply(ctx.card("shown", { at: "2026-11-30T13:00:00.000Z" })));
  bot.action("go", (ctx) => ctx.reply(`${String(ctx.data.text)}`));
});

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "bellhop people-"));
  writeFileSync(join(dir, "people.json"), JSON.stringify(template));
  writeFileSync(join(dir, "shown.json"), JSON.stringify(shown));
  writeFileSync(join(dir, "shown.data.json"), JSON.stringify({ at: "2026-11-30T13:00:00.000Z" }));
  playground = await createPlayground();
  await playground.serve({ bots: { people: bot }, cards: dir });
});
afterAll(async () => {
  await playground.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Reads all of CommonMark, as some clients do. */
const client = new MarkdownIt({ html: false });

const WRITTEN = [
  "[Reset your password](https://evil.example)",
  "**bold** and _italic_",
  "a](https://evil.example) [b",
  "&lt;b&gt; \\ 5 * 3",
];

async function replyTo(text: string): Promise<Reply> {
  return (await playground.person("Ada Lovelace").say(text)).reply();
}

describe.each(["template", "builder", "json"])("what a person wrote, in a card of the kind %s", (kind) => {
  it.each(WRITTEN)("is shown as it was written in Webex: %s", async (text) => {
    const { card: content, cardTexts, text: notification } = await replyTo(`${kind} ${text}`);
    const drawn = cardTexts.map((one) => client.render(one)).join("");
    const note = kind === "template" ? '<a href="https://example.com">more</a>' : "";
    expect(drawn.match(/<a [^>]*>.*?<\/a>/g) ?? []).toEqual(note === "" ? [] : [note]);
    expect(drawn).not.toMatch(/<em>/);
    expect(notification).toContain(text);
    expect(JSON.stringify(content)).not.toContain("](https://evil.example)");
  });

  it.each(WRITTEN)("is shown as it was written in Spika and Intercom: %s", async (text) => {
    for (const person of [
      playground.spika.person("Ada Lovelace"),
      playground.intercom.person("Ada Lovelace"),
    ]) {
      const { text: shown } = await (await person.say(`${kind} ${text}`)).reply();
      expect(shown).toContain(text);
      expect(shown).toContain(`By ${text}`);
      expect(shown).not.toContain(`\\`.repeat(2));
    }
  });
});

it("the values of addresses and of a button's data stay as they are", async () => {
  const ada = playground.person("Ada Lovelace");
  const turn = await ada.say("template *a* [b](https://c.example)");
  const { card: content } = await turn.reply();
  expect(content).toMatchObject({ actions: [{}, { url: "https://example.com/a_b_c?d=*e*&f=[g](h)" }] });
  const clicked = await ada.click(turn, "Go");
  expect((await clicked.reply()).markdown).toBe("*a* [b](https://c.example)");
});

it("a date, a time and the alternative text of an image are part of the text on each platform", async () => {
  const people = [
    playground.person("Ada Lovelace"),
    playground.spika.person("Ada Lovelace"),
    playground.intercom.person("Ada Lovelace"),
  ];
  for (const person of people) {
    const { text } = await (await person.say("picture")).reply();
    expect(text).toBe("The lift, 2026-11-30 13:00 UTC\nThe lift is out of order\nTake the stairs");
  }
});

it("the preview has what the running bot sends: the card, its notification, and its text in Spika and Intercom", async () => {
  const previews = await previewCards(dir).list();
  const { content, fallbackText, asText } = previews.find(({ name }) => name === "shown") ?? {};
  const sent = await replyTo("shown");
  expect(sent.text).toBe(fallbackText);
  const { actions: _signed, ...rest } = sent.card as Record<string, unknown>; // a card's content
  expect({ ...rest, actions: shown.actions }).toEqual(content);
  for (const person of [playground.spika.person("Ada Lovelace"), playground.intercom.person("Ada Lovelace")])
    expect((await (await person.say("shown")).reply()).text).toBe(asText);
  expect(asText).toBe("Paused on 2026-11-30\nA lift\n\n1. OK\n\nAnswer 1 to choose it.");
});
