import type { Bot } from "../../../src/core/contract/bot";
import { silentLogger } from "../../../src/core/contract/logger";
import type { CardButtonOptions } from "../../../src/core/contract/platform";
import { ButtonBench, type Tried } from "../dispatch-fixture";
import { dataOf, InMemoryPlatform } from "../in-memory-platform";

const ada = { id: "ada", email: "ada@example.com", displayName: "Ada" };
const bob = { id: "bob", email: "bob@example.com", displayName: "Bob" };
const DAY_MS = 86_400_000;

let bench: ButtonBench;
let heard: unknown[];
beforeEach(async () => {
  heard = [];
  bench = new ButtonBench(approving());
  await asks();
});

/** A bot that shows a card with one button when it is asked. */
function approving(rules: CardButtonOptions = {}): (bot: Bot) => void {
  return (bot) => {
    bot.hears("card", (ctx) =>
      ctx.reply(ctx.card("buttons", { Approve: { action: "approve", amount: 12.5 } }, rules)),
    );
    bot.hears("private", (ctx) =>
      ctx.replyPrivately(ctx.card("buttons", { Approve: { action: "approve" } })),
    );
    bot.action("approve", (ctx) => void heard.push(ctx.inputs));
  };
}

async function asks(text = "card", by = ada, room = { id: "room-1" }): Promise<void> {
  await bench.try(bench.chat.says(text, by, room));
}

/** The reason of a refusal; `undefined` for a click that got through. */
function refusalOf({ verdict }: Tried): string | undefined {
  return verdict?.kind === "dropped" ? verdict.reason.replace("the click is refused: ", "") : undefined;
}

describe("a button", () => {
  it("gives its handler the data as the bot wrote it, what was entered, and nothing of ours", async () => {
    await bench.try(bench.chat.presses("Approve", bob, { entered: { note: "fine" } }));
    expect(heard).toEqual([{ note: "fine", action: "approve", amount: 12.5 }]);
  });

  it("has all its data in the token", () => {
    const [post] = bench.chat.posts;
    expect(post && Object.keys(dataOf(post, "Approve"))).toEqual(["bellhop"]);
  });

  it("gives its data precedence over an input of the same name", async () => {
    await bench.try(bench.chat.presses("Approve", bob, { entered: { amount: "1000000" } }));
    expect(heard).toEqual([{ action: "approve", amount: 12.5, note: "" }]);
  });

  it("tells what was signed from what was entered", async () => {
    bench = new ButtonBench((bot) => {
      bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", { Go: { action: "go" } })));
      bot.action("go", (ctx) => void heard.push(ctx.data));
    });
    await asks();
    await bench.try(bench.chat.presses("Go", bob, { entered: { isAdmin: "true" } }));
    expect(heard).toEqual([{ action: "go" }]);
  });

  it("posted by an event that is tried again has the same bytes", async () => {
    const [notice, before] = [bench.chat.says("card", ada), bench.chat.posts.length];
    for (let tries = 0; tries < 2; tries++) await bench.try(notice);
    const [one, again] = bench.chat.posts.slice(before).map((post) => dataOf(post, "Approve"));
    expect(again).toEqual(one);
  });

  it("leaves its handler's trigger in the trace of a click", async () => {
    const { trace } = await bench.try(bench.chat.presses("Approve", bob));
    expect(trace).toContainEqual(expect.objectContaining({ step: "button", verdict: "signed" }));
  });
});

describe("a click is refused, in words and with a reason, when", () => {
  afterEach(() => expect(heard).toEqual([]));

  it.each([
    [
      "its token is somebody's invention",
      () => ({ bellhop: "1.abcd.e30.0123456789012345678901" }),
      "unknown-key",
    ],
    ["its token is altered", (token: string) => ({ bellhop: token.replace(/.$/, "!") }), "forged"],
    ["its token is no text", () => ({ bellhop: { action: "approve" } }), "forged"],
    ["it has no token", () => ({ action: "approve", amount: "12.5" }), "unsigned"],
  ])("%s", async (_what, inputs, reason) => {
    const [post] = bench.chat.posts;
    const token = post && String(dataOf(post, "Approve").bellhop);
    const tried = await bench.try(bench.chat.clicks(inputs(token ?? ""), bob));
    expect(refusalOf(tried)).toBe(reason);
    expect(bench.said()).toHaveLength(1);
    expect(tried.trace).toContainEqual(expect.objectContaining({ step: "button", verdict: reason }));
  });

  it("it is copied to another room", async () => {
    const [post] = bench.chat.posts;
    const click = bench.chat.clicks(post ? dataOf(post, "Approve") : {}, bob, {
      messageId: "message-2",
      room: { id: "room-2" },
    });
    expect(refusalOf(await bench.try(click))).toBe("elsewhere");
  });

  it("it is copied to a message that another program has posted", async () => {
    const [post] = bench.chat.posts;
    const copy = post && { ...post, id: "message-9" };
    expect(refusalOf(await bench.try(bench.chat.presses("Approve", bob, { post: copy })))).toBe("elsewhere");
  });

  it("it is copied to another card of the same room", async () => {
    const [first] = bench.chat.posts;
    await asks();
    const messageId = bench.chat.posts.at(-1)?.id ?? "";
    const click = bench.chat.clicks(first ? dataOf(first, "Approve") : {}, bob, {
      messageId,
      room: { id: "room-1" },
    });
    expect(refusalOf(await bench.try(click))).toBe("elsewhere");
  });

  it("it is copied to another account", async () => {
    const [post] = bench.chat.posts;
    const other = new ButtonBench(approving(), { chat: new InMemoryPlatform({ account: "other" }) });
    const click = other.chat.clicks(post ? dataOf(post, "Approve") : {}, bob);
    expect(refusalOf(await other.try(click))).toBe("elsewhere");
  });

  it("the card is older than it may become", async () => {
    bench = new ButtonBench(approving({ expiresAfterMs: DAY_MS }));
    await asks();
    bench.time += DAY_MS + 60_000;
    expect(refusalOf(await bench.try(bench.chat.presses("Approve", bob)))).toBe("expired");
  });

  it.each<[string, CardButtonOptions["audience"]]>([
    ["who asked for it", "asker"],
    ["people named by id", ["ada", "grace"]],
    ["people named by address", ["ADA@example.com"]],
  ])("the card is for %s, and somebody else clicks", async (_what, audience) => {
    bench = new ButtonBench(approving({ audience }));
    await asks();
    expect(refusalOf(await bench.try(bench.chat.presses("Approve", bob)))).toBe("not-for-you");
    expect(bench.said()).toEqual(["That card is meant for somebody else."]);
    await bench.try(bench.chat.presses("Approve", ada, { post: bench.chat.posts[0] }));
    expect(heard.splice(0)).toHaveLength(1);
  });

  it("the card was sent to one person, and somebody else clicks", async () => {
    await asks("private", ada);
    const post = bench.chat.posts.at(-1);
    expect(refusalOf(await bench.try(bench.chat.presses("Approve", bob, { post })))).toBe("not-for-you");
    await bench.try(bench.chat.presses("Approve", ada, { post }));
    expect(heard.splice(0)).toHaveLength(1);
  });

  it("there is no secret that a button could be signed with", async () => {
    const chat = new InMemoryPlatform();
    const warn = jest.fn();
    bench = new ButtonBench(approving(), {
      chat: Object.assign(chat, { deriveKeys: undefined }),
      log: { ...silentLogger, warn },
    });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("no secret"), expect.anything());
    await asks();
    expect(refusalOf(await bench.try(bench.chat.presses("Approve", bob)))).toBe("unsigned");
  });
});

describe("the answer to a click that is refused", () => {
  const forged = { bellhop: "1.x.y.z" };

  it("is given once for a person, a card and a reason", async () => {
    for (let times = 0; times < 3; times++) await bench.try(bench.chat.clicks(forged, bob));
    expect(bench.said()).toHaveLength(1);
    await bench.try(bench.chat.clicks(forged, ada));
    expect(bench.said()).toHaveLength(2);
  });

  it("is the bot's own when it has one", async () => {
    bench = new ButtonBench((bot) => {
      bot.action("approve", () => {});
      bot.refused((refusal, ctx) => ctx.reply(`${ctx.person.displayName}: ${refusal.reason}`));
    });
    await bench.try(bench.chat.clicks(forged, bob));
    expect(bench.said()).toEqual(["Bob: unknown-key"]);
  });

  it("that fails to be given is tried again", async () => {
    bench = new ButtonBench((bot) => {
      bot.action("approve", () => {});
      bot.refused(() => {
        throw new Error("broken");
      });
    });
    const { error } = await bench.try(bench.chat.clicks(forged, bob));
    expect(error).toMatchObject({ code: "handler-failed", message: expect.stringContaining("refused") });
  });

  it("is not given by a bot that has no buttons", async () => {
    bench = new ButtonBench((bot) => bot.on("attachmentActions.created", () => heard.push("listener")));
    const { verdict } = await bench.try(bench.chat.clicks(forged, bob));
    expect(verdict?.kind).toBe("dropped");
    expect([bench.said(), heard]).toEqual([[], []]);
  });
});

describe("a click that is not signed", () => {
  it("gets to a handler that takes such clicks", async () => {
    bench = new ButtonBench((bot) =>
      bot.action("old", { unsigned: true }, (ctx) => heard.push(ctx.inputs, ctx.data)),
    );
    await bench.try(bench.chat.clicks({ action: "old", amount: "1" }, bob));
    expect(heard).toEqual([{ action: "old", amount: "1" }, {}]);
  });

  it("is held to the rules of the card, if that card is known", async () => {
    const body = [{ type: "Input.Number", id: "n", label: "How many", max: 10 }];
    const actions = [{ type: "Action.Submit", title: "Send", data: { action: "old" } }];
    bench = new ButtonBench((bot) => {
      bot.hears("card", (ctx) =>
        ctx.reply({ card: { type: "AdaptiveCard", version: "1.3", body, actions } }),
      );
      bot.action("old", { unsigned: true }, (ctx) => heard.push(ctx.inputs.n));
    });
    await asks();
    const at = { messageId: bench.chat.posts[0]?.id ?? "", room: { id: "room-1" } };
    await bench.try(bench.chat.clicks({ action: "old", n: "11" }, bob, at));
    expect(bench.said()).toEqual([expect.stringContaining("How many** is more than 10")]);
    await bench.try(bench.chat.clicks({ action: "old", n: "10" }, bob, at));
    await bench.try(bench.chat.clicks({ action: "old", n: "11" }, bob));
    expect(heard).toEqual(["10", "11"]);
  });

  it("gets to no handler that takes such clicks when it has a token that is not ours", async () => {
    bench = new ButtonBench((bot) => bot.action("old", { unsigned: true }, () => heard.push("old")));
    await bench.try(bench.chat.clicks({ action: "old", bellhop: "1.x.y.z" }, bob));
    expect(heard).toEqual([]);
  });

  it("is known for one by those who listen to all clicks", async () => {
    bench = new ButtonBench((bot) =>
      bot.on("attachmentActions.created", (ctx) => heard.push(ctx.event.button)),
    );
    await bench.try(bench.chat.clicks({ action: "any" }, bob));
    expect(heard).toEqual([undefined]);
  });
});

describe("a card that was replaced", () => {
  beforeEach(async () => {
    bench = new ButtonBench((bot) => {
      bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", { Next: { action: "next", page: 1 } })));
      bot.action("next", async (ctx) => {
        heard.push(ctx.inputs.page);
        await ctx.replaceCard(
          ctx.card("buttons", { Next: { action: "next", page: Number(ctx.inputs.page) + 1 } }),
        );
      });
    });
    await asks();
  });

  it("has no use any more; the one in its place has", async () => {
    const [first] = bench.chat.posts;
    await bench.try(bench.chat.presses("Next", ada, { post: first }));
    expect(refusalOf(await bench.try(bench.chat.presses("Next", bob, { post: first })))).toBe("replaced");
    await bench.try(bench.chat.presses("Next", bob, { post: bench.chat.posts.find(({ card }) => card) }));
    expect(heard).toEqual([1, 2]);
  });

  it("cannot be used through a message of which nothing is known", async () => {
    const [first] = bench.chat.posts;
    await bench.try(bench.chat.presses("Next", ada, { post: first }));
    const click = bench.chat.clicks(first ? dataOf(first, "Next") : {}, bob);
    expect(refusalOf(await bench.try(click))).toBe("replaced");
  });

  it("cannot be used through the one in its place", async () => {
    const [first] = bench.chat.posts;
    await bench.try(bench.chat.presses("Next", ada, { post: first }));
    const messageId = bench.chat.posts.at(-1)?.id ?? "";
    const click = bench.chat.clicks(first ? dataOf(first, "Next") : {}, bob, {
      messageId,
      room: { id: "room-1" },
    });
    expect(refusalOf(await bench.try(click))).toBe("replaced");
  });
});

it("a button's data and inputs may have any name but ours", async () => {
  bench = new ButtonBench((bot) =>
    bot.hears("card", (ctx) => ctx.reply(ctx.card("buttons", { Go: { action: "go", bellhop: 1 } }))),
  );
  const { error } = await bench.try(bench.chat.says("card", ada));
  expect(error).toMatchObject({ cause: { code: "card-invalid" } });
});
