import { correctedForm } from "../../../src/core/cards/corrected-form";
import type { Card, CardButtonOptions } from "../../../src/core/contract/platform";
import { ButtonBench } from "../dispatch-fixture";

const ada = { id: "ada", displayName: "Ada" };
const problem = (id: string): { id: string; label: string; problem: string } => ({
  id,
  label: `The *${id}*`,
  problem: "is not a number",
});

const form: Card = {
  kind: "card",
  name: "form",
  fallbackText: "A form",
  content: {
    type: "AdaptiveCard",
    version: "1.3",
    body: [
      { type: "TextBlock", text: "Please" },
      { type: "Container", items: [{ type: "Input.Text", id: "note" }] },
      { type: "Input.Number", id: "amount", value: 5 },
      { type: "Input.Toggle", id: "urgent", title: "Urgent" },
    ],
    actions: [{ type: "Action.Submit", title: "Send", data: { type: "Input.Text", id: "note" } }],
  },
};

describe("a form that is filled in again", () => {
  it("has what was entered, and below a field what does not fit", () => {
    const entered = { note: "lunch", amount: "12.5", urgent: "true" };
    expect(correctedForm(form, entered, [problem("note")])?.content).toEqual({
      ...form.content,
      body: [
        { type: "TextBlock", text: "Please" },
        {
          type: "Container",
          items: [
            { type: "Input.Text", id: "note", value: "lunch" },
            expect.objectContaining({
              type: "TextBlock",
              text: "The \\*note\\* is not a number",
              color: "Attention",
            }),
          ],
        },
        { type: "Input.Number", id: "amount", value: 12.5 },
        { type: "Input.Toggle", id: "urgent", title: "Urgent", value: "true" },
      ],
    });
  });

  it("has nothing in a field for numbers when no number was entered", () => {
    const again = correctedForm(form, { amount: "much" }, [problem("amount")]);
    expect(JSON.stringify(again?.content)).not.toMatch(/much|"value":5/);
  });

  it("has only what does not fit now", () => {
    const once = correctedForm(form, { note: "a" }, [problem("note")]) ?? form;
    expect(correctedForm(once, { note: "b" }, [])?.content).toEqual(
      correctedForm(form, { note: "b" }, [])?.content,
    );
  });

  it("is none when a problem is about something that the form does not ask for", () => {
    expect(correctedForm(form, {}, [problem("total")])).toBeUndefined();
  });
});

describe("a click whose inputs do not fit", () => {
  async function clickWith(
    note: string,
    rules: CardButtonOptions,
    kind: "direct" | "group",
  ): Promise<ButtonBench> {
    const bench = new ButtonBench((bot) => {
      bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", { Send: { action: "send" } }, rules)));
      bot.action("send", { inputs: { note: "integer" } }, (ctx) => ctx.reply(`Sent: ${ctx.inputs.note}`));
    });
    bench.chat.rooms.set("room-1", { id: "room-1", kind });
    await bench.try(bench.chat.says("card", ada));
    await bench.try(bench.chat.presses("Send", ada, { entered: { note } }));
    return bench;
  }

  it.each<[string, CardButtonOptions, "direct" | "group"]>([
    ["in a direct room", {}, "direct"],
    ["on a card for who asked", { audience: "asker" }, "group"],
    ["on a card for one person", { audience: ["ada"] }, "group"],
  ])("%s brings the form back, which can be sent then", async (_where, rules, kind) => {
    const bench = await clickWith("many", rules, kind);
    expect(bench.chat.posts).toHaveLength(1);
    expect(bench.chat.posts[0]).toMatchObject({
      markdown: expect.stringContaining("**Note**"),
      card: { content: { body: [{ id: "note", value: "many" }, { color: "Attention" }] } },
    });
    await bench.try(bench.chat.presses("Send", ada, { entered: { note: "3" } }));
    expect(bench.said()).toEqual(["Sent: 3"]);
  });

  it("on a card for all in a room is answered in words: others may be filling it in", async () => {
    const bench = await clickWith("many", {}, "group");
    expect(bench.said()).toEqual([expect.stringContaining("whole number")]);
    expect(bench.chat.posts).toHaveLength(2);
  });
});
