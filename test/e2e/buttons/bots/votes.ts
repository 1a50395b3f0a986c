import { defineBot } from "bellhop";

// A card on which one click decides.
export default defineBot((bot) => {
  bot.allow({ emailDomains: ["example.com"] });

  bot.command("ask", (ctx) => ctx.reply(ctx.card("question", { title: "What is it?" })));
  bot.command("ask me", (ctx) =>
    ctx.reply(ctx.card("question", { title: "Your own one?" }, { audience: "asker" })),
  );

  bot.command("count", (ctx) => ctx.reply(ctx.card("number", { title: "How many?" })));
  bot.action("number", { inputs: { answer: { type: "integer", label: "Your answer" } } }, (ctx) =>
    ctx.reply(`Counted: ${ctx.inputs.answer}`),
  );

  bot.action("answer", { once: true }, async (ctx) => {
    await ctx.reply(`Taken: ${ctx.inputs.answer}`);
  });
});
