import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { ApiError, NetworkError } from "../../../src/core/contract/errors";
import { SENT_REMEMBERED_MS } from "../../../src/core/contract/inbox";
import { silentLogger } from "../../../src/core/contract/logger";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createDispatch, type Dispatch } from "../../../src/core/handle/dispatch";
import { Journal, type ReplyGuarantee } from "../../../src/core/reply/journal";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform } from "../in-memory-platform";
import { type LeaseInMemory, leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

let chat: InMemoryPlatform;
/** Messages that belong to a call, as the inbox remembers them for all processes. */
let sent: Set<string>;
beforeEach(() => {
  chat = new InMemoryPlatform();
  sent = new Set();
});

const BOT = (bot: Bot): void => {
  bot.hears("ping", (ctx) => ctx.reply("pong"));
  bot.hears("change", async (ctx) => ctx.edit(await ctx.reply("pong"), "changed"));
};

/** One process. */
function start(): Dispatch {
  const cards = {
    names: [],
    fromJson: cardOfJson,
    render: () => {
      throw new Error("no cards here");
    },
  };
  return createDispatch({
    platforms: [chat],
    bots: [buildBot("test", defineBot(BOT))],
    records: new RecordsInMemory(),
    cards,
    log: silentLogger,
  });
}

async function attempt(
  lease: LeaseInMemory,
  dispatch = start(),
  { guarantee = "at-least-once" as ReplyGuarantee, lookForMs = 5_000 } = {},
): Promise<{ calls: string[]; code: unknown }> {
  const trace: TraceStep[] = [];
  const journal = new Journal(lease, guarantee, { lookForMs });
  const { signal } = new AbortController();
  const changes = new PendingWrites();
  const tried = dispatch({ lease, isLast: false, journal, trace, changes, signal, isOpen: () => true });
  const code = await tried.then(
    () => undefined,
    (error: { code?: string; cause?: { code?: string } }) => error.cause?.code ?? error.code,
  );
  journal.end();
  return {
    code,
    calls: trace.flatMap((step) => (step.step === "call" ? [`${step.call} ${step.outcome}`] : [])),
  };
}

const says = (text = "ping"): LeaseInMemory => leaseInMemory(chat.says(text), { sent });
const posts = (): unknown[] => chat.posts.map(({ markdown }) => markdown);
const refused = (status: number): ApiError =>
  new ApiError({ call: "memory POST /messages", status, reason: "no" });

describe("an answer with the same words as an earlier one", () => {
  it("is posted when its first post failed and nothing was posted", async () => {
    await attempt(says());
    chat.failures.send = [refused(502)];
    const second = says();
    await attempt(second);
    expect((await attempt(second.again())).calls).toEqual(["reply sent"]);
    expect(posts()).toEqual(["pong", "pong"]);
  });

  it("is not posted twice when its first post was made and the answer was lost", async () => {
    await attempt(says());
    chat.answersLost = 1;
    const second = says();
    await attempt(second);
    expect((await attempt(second.again())).calls).toEqual(["reply found"]);
    expect(posts()).toEqual(["pong", "pong"]);
  });

  it("is posted after a restart when the process was killed before the post", async () => {
    await attempt(says());
    const killed = says();
    expect((await attempt(killed.again({ crashCount: 1 }))).calls).toEqual(["reply sent"]);
    expect(posts()).toEqual(["pong", "pong"]);
  });

  it("belongs to one of two events that both look for it", async () => {
    chat.answersLost = 1;
    const [first, second] = [says(), says()];
    await attempt(first);
    chat.failures.send = [refused(502)];
    await attempt(second);
    const outcomes = await Promise.all([attempt(first.again()), attempt(second.again())]);
    expect(outcomes.map(({ calls }) => calls).sort()).toEqual([["reply found"], ["reply sent"]]);
    expect(posts()).toEqual(["pong", "pong"]);
  });

  it("is not taken from a post of the same process whose answer has not come yet", async () => {
    const dispatch = start();
    chat.failures.send = [refused(502)];
    const doubtful = says();
    await attempt(doubtful, dispatch);
    const send = chat.send.bind(chat);
    let answer = (): void => {};
    chat.send = async (...call) => {
      const posted = await send(...call);
      chat.send = send;
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return posted;
    };
    const slow = attempt(says(), dispatch);
    await new Promise(setImmediate);
    const looking = attempt(doubtful.again(), dispatch);
    await new Promise(setImmediate);
    answer();
    expect((await slow).calls).toEqual(["reply sent"]);
    expect((await looking).calls).toEqual(["reply sent"]);
    expect(posts()).toEqual(["pong", "pong"]);
  });

  it("is posted in its thread although the same words stand in another one", async () => {
    await chat.send(
      { roomId: "room-1", threadId: "elsewhere" },
      { markdown: "pong" },
      new AbortController().signal,
    );
    expect((await attempt(says().again({ crashCount: 1 }))).calls).toEqual(["reply sent"]);
  });
});

describe("a platform that cannot be asked what it has", () => {
  it.each([400, 404, 405, 501])("with %s does not keep the answer from being posted", async (status) => {
    chat.failures.send = [refused(502)];
    chat.failures.findSent = [refused(status)];
    const lease = says();
    await attempt(lease);
    expect((await attempt(lease.again())).calls).toEqual(["reply sent"]);
  });

  it("for a moment is asked again", async () => {
    chat.answersLost = 1;
    chat.failures.findSent = [
      refused(503),
      new NetworkError("memory GET", "reset", { mayHaveSucceeded: true }),
    ];
    const lease = says();
    await attempt(lease);
    expect((await attempt(lease.again())).calls).toEqual(["reply found"]);
    expect(posts()).toEqual(["pong"]);
  });

  it.each([
    ["at-least-once", ["reply sent"], undefined],
    ["at-most-once", ["reply unknown"], "outcome-unknown"],
  ] as const)("for longer leaves it to REPLIES: %s", async (guarantee, calls, code) => {
    chat.failures.send = [refused(502)];
    chat.findSent = (_to, _message, _since, signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    const lease = says();
    await attempt(lease, start(), { guarantee });
    expect(await attempt(lease.again(), start(), { guarantee, lookForMs: 20 })).toEqual({ calls, code });
  });

  it("says nothing of a post that is older than what is remembered of messages", async () => {
    const lease = says();
    chat.failures.send = [refused(502)];
    await attempt(lease, start(), { guarantee: "at-most-once" });
    const [place = ""] = lease.again().journal.keys();
    await lease.note(place, { kind: "unknown", at: Date.now() - SENT_REMEMBERED_MS - 1 });
    const again = await attempt(lease.again(), start(), { guarantee: "at-most-once" });
    expect(again.code).toBe("outcome-unknown");
  });
});

describe("an answer on a platform whose clock differs from ours", () => {
  const MINUTE_MS = 60_000;

  it.each([-60, -10, 10, 60])("by %s minutes is found by the platform's time of the event", async (ahead) => {
    const happened = Date.now() + ahead * MINUTE_MS;
    const asked: unknown[] = [];
    Object.assign(chat, { happenedAt: () => happened });
    const findSent = chat.findSent.bind(chat);
    chat.findSent = (to, message, since = 0) => {
      asked.push(since);
      return findSent(to, message);
    };
    chat.answersLost = 1;
    const lease = says();
    await attempt(lease);
    expect((await attempt(lease.again())).calls).toEqual(["reply found"]);
    expect(asked).toEqual([happened]);
  });

  it("is searched for from before our time of the post where the platform does not say when the event happened", async () => {
    const asked: number[] = [];
    chat.findSent = async (_to, _message, since = 0) => {
      asked.push(since);
      return [];
    };
    chat.failures.send = [refused(502)];
    const lease = says();
    await attempt(lease);
    await attempt(lease.again());
    expect(Math.max(...asked)).toBeLessThanOrEqual(Date.now() - 10 * MINUTE_MS);
  });

  it("is claimed among all messages that were noted since then", async () => {
    const claimedSince: number[] = [];
    const happened = Date.now() - 600 * MINUTE_MS;
    Object.assign(chat, { happenedAt: () => happened });
    chat.answersLost = 1;
    const lease = says();
    await attempt(lease);
    const again = lease.again();
    const { claim } = again;
    await attempt({
      ...again,
      claim: (place, candidates, since) => {
        claimedSince.push(since);
        return claim(place, candidates, since);
      },
    });
    expect(Math.max(...claimedSince)).toBeLessThan(happened - 10 * MINUTE_MS);
  });
});

describe("a post that was granted and whose answer was cut off", () => {
  const cut = (): NetworkError =>
    new NetworkError("memory POST /messages", "the connection was reset", {
      mayHaveSucceeded: true,
      isDone: true,
    });

  function cutAnswers(): void {
    const send = chat.send.bind(chat);
    chat.send = async (...call) => {
      await send(...call);
      throw cut();
    };
  }

  it("is found at once, and the handler is given its id", async () => {
    cutAnswers();
    expect(await attempt(says("change"))).toEqual({ calls: ["reply found", "edit sent"], code: undefined });
    expect(posts()).toEqual(["changed"]);
  });

  it("is not posted again where the bot cannot look; changing it fails and says why", async () => {
    cutAnswers();
    chat.isReadable = false;
    const lease = says("change");
    expect(await attempt(lease)).toMatchObject({ calls: ["reply found"], code: "message-id-unknown" });
    expect((await attempt(lease.again())).calls).toEqual(["reply remembered"]);
    expect(posts()).toEqual(["pong"]);
  });
});

describe("a process that does not hold the event any more", () => {
  it("posts nothing", async () => {
    const lease = says();
    lease.isLost = true;
    expect(await attempt(lease)).toMatchObject({ code: "lease-lost" });
    expect(posts()).toEqual([]);
  });

  it("tells the platform's client before the request is written", async () => {
    const lease = says();
    const send = chat.send.bind(chat);
    const allowed: unknown[] = [];
    chat.send = (to, message, signal, mayBegin) => {
      allowed.push(mayBegin?.());
      lease.isLost = true;
      allowed.push(mayBegin?.());
      return send(to, message, signal);
    };
    await attempt(lease);
    expect(allowed).toEqual([true, false]);
  });
});
