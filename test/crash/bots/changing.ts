import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";
import { asks, words } from "../harness/words";

// Changes what it has posted.
export default defineBot((bot) => {
  bot.hears(
    asks("edit"),
    logged(async (ctx, act) => {
      const draft = await act("draft", () => ctx.reply(words(ctx.match[1], "draft")));
      await act("final", () => ctx.edit(draft, words(ctx.match[1], "final")));
    }),
  );

  bot.hears(
    asks("delete"),
    logged(async (ctx, act) => {
      const passing = await act("passing", () => ctx.reply(words(ctx.match[1], "passing")));
      await ctx.delete(passing);
      await act("stays", () => ctx.reply(words(ctx.match[1], "stays")));
    }),
  );

  bot.hears(
    asks("card"),
    logged(async (ctx, act) => {
      const number = ctx.match[1] ?? "";
      const card = ctx.card("numbered", { number });
      await act("card", () => ctx.reply({ markdown: words(number, "card"), card }));
    }),
  );

  bot.action(
    "press",
    logged((ctx, act) =>
      act("replaced", () => ctx.replaceCard(words(String(ctx.inputs.number), "replaced"))),
    ),
  );
});
