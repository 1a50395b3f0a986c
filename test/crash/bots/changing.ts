import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";

// Changes what it has posted.
export default defineBot((bot) => {
  bot.hears(
    /^edit (\d+)$/,
    logged(async (ctx, confirm) => {
      const draft = await ctx.reply(`${ctx.match[1]} draft`);
      confirm("draft");
      await ctx.edit(draft, `${ctx.match[1]} final`);
      confirm("final");
    }),
  );

  bot.hears(
    /^delete (\d+)$/,
    logged(async (ctx, confirm) => {
      const passing = await ctx.reply(`${ctx.match[1]} passing`);
      confirm("passing");
      await ctx.delete(passing);
      await ctx.reply(`${ctx.match[1]} stays`);
      confirm("stays");
    }),
  );

  bot.hears(
    /^card (\d+)$/,
    logged(async (ctx, confirm) => {
      const number = Number(ctx.match[1]);
      await ctx.reply({ markdown: `${number} card`, card: ctx.card("numbered", { number }) });
      confirm("card");
    }),
  );

  bot.action(
    "press",
    logged(async (ctx, confirm) => {
      await ctx.replaceCard(`${ctx.inputs.number} replaced`);
      confirm("replaced");
    }),
  );
});
