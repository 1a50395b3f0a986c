import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";

// Answers once.
export default defineBot((bot) => {
  bot.hears(
    /^number (\d+)$/,
    logged(async (ctx, confirm) => {
      await ctx.reply(`${ctx.match[1]} counted`, { thread: false });
      confirm("counted");
    }),
  );
});
