import { defineBot } from "bellhop";

/** Something that will be over soon: worth another try. */
class BusyError extends Error {}

// What throws is tried again, with growing waits. `catch` sees every error first: to throw again is to have it tried
// again, to return is to be done with it.
export default defineBot((bot) => {
  bot.command("busy", { help: "Fail once, then succeed" }, async (ctx) => {
    if (ctx.attempt === 1) throw new BusyError("the other side is busy");
    await ctx.reply(`It worked on attempt ${ctx.attempt}.`);
  });

  bot.command("broken", { help: "Fail for good" }, () => {
    throw new Error("this never works");
  });

  bot.catch(async (error, ctx) => {
    if (error instanceof BusyError && !ctx.isLastAttempt) throw error;
    ctx.log.error("given up", { error });
    await ctx.reply("That went wrong; someone has been told.");
  });
});
