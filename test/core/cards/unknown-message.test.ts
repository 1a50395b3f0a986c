import type { Bot } from "../../../src/core/contract/bot";
import { ApiError } from "../../../src/core/contract/errors";
import type { Person } from "../../../src/core/contract/event";
import type { JsonObject } from "../../../src/core/contract/notice";
import { ButtonBench } from "../dispatch-fixture";
import { dataOf, type Posted } from "../in-memory-platform";

const ada: Person = { id: "ada", displayName: "Ada" };
const room = { id: "room-1" };

const form = (action: string): JsonObject => ({
  type: "AdaptiveCard",
  version: "1.3",
  body: [{ type: "Input.Number", id: "n", label: "How many", max: 10 }],
  actions: [{ type: "Action.Submit", title: "Send", data: { action } }],
});

let bench: ButtonBench;
let heard: unknown[];

function setup(bot: Bot): void {
  bot.hears("card", (ctx) => ctx.reply(ctx.card({ ...form("send"), type: "AdaptiveCard" })));
  bot.action("send", (ctx) => heard.push(ctx.inputs.n));
}

beforeEach(() => {
  heard = [];
  bench = new ButtonBench(setup);
});

/** What comes of a click with the token of a posted card. */
async function clickAt(messageId: string, { of = post(), n = "5" }: { of?: Posted; n?: string } = {}) {
  const { verdict } = await bench.try(
    bench.chat.clicks({ ...dataOf(of, "Send"), n }, ada, { messageId, room }),
  );
  return verdict?.kind === "dropped" ? verdict.reason : "handled";
}

function post(index = 0): Posted {
  const found = bench.chat.posts[index];
  if (found === undefined) throw new Error(`nothing was posted at ${index}`);
  return found;
}

const sent = () => ({ id: post().id, roomId: room.id });

const lookUps = (): number => bench.chat.calls.filter((call) => call === "cardOf").length;

describe("a click on a card whose handler has not ended, or whose process has died", () => {
  beforeEach(() => bench.tryAndDie(bench.chat.says("card", ada)));

  it("is handled, by the card's rules as the platform shows it", async () => {
    expect(await clickAt(post().id)).toBe("handled");
    await clickAt(post().id, { n: "11" });
    expect([heard, lookUps()]).toEqual([["5"], 2]);
    expect(bench.said()).toEqual([expect.stringContaining("**How many** is more than 10")]);
  });

  it("is refused at a message that does not exist", async () => {
    expect(await clickAt("message-9")).toBe("the click is refused: elsewhere");
  });

  it("is refused at another card of the bot, whether or not that card is known", async () => {
    await bench.tryAndDie(bench.chat.says("card", ada));
    expect(await clickAt(post(1).id)).toBe("the click is refused: elsewhere");
    await bench.try(bench.chat.says("card", ada));
    expect(await clickAt(post(2).id)).toBe("the click is refused: elsewhere");
    expect(heard).toEqual([]);
  });

  it("is tried again when the platform does not answer", async () => {
    bench.chat.failures.cardOf = [new ApiError({ call: "GET", status: 503, reason: "busy" })];
    const click = bench.chat.presses("Send", ada, { entered: { n: "5" } });
    expect((await bench.try(click)).error).toMatchObject({ status: 503 });
    await bench.try(click);
    expect(heard).toEqual(["5"]);
  });
});

describe("a click on a card that is known", () => {
  beforeEach(() => bench.try(bench.chat.says("card", ada)));

  it("asks the platform for nothing", async () => {
    expect(await clickAt(post().id)).toBe("handled");
    expect(await clickAt("message-9")).toBe("the click is refused: elsewhere");
    expect(lookUps()).toBe(0);
  });
});

describe("a card that its message shows no more", () => {
  it.each<[string, (bot: Bot) => void]>([
    ["a text", (bot) => bot.hears("change", (ctx) => ctx.edit(sent(), "Closed."))],
    [
      "another card",
      (bot) =>
        bot.hears("change", (ctx) => ctx.edit(sent(), ctx.card({ ...form("send"), type: "AdaptiveCard" }))),
    ],
    ["nothing", (bot) => bot.hears("change", (ctx) => ctx.delete(sent()))],
  ])("has no use, when %s took its place", async (_what, change) => {
    bench = new ButtonBench((bot) => {
      setup(bot);
      change(bot);
    });
    await bench.try(bench.chat.says("card", ada));
    const before = post();
    await bench.try(bench.chat.says("change", ada));
    expect(await clickAt(before.id, { of: before })).toBe("the click is refused: replaced");
    bench.time += 8 * 86_400_000; // the inbox has forgotten that the message is gone, or is about to
    expect(await clickAt(before.id, { of: before })).toBe("the click is refused: replaced");
    expect(heard).toEqual([]);
  });

  it("does not stand in the way of the card that took its place, even before the handler has ended", async () => {
    bench = new ButtonBench((bot) => {
      setup(bot);
      bot.hears("change", (ctx) => ctx.edit(sent(), ctx.card({ ...form("send"), type: "AdaptiveCard" })));
    });
    await bench.try(bench.chat.says("card", ada));
    const before = post();
    await bench.tryAndDie(bench.chat.says("change", ada));
    expect(await clickAt(before.id)).toBe("handled");
    expect(heard).toEqual(["5"]);
  });
});
