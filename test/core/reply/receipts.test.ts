import { type Bot, defineBot } from "../../../src/core/contract/bot";
import { ApiError } from "../../../src/core/contract/errors";
import { silentLogger } from "../../../src/core/contract/logger";
import type { Notice } from "../../../src/core/contract/notice";
import type { OutgoingMessage, Receipt, SentMessage } from "../../../src/core/contract/platform";
import type { TraceStep } from "../../../src/core/contract/trace";
import { buildBot } from "../../../src/core/handle/build-bot";
import { createDispatch, type Dispatch } from "../../../src/core/handle/dispatch";
import { Journal, type ReplyGuarantee } from "../../../src/core/reply/journal";
import { PendingWrites } from "../../../src/core/state/pending-writes";
import { cardOfJson } from "../card-of-json";
import { InMemoryPlatform, type Posted } from "../in-memory-platform";
import { type LeaseInMemory, leaseInMemory } from "../lease-in-memory";
import { RecordsInMemory } from "../records-in-memory";

/** A platform that does not let the bot list its messages, and delivers them to it. */
class ReceiptPlatform extends InMemoryPlatform {
  override isReadable = false;
  /** Whether the bot may read a message whose id it knows. */
  readsById = true;
  readonly #receipts = new Map<string, Receipt>();

  /** The delivery of a message that the bot has posted. */
  delivers({ id, to }: Posted, at = Date.now()): Notice {
    const target = "roomId" in to ? to : { roomId: "direct" };
    const room = { id: target.roomId };
    const notice = this.happens({ name: "messages.created", person: { id: this.botId }, room });
    this.#receipts.set(notice.key, { id, ...target, at });
    return notice;
  }

  receiptOf({ key }: Notice): Receipt | undefined {
    return this.#receipts.get(key);
  }

  async isAnswer({ id }: SentMessage, _target: unknown, { markdown }: OutgoingMessage): Promise<boolean> {
    return !this.readsById || this.posts.find((post) => post.id === id)?.markdown === markdown;
  }
}

let chat: ReceiptPlatform;
let records: RecordsInMemory;
let sent: Set<string>;
beforeEach(() => {
  chat = new ReceiptPlatform();
  records = new RecordsInMemory();
  sent = new Set();
});

const BOT = (bot: Bot): void => {
  bot.hears("ping", (ctx) => ctx.reply("pong"));
  bot.hears("three", async (ctx) => {
    for (const word of ["one", "two", "three"]) await ctx.reply(word);
  });
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
  const bots = [buildBot("test", defineBot(BOT))];
  return createDispatch({ platforms: [chat], bots, records, cards, log: silentLogger });
}

async function attempt(
  lease: LeaseInMemory,
  dispatch = start(),
  { guarantee = "at-least-once" as ReplyGuarantee, receiptsWithinMs = 20 } = {},
): Promise<{ calls: string[]; code: unknown }> {
  const trace: TraceStep[] = [];
  const journal = new Journal(lease, guarantee, { lookForMs: 5_000, receiptsWithinMs });
  const { signal } = new AbortController();
  const changes = new PendingWrites();
  let code: unknown;
  try {
    await dispatch({ lease, isLast: false, journal, trace, changes, signal, isOpen: () => true });
    await records.write(changes.for({ kind: "handled" }));
  } catch (error) {
    const { code: own, cause } = error as { code?: string; cause?: { code?: string } };
    code = cause?.code ?? own;
  }
  journal.end();
  const calls = trace.flatMap((step) => (step.step === "call" ? [`${step.call} ${step.outcome}`] : []));
  return { code, calls };
}

const says = (text = "ping"): LeaseInMemory => leaseInMemory(chat.says(text), { sent });
const posts = (): unknown[] => chat.posts.map(({ markdown }) => markdown);
const arrives = (post: Posted | undefined, dispatch = start(), at?: number) => {
  if (post === undefined) throw new Error("nothing was posted");
  return attempt(leaseInMemory(chat.delivers(post, at), { sent }), dispatch);
};

describe("a reply whose answer was lost, where the bot may not list its messages", () => {
  it("is not posted again when its delivery has arrived", async () => {
    chat.answersLost = 1;
    const lease = says();
    await attempt(lease);
    await arrives(chat.posts[0]);
    expect((await attempt(lease.again())).calls).toEqual(["reply found"]);
    expect(posts()).toEqual(["pong"]);
  });

  it("is not posted again when its delivery arrives while it is looked for", async () => {
    chat.answersLost = 1;
    const lease = says();
    await attempt(lease);
    const looking = attempt(lease.again(), start(), { receiptsWithinMs: 60_000 });
    await arrives(chat.posts[0]);
    expect((await looking).calls).toEqual(["reply found"]);
    expect(posts()).toEqual(["pong"]);
  });

  it.each([
    ["at-least-once", ["reply sent"], undefined],
    ["at-most-once", ["reply unknown"], "outcome-unknown"],
  ] as const)("is left to REPLIES=%s when no delivery arrives", async (guarantee, calls, code) => {
    chat.answersLost = 1;
    const lease = says();
    await attempt(lease, start(), { guarantee });
    expect(await attempt(lease.again(), start(), { guarantee })).toEqual({ calls, code });
  });

  it("is left to REPLIES when the delivered message belongs to another call", async () => {
    const guarantee = "at-most-once";
    await attempt(says());
    await arrives(chat.posts[0]);
    chat.failures.send = [new ApiError({ call: "memory POST", status: 502, reason: "no" })];
    const lease = says();
    await attempt(lease, start(), { guarantee });
    expect((await attempt(lease.again(), start(), { guarantee })).code).toBe("outcome-unknown");
  });

  it("is given each delivered message once, in the order of the posts, although the bot reads none", async () => {
    chat.readsById = false;
    const lease = says("three");
    await attempt(lease);
    const interrupted = leaseInMemory(lease.notice, { crashCount: 1 });
    for (const post of [...chat.posts].reverse())
      await arrives(post, start(), Date.now() + 1_000 * Number(post.id.slice(5)));
    expect((await attempt(interrupted)).calls).toEqual(["reply found", "reply found", "reply found"]);
    expect(posts()).toEqual(["one", "two", "three"]);
  });
});

describe("a delivery of the bot's own message", () => {
  it.each([
    ["in another thread", { roomId: "room-1", threadId: "elsewhere" }, "pong", Date.now() + 1_000],
    ["with other words", { roomId: "room-1", threadId: "message-1" }, "ping", Date.now() + 1_000],
    ["of before the event", { roomId: "room-1", threadId: "message-1" }, "pong", Date.now() - 86_400_000],
  ])("%s is not taken for the reply", async (_, to, markdown, at) => {
    await chat.send(to, { markdown }, new AbortController().signal);
    await arrives(chat.posts[0], start(), at);
    expect((await attempt(says().again({ crashCount: 1 }))).calls).toEqual(["reply sent"]);
  });

  it("is not kept when this process knows the call that has posted it", async () => {
    const dispatch = start();
    await attempt(says(), dispatch);
    await arrives(chat.posts[0], dispatch);
    expect(records.keys).toEqual([]);
  });

  it("is not kept when the answer of its post arrives after it", async () => {
    const dispatch = start();
    const send = chat.send.bind(chat);
    let answer = (): void => {};
    chat.send = async (...call) => {
      const posted = await send(...call);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return posted;
    };
    const slow = attempt(says(), dispatch);
    await new Promise(setImmediate);
    const arriving = arrives(chat.posts[0], dispatch);
    await new Promise(setImmediate);
    answer();
    await Promise.all([slow, arriving]);
    expect(records.keys).toEqual([]);
  });

  it("is one of the newest fifty that are kept of a room", async () => {
    const post = { id: "x", to: { roomId: "room-1" }, markdown: "pong" };
    for (let number = 1; number <= 60; number++) await arrives({ ...post, id: `sent-${number}` });
    const [key = ""] = records.keys;
    const kept = (await records.read(key))?.value as unknown as readonly { id: string }[];
    expect(kept.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => `sent-${index + 11}`));
  });
});
