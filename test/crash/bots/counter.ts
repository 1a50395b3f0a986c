import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";
import { asks, words } from "../harness/words";

// Answers once.
export default defineBot((bot) => {
  bot.hears(
    asks("number"),
    logged((ctx, act) => act("counted", () => ctx.reply(words(ctx.match[1], "counted"), { thread: false }))),
  );
});
