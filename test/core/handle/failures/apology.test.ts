import { type Bot, defineBot } from "../../../../src/core/contract/bot";
import { silentLogger } from "../../../../src/core/contract/logger";
import type { Notice } from "../../../../src/core/contract/notice";
import { buildBot } from "../../../../src/core/handle/build-bot";
import { createAccounts } from "../../../../src/core/handle/dispatch";
import { createApology } from "../../../../src/core/handle/failures/apology";
import { PendingWrites } from "../../../../src/core/state/pending-writes";
import { cardOfJson } from "../../card-of-json";
import { InMemoryPlatform } from "../../in-memory-platform";
import { type LeaseInMemory, leaseInMemory } from "../../lease-in-memory";
import { RecordsInMemory } from "../../records-in-memory";

const APOLOGY = "Something went wrong while handling your message. Reference: 1.";

let chat: InMemoryPlatform;
beforeEach(() => {
  chat = new InMemoryPlatform();
});

/** Apologizes for an event that ended without having been fetched, as after crashes. */
async function apologizeFor(
  lease: LeaseInMemory,
  ...setups: readonly ((bot: Bot) => void)[]
): Promise<readonly unknown[]> {
  const bots = setups.map((setup, index) => buildBot(`bot${index + 1}`, defineBot(setup)));
  const parts = { platforms: [chat], bots, records: new RecordsInMemory(), log: silentLogger };
  const cards = { names: [], fromJson: cardOfJson, render: () => cardOfJson({}) };
  const apologize = createApology({
    accounts: createAccounts(parts),
    cards,
    log: silentLogger,
    detail: "brief",
  });
  const before = chat.posts.length;
  await apologize({
    ...{ lease, isFinal: true, progress: {}, trace: [], changes: new PendingWrites() },
    failure: { code: "event-interrupts", message: "the process died twelve times" },
  });
  return chat.posts.slice(before).map(({ to, markdown, text }) => ({ to, said: markdown ?? text }));
}

const anyBot = (bot: Bot): void => bot.command("ping", () => {});
const crashed = (notice: Notice): LeaseInMemory => leaseInMemory(notice, { attempt: 12, crashCount: 12 });

describe("a person whose event ended with twelve crashes, before it was fetched,", () => {
  it("gets one apology in the room, also if the apology is asked for again", async () => {
    const lease = crashed(chat.says("ping"));
    expect(await apologizeFor(lease, anyBot)).toEqual([{ to: { roomId: "room-1" }, said: APOLOGY }]);
    expect(await apologizeFor(lease.again(), anyBot)).toEqual([]);
  });

  it("gets an apology for a click", async () => {
    const lease = crashed(chat.clicks({ action: "approve" }, { id: "ada" }));
    const clicks = (bot: Bot): void => bot.action("approve", () => {});
    expect(await apologizeFor(lease, clicks)).toEqual([
      { to: { roomId: "room-1" }, said: "Something went wrong while handling your click. Reference: 1." },
    ]);
  });

  it("gets the text of the first bot that they may use", async () => {
    const closed = (bot: Bot): void => {
      bot.allow({ personIds: ["grace"] });
      bot.apology("closed");
      anyBot(bot);
    };
    const own = (bot: Bot): void => {
      bot.apology(({ bot: name }, { reference }) => `${name} is sorry: ${reference}`);
      anyBot(bot);
    };
    expect(await apologizeFor(crashed(chat.says("ping")), closed, own)).toMatchObject([
      { said: "bot2 is sorry: 1" },
    ]);
  });

  it.each<[string, (bot: Bot) => void, () => Notice]>([
    ["the policy refuses the person", (bot) => bot.allow({ personIds: ["grace"] }), () => chat.says("ping")],
    ["the bot has switched it off", (bot) => bot.apology(false), () => chat.says("ping")],
    ["the bot wrote the message", () => {}, () => chat.says("ping", { id: "bot" })],
    ["the event is a membership", (bot) => bot.on("memberships", () => {}), () => chat.joins({ id: "ada" })],
  ])("gets no apology if %s", async (_when, setup, notice) => {
    const both = (bot: Bot): void => {
      anyBot(bot);
      setup(bot);
    };
    expect(await apologizeFor(crashed(notice()), both)).toEqual([]);
  });
});
