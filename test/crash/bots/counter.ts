import { defineBot } from "bellhop";

export default defineBot((bot) => {
  bot.hears(/^number (\d+)$/, (ctx) => ctx.reply(`${ctx.match[1]} counted`, { thread: false }));
});
