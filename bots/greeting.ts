import { defineBot, md } from "bellhop";

// A card and its button: cards/greeting.json asks for a name, the button's data says which action it is.
export default defineBot((bot) => {
  bot.command("card", { help: "Get a card that asks for your name" }, async (ctx) => {
    const { displayName } = await ctx.getPerson();
    await ctx.reply(ctx.card("greeting", { title: `Hello, ${displayName ?? "stranger"}` }));
  });

  bot.action("greet", async (ctx) => {
    const name = String(ctx.inputs.name ?? "").trim();
    await ctx.reply(name === "" ? "You left the name empty." : md`Nice to meet you, **${name}**!`);
  });
});
