import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { InboxError } from "../../../src/core/contract/errors";
import type { Inbox } from "../../../src/core/contract/inbox";
import { type Logger, silentLogger } from "../../../src/core/contract/logger";
import { type Metrics, noMetrics } from "../../../src/core/contract/metrics";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createDispatch, type Dispatch } from "../../../src/core/handle/dispatch";
import { createWorker, type Worker, type WorkerOptions } from "../../../src/core/handle/worker";
import { openEmbedded } from "../../../src/inbox/embedded";
import { recordBlock } from "../../../src/inbox/embedded/record-block";
import { holdTime, releaseTime } from "../../held-time";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform } from "../in-memory-platform";
import { leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

let folder: string;
let inbox: Inbox;
let chat: InMemoryPlatform;
let worker: Worker;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-worker-"));
  inbox = await openEmbedded({ dataDir: folder });
  chat = new InMemoryPlatform();
  said = [];
  worker = workerFor(() => {});
});

afterEach(async () => {
  releaseTime();
  await worker.stop(0);
  await inbox.close();
  await rm(folder, { recursive: true });
});

interface Watching {
  readonly log?: Logger;
  readonly metrics?: Metrics;
  readonly inbox?: Inbox;
}

function workerFor(setup: (bot: Bot) => void, options: WorkerOptions = {}, watching: Watching = {}): Worker {
  const { log = silentLogger, metrics = noMetrics } = watching;
  const cards = {
    names: [],
    fromJson: cardOfJson,
    render: () => {
      throw new Error("no cards here");
    },
  };
  const dispatch = createDispatch({
    platforms: [chat],
    records: new RecordsInMemory(),
    bots: [buildBot("test", defineBot(setup))],
    cards,
    log,
  });
  // Without the spread of the waits, and as soon as the rules allow.
  return createWorker(
    { inbox: watching.inbox ?? inbox, dispatch, log, metrics },
    { random: () => 0, ...options },
  );
}

/** Lets a worker work until nothing waits in the inbox. */
async function workOff(started: Worker): Promise<void> {
  worker = started;
  worker.start();
  await until(async () => (await inbox.counts()).waiting === 0);
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await wait(5);
}

const room = (id: string): { id: string } => ({ id });
const ada = { id: "ada" };

describe("a worker", () => {
  it("tries again what depended on a record that another event has changed meanwhile", async () => {
    const tries: (number | undefined)[] = [];
    const dispatch: Dispatch = async ({ changes, trace }) => {
      const before = await inbox.records.read("count");
      tries.push(before?.version);
      changes.add("handled", { key: "count", value: tries.length, ifVersion: before?.version ?? 0 });
      changes.add("given-up", { key: "given up", value: true });
      changes.add("always", { key: `seen ${tries.length}`, value: true });
      if (tries.length === 1) await inbox.records.write([{ key: "count", value: "another's" }]);
      trace.push({ at: 0, step: "unwanted", reason: "a test" });
      return { kind: "handled", by: "a test" };
    };
    await inbox.add(chat.says("ping", ada));
    await workOff(
      createWorker({ inbox, dispatch, log: silentLogger, metrics: noMetrics }, { random: () => 0 }),
    );
    expect(tries).toEqual([undefined, 1]);
    const kept = await Promise.all(
      ["count", "seen 1", "seen 2", "given up"].map(async (key) => (await inbox.records.read(key))?.value),
    );
    expect(kept).toEqual([2, true, true, undefined]);
  });

  it("handles one conversation in order and others side by side", async () => {
    const conversations = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(conversations, fc.infiniteStream(fc.nat(3)), async (rooms, turns) => {
        const order: string[] = [];
        const atOnce = new Map<string, number>();
        let overlap = 0;
        for (const [index, id] of rooms.entries()) await inbox.add(chat.says(`${index}`, ada, room(id)));
        await workOff(
          workerFor((bot) =>
            bot.hears(/./, async (ctx) => {
              const running = (atOnce.get(ctx.room.id) ?? 0) + 1;
              atOnce.set(ctx.room.id, running);
              overlap = Math.max(overlap, running);
              for (let turn = turns.next().value ?? 0; turn > 0; turn--) await new Promise(setImmediate);
              order.push(`${ctx.room.id}${ctx.message.text}`);
              atOnce.set(ctx.room.id, running - 1);
            }),
          ),
        );
        await worker.stop(1_000);
        const of = (id: string, list: string[]): string[] => list.filter((entry) => entry.startsWith(id));
        const written = rooms.map((id, index) => `${id}${index}`);
        for (const id of ["a", "b", "c"]) expect(of(id, order)).toEqual(of(id, written));
        expect(overlap).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it("lets a conversation wait for the retry of its head, and no other", async () => {
    chat.failures.fetch = [new Error("once")];
    for (const [text, id] of [
      ["1", "a"],
      ["2", "a"],
      ["3", "b"],
    ] as const)
      await inbox.add(chat.says(text, ada, room(id)));
    await workOff(
      workerFor((bot) => bot.hears(/./, (ctx) => said.push(`${ctx.message.text} try ${ctx.attempt}`))),
    );
    expect(said).toEqual(["3 try 1", "1 try 2", "2 try 1"]);
  });

  it("keeps what fails for good as a dead letter, and goes on", async () => {
    for (const text of ["broken", "fine"]) await inbox.add(chat.says(text));
    await workOff(
      workerFor(
        (bot) => {
          bot.hears("broken", (ctx) => {
            said.push(`last: ${ctx.isLastAttempt}`);
            throw new TypeError("x is not a function");
          });
          bot.hears("fine", () => said.push("fine"));
        },
        { maxAttempts: 1 },
      ),
    );
    expect(said).toEqual(["last: true", "fine"]);
    expect(await inbox.list({ state: "dead" })).toMatchObject([
      {
        attempts: 1,
        error: { code: "handler-failed", message: 'bot "test", hears "broken" threw: x is not a function' },
      },
    ]);
  });

  it("drops what cannot be read after a few tries", async () => {
    await inbox.add(chat.happens({ name: "messages.created" }));
    await workOff(workerFor((bot) => bot.hears(/./, () => {}), { maxAttempts: 2 }));
    expect(chat.calls).toEqual(["fetch", "fetch"]);
    expect(await inbox.counts()).toMatchObject({ waiting: 0, dead: 0 });
  });

  it("aborts a handler that hangs, tries it again, and at last gives it up", async () => {
    const time = holdTime();
    // The wait before the retry passes as ever; the time of a handler is up when the handler hangs.
    const passing = setInterval(() => time.pass(5), 5);
    const handlerTimeoutMs = 600_000;
    await inbox.add(chat.says("hang"));
    await workOff(
      workerFor(
        (bot) => {
          bot.hears("hang", async (ctx) => {
            const aborted = new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
            time.pass(handlerTimeoutMs);
            await aborted;
            await ctx.reply("too late").catch((error: Error) => said.push(error.name));
            await new Promise(() => {});
          });
          bot.catch(() => said.push("catch"));
        },
        { maxAttempts: 2, handlerTimeoutMs },
      ),
    );
    clearInterval(passing);
    expect(said).toEqual(["ContextClosedError", "ContextClosedError"]);
    expect(chat.posts).toEqual([]);
    expect(await inbox.list({ state: "dead" })).toMatchObject([
      { attempts: 2, error: { code: "handler-timeout" } },
    ]);
  });

  it("refuses a context that is used after its handler has ended", async () => {
    let late: (() => Promise<unknown>) | undefined;
    await inbox.add(chat.says("ping"));
    await workOff(
      workerFor((bot) =>
        bot.hears("ping", (ctx) => {
          late = () => ctx.reply("late");
        }),
      ),
    );
    await expect(late?.()).rejects.toThrow("is an await missing?");
  });

  it("gives up an event in the middle of which the process died too often, without trying it", async () => {
    await inbox.add(chat.says("ping"));
    for (let life = 0; life < 12; life++) {
      await inbox.take(1, new AbortController().signal);
      await inbox.close();
      inbox = await openEmbedded({ dataDir: folder });
    }
    await workOff(workerFor((bot) => bot.hears("ping", () => said.push("tried"))));
    expect(said).toEqual([]);
    expect(await inbox.list({ state: "dead" })).toMatchObject([{ error: { code: "interrupted" } }]);
  });

  it("gives up an event that has blocked the process twice, and not one that did so once", async () => {
    for (const text of ["twice", "once"]) await inbox.add(chat.says(text, ada, room(text)));
    const leases = await inbox.take(2, new AbortController().signal);
    const file = join(folder, "inbox.db");
    for (const { id } of leases) await recordBlock(file, Number(id), "bots/a.ts:1");
    await recordBlock(file, Number(leases[0]?.id), "bots/a.ts:2");
    await inbox.close();
    inbox = await openEmbedded({ dataDir: folder });
    await workOff(workerFor((bot) => bot.hears(/./, (ctx) => said.push(ctx.message.text ?? ""))));
    expect(said).toEqual(["once"]);
    expect(await inbox.list({ state: "dead" })).toMatchObject([
      {
        id: leases[0]?.id,
        error: { code: "handler-blocks", message: expect.stringMatching(/2 times; last in bots\/a\.ts:2/) },
      },
    ]);
  });

  it("lets a conversation wait behind a dead letter, if that is wanted", async () => {
    for (const text of ["fail", "ping"]) await inbox.add(chat.says(text));
    worker = workerFor(
      (bot) => {
        bot.hears("fail", () => {
          throw new Error("it broke");
        });
        bot.hears("ping", () => said.push("answered"));
      },
      { maxAttempts: 1, afterDeadLetter: "wait" },
    );
    worker.start();
    while ((await inbox.counts()).dead === 0) await new Promise(setImmediate);
    expect(await inbox.list({ state: "dead" })).toMatchObject([{ holds: true }]);
    expect(said).toEqual([]);
    const [letter] = await inbox.list({ state: "dead" });
    await inbox.discard(letter?.id ?? "", "no use");
    while (said.length === 0) await new Promise(setImmediate);
  });

  it("keeps the path of each attempt, and why no handler answered", async () => {
    await inbox.add(chat.says("pong"));
    await workOff(
      workerFor((bot) => {
        bot.command("ping", () => {});
        bot.hears(/ping/, () => {});
        bot.action("ok", () => {});
        bot.otherwise(false);
      }),
    );
    const [event] = await inbox.list({ state: "dropped" });
    const record = await inbox.show(event?.id ?? "");
    expect(record?.attemptsMade[0]?.trace).toMatchObject([
      { step: "leased", attempt: 1, crashCount: 0 },
      { step: "policy", bot: "test" },
      { step: "fetched" },
      { step: "matched", handler: 'command "ping"', verdict: "the text does not begin with its words" },
      { step: "matched", handler: "hears /ping/", verdict: "the text does not have it" },
      { step: "matched", handler: 'action "ok"', verdict: "is for clicks on cards" },
      {
        step: "settled",
        as: "dropped",
        reason: 'no handler matched; bot "test" has switched the default reply off',
      },
    ]);
    expect(JSON.stringify(record?.attemptsMade)).not.toContain("pong");
  });

  it("handles no more at once than it may", async () => {
    let running = 0;
    let most = 0;
    for (let index = 0; index < 12; index++) await inbox.add(chat.says("x", ada, room(`room-${index}`)));
    await workOff(
      workerFor(
        (bot) =>
          bot.hears("x", async () => {
            most = Math.max(most, ++running);
            await until(() => most === 3);
            await new Promise((resolve) => setTimeout(resolve, 2));
            running--;
          }),
        { concurrency: 3 },
      ),
    );
    expect(most).toBe(3);
  });

  it("counts and logs what became of each attempt, without what was written", async () => {
    const counted: string[] = [];
    const lines: string[] = [];
    const write = (sentence: string, fields?: object): void =>
      void lines.push(sentence + JSON.stringify(fields));
    chat.failures.fetch = [new Error("once")];
    await inbox.add(chat.says("hunter2 one", ada, room("a")));
    await inbox.add(chat.says("hunter2 two", { id: "bot" }, room("b")));
    await inbox.add(chat.says("pay hunter2", ada, room("c")));
    await workOff(
      workerFor(
        (bot) => {
          bot.command("pay <amount:number>", () => {});
          bot.hears(/./, () => {});
        },
        { maxAttempts: 2 },
        {
          log: { debug: write, info: write, warn: write, error: write },
          metrics: {
            ...noMetrics,
            event: (platform, name, outcome) => counted.push(`${platform} ${name} ${outcome}`),
          },
        },
      ),
    );
    await worker.stop(1_000);
    expect(counted.sort((a, b) => a.localeCompare(b))).toEqual([
      "memory messages.created dropped",
      "memory messages.created handled",
      "memory messages.created handled",
      "memory messages.created retried",
    ]);
    expect(lines.join("\n")).toContain("event failed; it will be tried again");
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("goes on when the inbox fails for a while", async () => {
    let failures = 1;
    const shaky: Inbox = {
      ...inbox,
      take: (max, signal) =>
        failures-- > 0 ? Promise.reject(new InboxError("inbox-failed", "no disk")) : inbox.take(max, signal),
    };
    await inbox.add(chat.says("ping"));
    await workOff(workerFor((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")), {}, { inbox: shaky }));
    expect(chat.posts).toHaveLength(1);
  });
});

describe("stopping", () => {
  it("waits for what runs and takes nothing new", async () => {
    let finish: () => void = () => {};
    for (const text of ["one", "two"]) await inbox.add(chat.says(text));
    worker = workerFor((bot) =>
      bot.hears(/./, async (ctx) => {
        said.push(`${ctx.message.text} begins`);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        said.push(`${ctx.message.text} ends`);
      }),
    );
    worker.start();
    await until(() => said.length === 1);
    const stopped = worker.stop(10_000).then(() => said.push("stopped"));
    finish();
    await stopped;
    expect(said).toEqual(["one begins", "one ends", "stopped"]);
    expect(await inbox.counts()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it("leaves no timer behind that would keep the process from ending", async () => {
    await inbox.add(chat.says("hang"));
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    worker = workerFor((bot) =>
      bot.hears("hang", async () => {
        said.push("hangs");
        await new Promise(() => {});
      }),
    );
    worker.start();
    await until(() => said.length === 1);
    await worker.stop(0);
    expect(timers()).toBe(before);
  });

  it("aborts what does not finish and leaves it in the inbox, to be handled after the next start", async () => {
    await inbox.add(chat.says("hang"));
    worker = workerFor((bot) =>
      bot.hears("hang", async (ctx) => {
        said.push("hangs");
        ctx.signal.addEventListener("abort", () => said.push("aborted"));
        await new Promise(() => {});
      }),
    );
    worker.start();
    await until(() => said.length === 1);
    await worker.stop(10);
    expect(said).toEqual(["hangs", "aborted"]);

    await inbox.close();
    inbox = await openEmbedded({ dataDir: folder });
    await workOff(workerFor((bot) => bot.hears("hang", () => said.push("handled"))));
    expect(said).toEqual(["hangs", "aborted", "handled"]);
  });

  it("waits for what was taken in the very moment of stopping", async () => {
    const notice = chat.says("ping");
    let settled = false;
    let give: () => void = () => {};
    const given = new Promise<void>((resolve) => {
      give = resolve;
    });
    // Hands one event out although it has just been told to stop: the two crossed.
    const crossing: Inbox = {
      ...inbox,
      async take(_max, signal) {
        if (signal.aborted) return [];
        await given;
        const settle = async (): Promise<void> => {
          settled = true;
        };
        return [{ ...leaseInMemory(notice), settle }];
      },
    };
    worker = workerFor((bot) => bot.hears("ping", (ctx) => ctx.reply("pong")), {}, { inbox: crossing });
    worker.start();
    const stopped = worker.stop(10_000);
    give();
    await stopped;
    expect([chat.posts.length, settled]).toEqual([1, true]);
  });

  it("is quick where nothing runs, and may be asked for twice, or before the start", async () => {
    await worker.stop(60_000);
    worker.start();
    await worker.stop(60_000);
    await worker.stop(60_000);
  });
});
