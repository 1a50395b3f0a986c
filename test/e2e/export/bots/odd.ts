import { defineBot } from "bellhop";

// Answers whatever can happen in a room, so that all of it is in an exported test.
export default defineBot((bot) => {
  bot.hears("hello", (ctx) => ctx.reply(`Hello, "you"!\n\`a\` ${"$"}{b} \\ 🛎`));
  bot.hears("two", async (ctx) => {
    await ctx.reply(ctx.card("form"));
    await ctx.reply(ctx.card("form"));
  });
  bot.hears("private", (ctx) => ctx.replyPrivately("Between us."));
  bot.action("go", (ctx) => ctx.reply("Gone."));
  bot.on("messages.updated", (ctx) => ctx.reply("Something else?"));
  bot.on("messages.deleted", (ctx) => ctx.reply("A pity."));
  bot.on("memberships.created", (ctx) => ctx.reply("Welcome."));
  bot.on("memberships.deleted", { self: false }, (ctx) => ctx.reply("Farewell."));
});
