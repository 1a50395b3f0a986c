import { setTimeout as wait } from "node:timers/promises";
import { defineBot } from "bellhop";
import { logged } from "../harness/handler-log";
import { asks, LONG_PARTS, words } from "../harness/words";

const SLOW_MS = 250;
const COLLEAGUE = "grace@example.com";
/** A part is a line that fills a message of 7,439 bytes, so that none fits beside another. */
const PART_BYTES = 7_000;

// Answers several times, slowly, at length, with the same words, and with a failure in between.
export default defineBot((bot) => {
  bot.hears(
    asks("three"),
    logged(async (ctx, act) => {
      for (const step of ["one", "two", "three"]) await act(step, () => ctx.reply(words(ctx.match[1], step)));
    }),
  );

  bot.hears(
    asks("twice"),
    logged(async (ctx, act) => {
      for (const step of ["first time", "second time"])
        await act(step, () => ctx.reply(words(ctx.match[1], "the same words")));
    }),
  );

  bot.hears(
    asks("file"),
    logged((ctx, act) => {
      const file = { data: Buffer.from("a,b\n1,2\n"), name: "table.csv" };
      return act("file", () => ctx.reply({ text: words(ctx.match[1], "file"), files: [file] }));
    }),
  );

  bot.hears(
    asks("aside"),
    logged(async (ctx, act) => {
      await act("private", () => ctx.replyPrivately(words(ctx.match[1], "private")));
      await act("colleague", () => ctx.direct({ email: COLLEAGUE }, words(ctx.match[1], "colleague")));
      await act("public", () => ctx.reply(words(ctx.match[1], "public")));
    }),
  );

  bot.hears(
    asks("long"),
    logged((ctx, act) => {
      const lines = LONG_PARTS.map((part) => `${part} ${"word ".repeat((PART_BYTES - part.length) / 5)}`);
      return act("parts", () => ctx.reply({ text: lines.join("\n") }));
    }),
  );

  bot.hears(
    asks("slow"),
    logged(async (ctx, act) => {
      await wait(SLOW_MS, undefined, { signal: ctx.signal });
      await act("awoken", () => ctx.reply(words(ctx.match[1], "awoken")));
    }),
  );

  bot.hears(
    asks("block"),
    logged(async (ctx, act) => {
      const until = performance.now() + Number(process.env.CRASH_BLOCK_MS ?? 0);
      while (performance.now() < until); // as a program does that computes for too long
      await act("unblocked", () => ctx.reply(words(ctx.match[1], "unblocked")));
    }),
  );

  bot.hears(
    asks("stumble"),
    logged(async (ctx, act) => {
      await act("before", () => ctx.reply(words(ctx.match[1], "before")));
      if (ctx.attempt === 1) throw new Error("stumbled, as asked");
      await act("after", () => ctx.reply(words(ctx.match[1], "after")));
    }),
  );
});
