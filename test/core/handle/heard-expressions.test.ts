import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { BotEvent } from "../../../src/core/contract/event";
import type { LogFields, Logger } from "../../../src/core/contract/logger";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createRouter, type Router } from "../../../src/core/handle/router";
import { InMemoryPlatform, messageEvent } from "../in-memory-platform";

const chat = new InMemoryPlatform();
const nothing = (): void => {};
const HOSTILE = `${"a".repeat(60)}!`;

let lines: { level: string; sentence: string; fields: LogFields | undefined }[];
beforeEach(() => {
  lines = [];
});

function routerOf(setup: (bot: Bot) => void): Router {
  const line =
    (level: string) =>
    (sentence: string, fields?: LogFields): void =>
      void lines.push({ level, sentence, fields });
  const log: Logger = { debug: nothing, info: nothing, warn: line("warn"), error: line("error") };
  return createRouter(buildBot("test", defineBot(setup)), log);
}

function message(text: string): BotEvent {
  return messageEvent(chat.happens({ name: "messages.created" }), text);
}

/** Handlers that match, and those that were missed, as `label: verdict`. */
function heard(router: Router, text: string): { matched: string[]; missed: string[] } {
  const missed: string[] = [];
  const matches = router.matches(message(text), {
    missed: (handler, verdict) => missed.push(`${handler}: ${verdict}`),
  });
  return { matched: [...matches].map(({ route }) => route.label), missed };
}

describe("an expression that runs out of time", () => {
  const setup = (bot: Bot): void => {
    bot.hears(/a!/, nothing);
    bot.hears(/^(a+)+$/, nothing);
    bot.command("aaa", nothing);
    bot.hears(/!$/, nothing);
  };

  it("does not match, and the others do", () => {
    expect(heard(routerOf(setup), HOSTILE)).toEqual({
      matched: ["hears /a!/", "hears /!$/"],
      missed: ["hears /^(a+)+$/: its expression ran out of time"],
    });
  });

  it("is logged once, with bot, handler and pattern, and without the text", () => {
    const router = routerOf(setup);
    heard(router, HOSTILE);
    heard(router, HOSTILE);
    expect(lines).toEqual([
      {
        level: "warn",
        sentence: "an expression ran out of time, which counts as no match; make it simpler",
        fields: {
          bot: "test",
          handler: expect.stringMatching(/heard-expressions\.test\.ts:\d+$/),
          pattern: "/^(a+)+$/",
          limitMs: 50,
        },
      },
    ]);
  });

  it("is disabled after three times, which is logged and is its verdict from then on", () => {
    const router = routerOf(setup);
    for (let time = 0; time < 3; time++) heard(router, HOSTILE);
    expect(lines.map(({ level }) => level)).toEqual(["warn", "error"]);
    expect(lines[1]?.fields).toMatchObject({ pattern: "/^(a+)+$/", timeOuts: 3 });
    expect(heard(router, HOSTILE)).toEqual({ matched: ["hears /a!/", "hears /!$/"], missed: [] });
    expect(heard(router, "aaaa").matched).toEqual([]);
    expect(router.verdicts(message("aaaa"))[1]).toEqual({
      handler: "hears /^(a+)+$/",
      verdict: "its expression is disabled: it ran out of time 3 times",
    });
  });

  it("goes on to match other texts until then", () => {
    const router = routerOf(setup);
    heard(router, HOSTILE);
    expect(heard(router, "aaaa").matched).toEqual(["hears /^(a+)+$/"]);
  });

  it("does not run for a message that a handler before it answers", () => {
    const router = routerOf((bot) => {
      bot.command("aaa <rest...>", nothing);
      bot.hears(/^(a+|\s)+$/, nothing);
    });
    const [match] = router.matches(message(`aaa ${HOSTILE}`), {
      missed: () => {
        throw new Error("the expression ran");
      },
    });
    expect(match?.route.label).toBe('command "aaa <rest...>"');
  });
});
