import type { Bot } from "../../../src/core/contract/bot";
import type { Context, SessionOptions } from "../../../src/core/contract/context";
import { ButtonBench } from "../dispatch-fixture";
import { leaseInMemory } from "../lease-in-memory";

const ada = { id: "ada", displayName: "Ada" };
const grace = { id: "grace", displayName: "Grace" };
const kitchen = { id: "kitchen" };
const lobby = { id: "lobby" };
const DAY_MS = 86_400_000;

let seen: number[];
let fails: boolean;
beforeEach(() => {
  seen = [];
  fails = false;
});

const countingIn =
  (options?: SessionOptions) =>
  (bot: Bot): void => {
    const count = async (ctx: Context): Promise<void> => {
      const visits = ctx.session({ count: 0 }, options);
      seen.push((await visits.update(({ count: before }) => ({ count: before + 1 }))).count);
      if (fails) throw new Error("broken");
    };
    bot.hears("count", count);
    bot.on("rooms.created", count);
    bot.hears("look", async (ctx) => seen.push((await ctx.session({ count: 0 }, options).read()).count));
    bot.hears("forget", (ctx) => ctx.session({ count: 0 }, options).forget());
  };

describe("what a bot remembers", () => {
  it("is of the person in the room", async () => {
    const bench = new ButtonBench(countingIn());
    for (const [by, room] of [
      [ada, kitchen],
      [ada, kitchen],
      [grace, kitchen],
      [ada, lobby],
    ] as const)
      await bench.try(bench.chat.says("count", by, room));
    expect(seen).toEqual([1, 2, 1, 1]);
  });

  it.each<[SessionOptions["of"], number[]]>([
    ["person", [1, 1, 2]],
    ["room", [1, 2, 1]],
  ])("is of the %s when it is asked for so", async (of, counts) => {
    const bench = new ButtonBench(countingIn({ of }));
    for (const [by, room] of [
      [ada, kitchen],
      [grace, kitchen],
      [ada, lobby],
    ] as const)
      await bench.try(bench.chat.says("count", by, room));
    expect(seen).toEqual(counts);
  });

  it("has names, so that there may be several", async () => {
    const bench = new ButtonBench((bot) => {
      bot.hears("one", (ctx) => ctx.session("", { name: "one" }).update(() => "kept"));
      bot.hears("two", async (ctx) => ctx.reply((await ctx.session("none", { name: "two" }).read()) || "?"));
    });
    for (const text of ["one", "two"]) await bench.try(bench.chat.says(text, ada));
    expect(bench.said()).toEqual(["none"]);
  });

  it("is changed once by an event whose handler is run again", async () => {
    const bench = new ButtonBench(countingIn());
    const notice = bench.chat.says("count", ada);
    const lease = leaseInMemory(notice);
    fails = true;
    await bench.try(notice, { lease });
    fails = false;
    await bench.try(notice, { lease: lease.again() });
    await bench.try(bench.chat.says("count", ada));
    expect(seen).toEqual([1, 1, 2]);
  });

  it("is changed once by each of any number of calls of a handler that is run again", async () => {
    const bench = new ButtonBench((bot) =>
      bot.hears("count", async (ctx) => {
        let last = 0;
        for (let call = 0; call < 100; call++) {
          last = await ctx.session(0).update((now) => now + 1);
          if (call === 40) await ctx.session(0).forget();
        }
        seen.push(last);
        if (fails) throw new Error("broken");
      }),
    );
    const notice = bench.chat.says("count", ada);
    const lease = leaseInMemory(notice);
    fails = true;
    await bench.try(notice, { lease });
    fails = false;
    await bench.try(notice, { lease: lease.again() });
    expect(seen).toEqual([59, 59]);
  });

  it("is changed once by an event that is tried again after many others have changed it", async () => {
    const bench = new ButtonBench(countingIn({ of: "room" }));
    const notice = bench.chat.says("count", ada, kitchen);
    const lease = leaseInMemory(notice);
    fails = true;
    await bench.try(notice, { lease });
    fails = false;
    for (let others = 0; others < 100; others++)
      await bench.try(bench.chat.says("count", { id: `p${others}` }, kitchen));
    await bench.try(notice, { lease: lease.again() });
    expect(seen.at(-1)).toBe(101);
  });

  it("loses no change of those who write at the same instant", async () => {
    const bench = new ButtonBench(countingIn({ of: "room" }));
    const people = Array.from({ length: 40 }, (_, index) => ({ id: `p${index}` }));
    await Promise.all(people.map((by) => bench.try(bench.chat.says("count", by, kitchen))));
    expect(seen.toSorted((a, b) => a - b)).toEqual(people.map((_, index) => index + 1));
  });

  it("is forgotten when that is wanted, and once: not what was kept since", async () => {
    const bench = new ButtonBench(countingIn());
    await bench.try(bench.chat.says("count", ada));
    const forgetting = bench.chat.says("forget", ada);
    const lease = leaseInMemory(forgetting);
    await bench.try(forgetting, { lease });
    await bench.try(bench.chat.says("look", ada));
    await bench.try(bench.chat.says("count", ada));
    await bench.try(forgetting, { lease: lease.again() });
    await bench.try(bench.chat.says("look", ada));
    expect(seen).toEqual([1, 0, 1, 1]);
  });

  it("goes thirty days after its last change, or when it was said to", async () => {
    const bench = new ButtonBench(countingIn());
    await bench.try(bench.chat.says("count", ada));
    bench.time += 29 * DAY_MS;
    await bench.try(bench.chat.says("count", ada));
    bench.time += 29 * DAY_MS;
    await bench.try(bench.chat.says("look", ada));
    bench.time += 2 * DAY_MS;
    await bench.try(bench.chat.says("look", ada));
    expect(seen).toEqual([1, 2, 2, 0]);
    expect(bench.records.keys).toEqual([]);

    const brief = new ButtonBench(countingIn({ expiresAfterMs: 1_000 }));
    await brief.try(brief.chat.says("count", ada));
    brief.time += 1_001;
    expect(brief.records.keys).toEqual([]);
  });

  it("is refused when it is large", async () => {
    const bench = new ButtonBench((bot) =>
      bot.hears("keep", (ctx) => ctx.session("").update(() => "x".repeat(40_000))),
    );
    const { error } = await bench.try(bench.chat.says("keep", ada));
    expect(error).toMatchObject({ cause: { code: "state-too-large" }, retry: "never" });
  });

  it("is what JSON says of it", async () => {
    const bench = new ButtonBench((bot) => {
      bot.hears("keep", (ctx) => ctx.session<object>({}).update(() => ({ at: new Date(0), not: undefined })));
      bot.hears("look", async (ctx) => ctx.reply(JSON.stringify(await ctx.session({}).read())));
    });
    for (const text of ["keep", "look"]) await bench.try(bench.chat.says(text, ada));
    expect(bench.said()).toEqual(['{"at":"1970-01-01T00:00:00.000Z"}']);
  });

  it("needs to know of whom", async () => {
    const ofMember = new ButtonBench(countingIn());
    const { error } = await ofMember.try(ofMember.chat.hasRoom(kitchen));
    expect(error).toMatchObject({
      cause: {
        code: "unsupported",
        message: 'memory cannot say who did this; remember it of the room: { of: "room" }',
      },
    });
    const ofRoom = new ButtonBench(countingIn({ of: "room" }));
    await ofRoom.try(ofRoom.chat.hasRoom(kitchen));
    expect(seen).toEqual([1]);
  });
});
