// bots/echo.ts: the file's name is the bot's name
import { defineBot, md } from "bellhop";

export default defineBot((bot) => {
  bot.command("hello", { help: "Say hello" }, (ctx) => ctx.reply("Hello! Write **card** and I show you one."));
  bot.command("card", { help: "Show a card" }, (ctx) => ctx.reply(ctx.card("greeting", { title: "Welcome" })));
  bot.action("greet", (ctx) => ctx.reply(md`Welcome, ${ctx.inputs.name}.`));
});
