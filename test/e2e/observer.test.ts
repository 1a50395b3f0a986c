import type { AddOutcome, Settlement } from "../../src/core/contract/inbox";
import type { Notice } from "../../src/core/contract/notice";
import type { Observer } from "../../src/core/contract/observer";
import type { TraceStep } from "../../src/core/contract/trace";
import { defineBot } from "../../src/index";
import { type Desk, openDesk } from "./playground-fixture";

interface Seen {
  readonly accepted: [string, AddOutcome][];
  readonly began: number[];
  readonly settled: { as: Settlement["kind"]; trace: readonly TraceStep[] }[];
}

describe("an observer", () => {
  const seen: Seen = { accepted: [], began: [], settled: [] };
  let desk: Desk;
  let hasFailed = false;

  const bot = defineBot((bot) => {
    bot.hears("hello", (ctx) => ctx.reply("Hi."));
    bot.hears("busy", async (ctx) => {
      if (ctx.attempt === 1) throw new Error("not now");
      await ctx.reply("Now.");
    });
  });
  const observer: Observer = {
    accepted: ({ key }, outcome) => seen.accepted.push([key, outcome]),
    began({ notice, attempt }) {
      if (isOfPeople(notice)) seen.began.push(attempt);
    },
    settled({ notice }, { kind }, trace) {
      if (isOfPeople(notice)) seen.settled.push({ as: kind, trace });
      hasFailed = true;
      throw new Error("an observer that does not work");
    },
  };

  beforeAll(async () => {
    desk = await openDesk({ test: bot }, { observer });
  });
  afterAll(() => desk.close());
  beforeEach(() => {
    for (const list of [seen.accepted, seen.began, seen.settled]) list.length = 0;
  });

  it("is told of an event's way, with the message that answered it", async () => {
    const { id } = await desk.playground.says("Ada", "hello");
    const answer = await desk.playground.nextMessageFrom("bot");
    await settled(1);
    expect(seen.accepted).toContainEqual([expect.stringContaining(id), "added"]);
    const [{ as, trace } = { as: undefined, trace: [] }] = seen.settled;
    expect(as).toBe("handled");
    expect(trace.map(({ step }) => step)).toEqual([
      "leased",
      "policy",
      "fetched",
      "call",
      "matched",
      "settled",
    ]);
    expect(trace).toContainEqual(expect.objectContaining({ step: "call", message: answer.id }));
  });

  it("is told of every attempt, and does no harm when it throws", async () => {
    await desk.playground.says("Ada", "busy");
    expect((await desk.playground.nextMessageFrom("bot")).text).toBe("Now.");
    await settled(2);
    expect(hasFailed).toBe(true);
    expect(seen.began).toEqual([1, 2]);
    expect(seen.settled.map(({ as }) => as)).toEqual(["retry", "handled"]);
  });

  it("is told that a delivery was had before", async () => {
    const { id } = await desk.playground.says("Ada", "hello");
    await desk.playground.nextMessageFrom("bot");
    await settled(1);
    const delivery = desk.playground.timeline.all("delivery").find(({ dataId }) => dataId === id);
    await fetch(`${desk.playground.url}/api/deliveries/${delivery?.id}/again`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(seen.accepted).toContainEqual([expect.stringContaining(id), "duplicate"]);
    expect(seen.began).toHaveLength(1);
  });

  // The bot's own messages are events, too.
  function isOfPeople({ person }: Notice): boolean {
    return person?.id !== desk.playground.webex.bot.id;
  }

  async function settled(count: number): Promise<void> {
    while (seen.settled.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
