import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineBot } from "bellhop";

/** Writes a line into a file when its handler begins, and answers some seconds later. */
export default defineBot((bot) => {
  bot.command("work", async (ctx) => {
    appendFileSync(process.env.RUNS ?? "", `${process.pid}\n`);
    await pause(2_000);
    await ctx.reply("Done.");
  });
});
