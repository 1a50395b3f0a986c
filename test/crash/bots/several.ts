import { setTimeout as wait } from "node:timers/promises";
import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";

const SLOW_MS = 250;

// Answers three times, slowly, and with a failure in between.
export default defineBot((bot) => {
  bot.hears(
    /^three (\d+)$/,
    logged(async (ctx, confirm) => {
      for (const step of ["one", "two", "three"]) {
        await ctx.reply(`${ctx.match[1]} ${step}`);
        confirm(step);
      }
    }),
  );

  bot.hears(
    /^slow (\d+)$/,
    logged(async (ctx, confirm) => {
      await wait(SLOW_MS, undefined, { signal: ctx.signal });
      await ctx.reply(`${ctx.match[1]} awoken`);
      confirm("awoken");
    }),
  );

  bot.hears(
    /^stumble (\d+)$/,
    logged(async (ctx, confirm) => {
      await ctx.reply(`${ctx.match[1]} before`);
      confirm("before");
      if (ctx.attempt === 1) throw new Error("stumbled, as asked");
      await ctx.reply(`${ctx.match[1]} after`);
      confirm("after");
    }),
  );
});
