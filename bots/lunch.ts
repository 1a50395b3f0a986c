import { defineBot, md } from "bellhop";

interface Last {
  readonly dish?: string;
}

// Asks one thing after the other, and remembers what somebody had last.
export default defineBot((bot) => {
  bot.command("lunch", { help: "Order lunch" }, async (ctx) => {
    const { dish } = await ctx.session<Last>({}).read();
    await ctx.ask(
      "dish",
      dish === undefined ? "What would you like?" : md`What would you like? Last time it was ${dish}.`,
    );
  });

  bot.answer("dish", async (ctx) => {
    const dish = ctx.message.text;
    if (dish === "") return ctx.ask("dish", "In words, please: what would you like?");
    if (/^cancel$/i.test(dish)) return ctx.reply("No lunch, then.");
    return ctx.ask("portions", md`${dish}. For how many?`, { data: { dish } });
  });

  bot.answer<{ dish: string }>("portions", async (ctx) => {
    const { dish } = ctx.data;
    const portions = Number(ctx.message.text);
    if (!Number.isInteger(portions) || portions < 1)
      return ctx.ask("portions", "A whole number, please. For how many?", { data: ctx.data });
    await ctx.session<Last>({}).update(() => ({ dish }));
    return ctx.reply(md`Ordered: ${dish}, ${String(portions)} times.`);
  });
});
