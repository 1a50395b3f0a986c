// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  card,
  defineBot,
  inputChoice,
  inputNumber,
  inputsOf,
  inputText,
  showCard,
  submit,
  textBlock,
} from "../../src";
import { tempDir } from "../inbox/temp-dir";
import { type Desk, openDesk } from "./playground-fixture";

const more = card({
  body: [inputText("reason", { isRequired: true })],
  actions: [submit("Reject", "reject")],
});
const form = card({
  body: [
    textBlock("What did it cost?"),
    inputNumber("amount", { label: "Amount", isRequired: true }),
    inputChoice("currency", [{ title: "Euro", value: "EUR" }]),
  ],
  actions: [submit("Send", "file", { data: { trip: 7 } }), showCard("Reject", more)],
});

const bots = {
  expenses: defineBot((bot) => {
    bot.command("file", (ctx) => ctx.reply(form));
    bot.action("file", { inputs: inputsOf(form) }, async (ctx) => {
      const { amount, currency } = ctx.inputs;
      await ctx.reply(
        `${(amount + 0.5).toFixed(2)} ${currency ?? "of what?"}, trip ${String(ctx.data.trip)}`,
      );
    });
    bot.action("reject", { inputs: { ...inputsOf(form), ...inputsOf(more) } }, (ctx) =>
      ctx.reply(`${ctx.inputs.amount}: ${ctx.inputs.reason.toUpperCase()}`),
    );
  }),
};

describe("a card that was built in code", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk(bots);
  });
  afterAll(() => desk.close());

  async function ask(): Promise<string> {
    await desk.playground.says("Ada", "file");
    return (await desk.playground.nextMessageFrom("bot")).id;
  }
  const answer = async (): Promise<string | undefined> => (await desk.playground.nextMessageFrom("bot")).text;

  it("is sent with its texts for where it is not drawn, and what is entered comes back by type", async () => {
    await desk.playground.says("Ada", "file");
    const { id, text } = await desk.playground.nextMessageFrom("bot");
    expect(text).toBe("What did it cost?");
    await desk.playground.presses("Ada", id, "Send", { amount: "12", currency: "EUR" });
    expect(await answer()).toBe("12.50 EUR, trip 7");
    await desk.playground.presses("Ada", id, "Send", { amount: "1", currency: "" });
    expect(await answer()).toBe("1.50 of what?, trip 7");
  });

  it("has the inputs around a card that unfolds among what its buttons send", async () => {
    await desk.playground.presses("Ada", await ask(), "Reject", { amount: "3", reason: "too much" });
    expect(await answer()).toBe("3: TOO MUCH");
  });
});

describe("a card that comes to nothing Webex draws when it is filled", () => {
  it("is not sent, and the error says where", async () => {
    const cards = tempDir();
    const body = [{ type: "TextBlock", text: "a", size: "${size}" }];
    writeFileSync(join(cards, "a.json"), JSON.stringify({ type: "AdaptiveCard", version: "1.3", body }));
    const failures: unknown[] = [];
    const bot = defineBot((one) => {
      one.catch(async (error, ctx) => {
        failures.push(error);
        await ctx.reply("no card");
      });
      one.command("show", (ctx) => ctx.reply(ctx.card("a", { size: "huge" })));
    });
    const desk = await openDesk({ a: bot }, { cards });
    try {
      await desk.playground.says("Ada", "show");
      expect((await desk.playground.nextMessageFrom("bot")).text).toBe("no card");
      const calls = desk.playground.timeline.since(0).filter(({ name }) => name === "call");
      expect(JSON.stringify(calls)).not.toContain("AdaptiveCard");
      expect(failures).toEqual([
        expect.objectContaining({ message: expect.stringContaining("body[0].size: is another text") }),
      ]);
    } finally {
      await desk.close();
    }
  });
});
