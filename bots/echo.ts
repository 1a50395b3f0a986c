import { defineBot, md } from "bellhop";

export default defineBot((bot) => {
  bot.command("hello", { help: "Say hello" }, (ctx) =>
    ctx.reply("Hello! Say **help** to see what I can do."),
  );
  bot.command("echo <text...>", { help: "Hear it again" }, (ctx) =>
    ctx.reply(md`You said: ${ctx.args.text}`),
  );
  bot.hears("thanks", (ctx) => ctx.reply("Any time."));
});
