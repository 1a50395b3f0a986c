import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { BotEvent, MembershipEvent } from "../../../src/core/contract/event";
import { buildBot } from "../../../src/core/handle/build-bot";
import type { Match } from "../../../src/core/handle/found-matches";
import { createRouter, type Router } from "../../../src/core/handle/router";
import { InMemoryPlatform, messageEvent } from "../in-memory-platform";

const chat = new InMemoryPlatform();
const nothing = (): void => {};

function routerOf(setup: (bot: Bot) => void): Router {
  return createRouter(buildBot("test", defineBot(setup)));
}

function message(text: string): BotEvent {
  return messageEvent(chat.happens({ name: "messages.created" }), text);
}

function event(name: string): BotEvent {
  return { kind: "other", notice: chat.happens({ name }), resource: {} };
}

function membership(self: boolean): MembershipEvent {
  const notice = chat.happens({ name: "memberships.created" });
  const room = { id: "room-1" };
  const member = { id: self ? "bot" : "ada" };
  const target = { roomId: room.id };
  return { kind: "membership", notice, room, target, member, self, isModerator: false, resource: {} };
}

function click(inputs: Record<string, string | number | readonly string[]>): BotEvent {
  const target = { roomId: "room-1" };
  return {
    kind: "action",
    notice: chat.happens({ name: "attachmentActions.created" }),
    person: { id: "ada" },
    room: { id: "room-1" },
    target,
    actionId: "action-1",
    messageId: "message-1",
    inputs,
    button: { card: "card-1", data: inputs, expiresAt: new Date(0) },
    resource: {},
  };
}

/** What would be asked, in turn, if every handler called `next()`. */
function turns(router: Router, happened: BotEvent): string[] {
  return [...router.matches(happened)].map(({ route }) => route.label);
}

function first(router: Router, happened: BotEvent): Match["matched"] | undefined {
  return [...router.matches(happened)][0]?.matched;
}

describe("commands", () => {
  const router = routerOf((bot) => {
    bot.command("card", nothing);
    bot.command("card show", nothing);
    bot.command("card show <name>", nothing);
    bot.command("stop!", nothing);
    bot.command("straße", nothing);
  });

  it.each([
    ["card", ['command "card"']],
    ["CARD", ['command "card"']],
    ["/card", ['command "card"']],
    ["card!", ['command "card"']],
    ["card, please", ['command "card"']],
    ["card show", ['command "card show"', 'command "card"']],
    ["Card show?", ['command "card show"', 'command "card"']],
    ["card show july", ['command "card show"', 'command "card show <name>"', 'command "card"']],
    ["stop!", ['command "stop!"']],
    ["stop", []],
    ["STRASSE", []],
    ["Straße", ['command "straße"']],
    ["cards", []],
    ["my card", []],
    ["//card", []],
    ["/", []],
    ["", []],
  ])("finds for: %s", (text, labels) => {
    expect(turns(router, message(text))).toEqual(labels);
  });

  it("gives the longest command that fits, whichever was written first", () => {
    const longFirst = routerOf((bot) => {
      bot.command("pay back <amount:number>", nothing);
      bot.command("pay <whom>", nothing);
    });
    expect(turns(longFirst, message("pay back 5"))).toEqual(['command "pay back <amount:number>"']);
    expect(turns(longFirst, message("pay back"))).toEqual(['command "pay <whom>"']);
  });

  it("hands over the arguments, typed", () => {
    const pay = routerOf((bot) => bot.command("pay <amount:number> [currency]", nothing));
    expect(first(pay, message('/Pay 12.50 "gold coins"'))).toEqual({
      args: { amount: 12.5, currency: "gold coins" },
    });
  });

  it("tells what does not fit, of the longest command that was meant", () => {
    const pay = routerOf((bot) => {
      bot.command("pay <amount:number>", nothing);
      bot.command("pay back <amount:number>", nothing);
    });
    expect(pay.misfit(message("pay back soon"))).toMatchObject({
      route: { label: 'command "pay back <amount:number>"' },
      problem: "amount: expected a number such as 12.50",
    });
    expect(pay.misfit(message("hello"))).toBeUndefined();
    expect(pay.misfit(click({ action: "pay" }))).toBeUndefined();
  });
});

describe("phrases", () => {
  it.each([
    ["thanks", "Thanks!", "Thanks"],
    ["thanks", "many THANKS, dear bot", "THANKS"],
    ["thanks", "ok...thanks", "thanks"],
    ["thanks", "'thanks'", "thanks"],
    ["thanks", "«thanks»", "thanks"],
    ["thanks", "_thanks_", "thanks"],
    ["thanks", "-thanks-", "thanks"],
    ["thanks", "thanksgiving", undefined],
    ["thanks", "no-thanks", undefined],
    ["good morning", "Good   morning, Ada", "Good   morning"],
    ["good morning", "good, morning", "good, morning"],
    ["good morning", "good old morning", undefined],
    ["good morning", "morning good", undefined],
    ["go go now", "go go go now", "go go now"],
    ["don't", "I don’t know", "don’t"],
    ["c++", "I write C++.", "C++"],
    ["c++", "vitamin C", undefined],
    ["🎉", "done 🎉🎉", "🎉"],
    ["ça va", "Ça va ?", "Ça va"],
    ["क", "की", undefined],
    ["की", "राम की गाय", "की"],
    ["你好", "你好!", "你好"],
    ["3.14", "pi is 3.14.", "3.14"],
  ])('of "%s" in: %s', (phrase, text, heard) => {
    const match = first(
      routerOf((bot) => bot.hears(phrase, nothing)),
      message(text),
    )?.match;
    expect(match?.[0]).toBe(heard);
    if (heard !== undefined) expect(match).toMatchObject({ index: text.indexOf(heard), input: text });
  });

  it("are looked for once in a line of dots, not once for every dot", () => {
    const router = routerOf((bot) => bot.hears("thanks", nothing));
    // Looked at once for every dot, this takes minutes.
    expect(turns(router, message(`${".".repeat(400_000)}thanks`))).toEqual(['hears "thanks"']);
  });
});

describe("expressions", () => {
  it("hand over their match", () => {
    const router = routerOf((bot) => bot.hears(/room (?<number>\d+)/i, nothing));
    const match = first(router, message("Is Room 12 free?"))?.match;
    expect(match?.groups?.number).toBe("12");
    expect(match?.index).toBe(3);
  });

  it.each([/ping/g, /ping/y, /ping/gy])("hear every message, also when they are written %s", (expression) => {
    const router = routerOf((bot) => bot.hears(expression, nothing));
    const heard = ["ping", "ping", "ping"].map((text) => turns(router, message(text)).length);
    expect(heard).toEqual([1, 1, 1]);
  });

  it("that are sticky hear what begins with them", () => {
    const router = routerOf((bot) => bot.hears(/ping/y, nothing));
    expect(turns(router, message("shipping"))).toEqual([]);
  });

  it("are not run for messages that were answered before their turn", () => {
    const never = /never/;
    let tried = 0;
    const router = routerOf((bot) => {
      bot.hears("ping", nothing);
      bot.hears(never, nothing);
    });
    const exec = RegExp.prototype.exec;
    const spy = jest.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text) {
      if (this.source === never.source) tried++;
      return exec.call(this, text);
    });
    for (const { route } of router.matches(message("ping"))) {
      expect(route.label).toBe('hears "ping"');
      break;
    }
    spy.mockRestore();
    expect(tried).toBe(0);
  });
});

describe("the order", () => {
  it("is the one written, across commands, phrases and expressions; what takes any message comes after them", () => {
    const router = routerOf((bot) => {
      bot.on("*", nothing);
      bot.hears(/card/, nothing);
      bot.command("card <name>", nothing);
      bot.hears("card", nothing);
      bot.command("card show <what>", nothing);
      bot.on("messages", nothing);
      bot.hears(/./, nothing);
      bot.on("messages.created", nothing);
    });
    expect(turns(router, message("card show"))).toEqual([
      "hears /card/",
      'command "card <name>"',
      'hears "card"',
      'on "*"',
      'on "messages"',
      "hears /./",
      'on "messages.created"',
    ]);
    expect(turns(router, message("card show it"))).toEqual([
      "hears /card/",
      'hears "card"',
      'command "card show <what>"',
      'on "*"',
      'on "messages"',
      "hears /./",
      'on "messages.created"',
    ]);
  });

  it("puts the longest of the matching commands where the first of them was written", () => {
    const router = routerOf((bot) => {
      bot.command("card", nothing);
      bot.hears("card", nothing);
      bot.command("card show", nothing);
    });
    expect(turns(router, message("card show"))).toEqual([
      'command "card show"',
      'command "card"',
      'hears "card"',
    ]);
  });
});

describe("events", () => {
  const router = routerOf((bot) => {
    bot.on("memberships.created", { self: true }, nothing);
    bot.on("memberships", { self: false }, nothing);
    bot.on("rooms", nothing);
    bot.on("*", nothing);
    bot.on("chat:conversation.user", nothing);
    bot.on("chat:conversation.user.replied", nothing);
  });

  it.each([
    ["rooms.created", ['on "rooms"', 'on "*"']],
    ["rooms", ['on "rooms"', 'on "*"']],
    ["roomsy.created", ['on "*"']],
    [
      "chat:conversation.user.replied",
      ['on "*"', 'on "chat:conversation.user"', 'on "chat:conversation.user.replied"'],
    ],
    ["chat:conversation.admin.replied", ['on "*"']],
  ])("%s go to those who listen to the name, the group or everything", (name, labels) => {
    expect(turns(router, event(name))).toEqual(labels);
  });

  it("of memberships are told apart by whose they are", () => {
    expect(turns(router, membership(true))).toEqual(['on "memberships.created"', 'on "*"']);
    expect(turns(router, membership(false))).toEqual(['on "memberships"', 'on "*"']);
  });
});

describe("clicks", () => {
  const router = routerOf((bot) => {
    bot.on("attachmentActions.created", nothing);
    bot.action("approve", nothing);
    bot.action("undefined", nothing);
    bot.action("5", nothing);
  });
  const listener = 'on "attachmentActions.created"';

  it.each([
    ["the action they name", { action: "approve", comment: "fine" }, ['action "approve"', listener]],
    ["nobody's action", { action: "refuse" }, [listener]],
    ["no action", { comment: "fine" }, [listener]],
    ["an action that is a number", { action: 5 }, [listener]],
    ["an action that is a list", { action: ["approve"] }, [listener]],
  ])("with %s", (_what, inputs, labels) => {
    expect(turns(router, click(inputs))).toEqual(labels);
  });
});
