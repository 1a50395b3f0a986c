import { createButtonKeys } from "../../../src/core/cards/button-keys";
import { ButtonSigner } from "../../../src/core/cards/button-signer";
import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { HandlerError } from "../../../src/core/contract/errors";
import { silentLogger } from "../../../src/core/contract/logger";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { type ChainResult, runChain } from "../../../src/core/handle/handler-chain";
import { MatchOrder } from "../../../src/core/handle/match-order";
import { createRouter } from "../../../src/core/handle/router";
import { HandlerContext } from "../../../src/core/reply/handler-context";
import { Journal } from "../../../src/core/reply/journal";
import { Outbox } from "../../../src/core/reply/outbox";
import { PostedMessages } from "../../../src/core/reply/posted-messages";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform, messageEvent } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

let chat: InMemoryPlatform;
let said: string[];
let time: AbortController;
beforeEach(() => {
  chat = new InMemoryPlatform();
  said = [];
  time = new AbortController();
});

function run(setup: (bot: Bot) => void, text = "ping"): Promise<ChainResult> {
  const bot = buildBot("test", defineBot(setup));
  const event = messageEvent(chat.happens({ name: "messages.created" }), text);
  const trace: TraceStep[] = [];
  const journal = new Journal(leaseInMemory(event.notice), "at-least-once");
  const isOpen = (): boolean => true;
  const seal = new ButtonSigner(
    createButtonKeys(chat, new RecordsInMemory(), silentLogger),
    { key: event.notice.key, person: undefined, receivedAt: 0 },
    new PendingWrites(),
  );
  const context = new HandlerContext(event, bot.name, {
    platform: chat,
    cards: {
      names: [],
      fromJson: cardOfJson,
      render: () => ({ kind: "card", name: "none", content: {}, fallbackText: "" }),
    },
    files: {},
    attempt: 1,
    isLastAttempt: false,
    desk: createButtonKeys(chat, new RecordsInMemory(), silentLogger),
    asking: undefined,
    steps: new Set<string>(),
    signal: time.signal,
    log: silentLogger,
    journal,
    outbox: new Outbox({
      platform: chat,
      posted: new PostedMessages(chat),
      journal,
      seal,
      trace,
      signal: time.signal,
      isOpen,
    }),
    trace,
    isOpen,
  });
  const candidate = { bot, found: createRouter(bot).matches(event) };
  const next = new MatchOrder([candidate], () => false).nextOf(candidate);
  return runChain(bot, next, context, trace, async () => undefined);
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("runChain", () => {
  it("lets middleware run around the handlers, in the order written", async () => {
    const around = (name: string) => async (_ctx: unknown, next: () => Promise<void>) => {
      said.push(`${name} before`);
      await next();
      said.push(`${name} after`);
    };
    const result = await run((bot) => {
      bot.use(around("first"));
      bot.hears("ping", async () => {
        await soon();
        said.push("handler");
      });
      bot.use(around("second"));
    });
    expect(said).toEqual(["first before", "second before", "handler", "second after", "first after"]);
    expect(result).toEqual({ kind: "answered", by: 'hears "ping"' });
  });

  it("ends with the first handler that does not go on", async () => {
    const result = await run((bot) => {
      bot.hears("ping", (_ctx, next) => {
        said.push("one");
        return next();
      });
      bot.hears(/ping/, () => said.push("two"));
      bot.hears(/./, () => said.push("three"));
    });
    expect(said).toEqual(["one", "two"]);
    expect(result).toEqual({ kind: "answered", by: "hears /ping/" });
  });

  it("is unanswered when no handler matches, or the last one goes on", async () => {
    await expect(run((bot) => bot.hears("pong", () => {}))).resolves.toEqual({ kind: "unanswered" });
    await expect(run((bot) => bot.hears("ping", (_ctx, next) => next()))).resolves.toEqual({
      kind: "unanswered",
    });
    await expect(run((bot) => bot.use((_ctx, next) => next()))).resolves.toEqual({ kind: "unanswered" });
  });

  it("is answered by middleware that does not go on", async () => {
    const result = await run((bot) => {
      bot.use((_ctx, next) => next());
      bot.use(() => said.push("stopped"));
      bot.hears("ping", () => said.push("handler"));
    });
    expect(said).toEqual(["stopped"]);
    expect(result).toEqual({ kind: "answered", by: "middleware 2" });
  });

  it("gives each handler its own match, and all of them one state", async () => {
    await run((bot) => {
      bot.use((ctx, next) => {
        ctx.state.user = "ada";
        return next();
      });
      bot.command("ping <what>", (ctx, next) => {
        said.push(`${ctx.args.what} for ${String(ctx.state.user)}`);
        return next();
      });
      bot.hears(/p(.)ng/, (ctx) => said.push(`${ctx.match[1]} for ${String(ctx.state.user)}`));
    }, "ping pong");
    expect(said).toEqual(["pong for ada", "i for ada"]);
  });

  it("refuses a handler that goes on twice", async () => {
    const twice = run((bot) => {
      bot.hears("ping", async (_ctx, next) => {
        await next();
        await next();
      });
      bot.hears(/ping/, () => said.push("two"));
    });
    await expect(twice).rejects.toThrow('hears "ping" called next() twice');
    expect(said).toEqual(["two"]);
  });

  it("waits for what a handler has begun and not waited for", async () => {
    await run((bot) => {
      bot.use((_ctx, next) => void next());
      bot.hears("ping", async (ctx) => {
        await soon();
        void ctx.reply("pong");
      });
    });
    expect(chat.posts).toMatchObject([{ markdown: "pong" }]);
  });

  it("fails when what a handler has not waited for fails", async () => {
    chat.failures.send = [new Error("the line is down")];
    await expect(run((bot) => bot.hears("ping", (ctx) => void ctx.reply("pong")))).rejects.toThrow(
      "the line is down",
    );
    await expect(
      run((bot) => {
        bot.use((_ctx, next) => void next());
        bot.hears("ping", () => {
          throw new Error("broken");
        });
      }),
    ).rejects.toThrow("broken");
  });

  it("leaves alone what a handler has caught without waiting for it", async () => {
    chat.failures.send = [new Error("the line is down")];
    const result = await run((bot) =>
      bot.hears("ping", (ctx) => void ctx.reply("pong").catch((error: Error) => said.push(error.message))),
    );
    expect(said).toEqual(["the line is down"]);
    expect(result.kind).toBe("answered");
  });

  it("enters no handler any more once its time is up", async () => {
    const late = run((bot) => {
      bot.use(async (_ctx, next) => {
        time.abort(new Error("time is up"));
        await next();
      });
      bot.hears("ping", () => said.push("handler"));
      bot.catch(() => said.push("catch"));
    });
    await expect(late).rejects.toThrow("time is up");
    expect(said).toEqual([]);
  });
});

describe("an error in a handler", () => {
  it("names the bot and the handler, and keeps its cause", async () => {
    const cause = new TypeError("x is not a function");
    const failing = run((bot) =>
      bot.hears("ping", () => {
        throw cause;
      }),
    );
    await expect(failing).rejects.toThrow(HandlerError);
    await expect(failing).rejects.toMatchObject({
      message: 'bot "test", hears "ping" threw: x is not a function',
      code: "handler-failed",
      cause,
    });
  });

  it("is settled when catch returns, and the event answered", async () => {
    const result = await run((bot) => {
      bot.hears("ping", () => {
        throw new Error("broken");
      });
      bot.catch(async (error, ctx) => ctx.reply(`sorry: ${error.message}`));
    });
    expect(result).toEqual({ kind: "answered", by: 'hears "ping"', isCaught: true });
    expect(chat.posts).toMatchObject([{ markdown: "sorry: broken" }]);
  });

  it("is told to every catch, until one throws", async () => {
    const broken = new Error("broken");
    const failing = run((bot) => {
      bot.use(() => {
        throw broken;
      });
      bot.catch((error) => said.push(`one: ${error.message}`));
      bot.catch((error) => {
        throw error;
      });
      bot.catch(() => said.push("three"));
    });
    await expect(failing).rejects.toMatchObject({
      message: 'bot "test", middleware 1 threw: broken',
      cause: broken,
    });
    expect(said).toEqual(["one: broken"]);
  });

  it("gives way to the error of a catch that fails itself", async () => {
    chat.failures.send = [new Error("the line is down")];
    const failing = run((bot) => {
      bot.hears("ping", () => {
        throw new Error("broken");
      });
      bot.catch((_error, ctx) => void ctx.reply("sorry"));
    });
    await expect(failing).rejects.toThrow('bot "test", catch threw: the line is down');
  });

  it("reaches catch as an Error, whatever was thrown", async () => {
    await run((bot) => {
      bot.hears("ping", () => {
        throw "a text";
      });
      bot.catch((error) => said.push(`${error instanceof Error} ${error.message}`));
    });
    expect(said).toEqual(['true bot "test", hears "ping" threw: a text']);
  });

  it("can be caught by middleware, which then has answered", async () => {
    const result = await run((bot) => {
      bot.use(async (_ctx, next) => {
        await next().catch((error: Error) => said.push(error.message));
      });
      bot.hears("ping", () => {
        throw new Error("broken");
      });
      bot.catch(() => said.push("catch"));
    });
    expect(said).toEqual(["broken"]);
    expect(result.kind).toBe("answered");
  });
});
