import { defineBot, md } from "bellhop";

export default defineBot((bot) => {
  bot.command("hello", { help: "Say hello" }, (ctx) =>
    ctx.reply("Hello! Say **help** to see what I can do."),
  );
  bot.command("echo <text...>", { help: "Hear it again" }, (ctx) =>
    ctx.reply(md`You said: ${ctx.args.text}`),
  );
  bot.hears("thanks", (ctx) => ctx.reply("Any time."));

  // A card and its button: cards/greeting.json asks for a name, and the button's data names the action.
  bot.command("card", { help: "Get a card that asks for your name" }, async (ctx) => {
    const { displayName } = await ctx.getPerson();
    await ctx.reply(ctx.card("greeting", { title: `Hello, ${displayName ?? "stranger"}` }));
  });

  bot.action("greet", async (ctx) => {
    const name = String(ctx.inputs.name ?? "").trim();
    await ctx.reply(name === "" ? "You left the name empty." : md`Nice to meet you, **${name}**!`);
  });
});
