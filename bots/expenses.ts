import { defineBot, md } from "bellhop";

// A round trip: a command with typed arguments posts a card with two buttons; a click puts the decision in its place.
// All that is needed to decide travels in the buttons' data, so nothing is lost when the program is restarted; it is signed,
// so what is decided on is what was filed; and of all who click at the same time, one decides.
export default defineBot((bot) => {
  bot.command("expense <amount:number> [currency]", { help: "File an expense" }, async (ctx) => {
    const { amount, currency = "EUR" } = ctx.args;
    if (amount <= 0) {
      await ctx.reply("An expense is more than nothing.");
      return;
    }
    const { displayName } = await ctx.getPerson();
    await ctx.reply(
      ctx.card("expense", {
        amount: amount.toFixed(2),
        currency: currency.toUpperCase(),
        by: displayName ?? "somebody",
      }),
    );
  });

  for (const [action, decision] of [
    ["expense-approve", "Approved"],
    ["expense-reject", "Rejected"],
  ] as const) {
    bot.action(action, { once: true, group: "decision" }, async (ctx) => {
      const { displayName } = await ctx.getPerson();
      const { amount, currency, by } = ctx.data;
      await ctx.replaceCard(
        ctx.card("expense-decided", {
          decision,
          amount,
          currency,
          by,
          comment: ctx.inputs.comment,
          decidedBy: displayName ?? "somebody",
        }),
      );
    });
  }

  bot.hears(/^expense\b/i, (ctx) => ctx.reply(md`Write it like this: **expense 12.50 EUR**`));
});
