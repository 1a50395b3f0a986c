import { type Bot, defineBot } from "../../../src/core/contract/bot";
import type { ReceivedMessage } from "../../../src/core/contract/context";
import type {
  MembershipEvent,
  MessageDeletedEvent,
  MessageEvent,
  MessageUpdatedEvent,
  RoomEvent,
} from "../../../src/core/contract/event";
import type { JsonObject } from "../../../src/core/contract/notice";
import type { SentMessage } from "../../../src/core/contract/platform";
import { buildBot } from "../../../src/core/handle/build-bot";

/** Compiles only when both are the same type. */
function same<A, B>(
  ..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]
): void {}

// The compiler is the test: `npm run types` fails when one of these stops being so.
function whatUsersRelyOn(bot: Bot): void {
  bot.command("expense <amount:number> [currency] [paid:boolean]", (ctx) => {
    same<typeof ctx.args.amount, number>();
    same<typeof ctx.args.currency, string | undefined>();
    same<typeof ctx.args.paid, boolean | undefined>();
    // @ts-expect-error an argument that the pattern does not have
    ctx.args.total;
    // @ts-expect-error an optional argument may be missing
    ctx.args.currency.toUpperCase();
    // @ts-expect-error arguments are read, not written
    ctx.args.amount = 5;
    same<typeof ctx.message.text, string>();
  });
  bot.command("note <to:email> <count:integer> [text...]", { help: "Notes it" }, ({ args }) => {
    same<typeof args.to, string>();
    same<typeof args.count, number>();
    same<typeof args.text, string | undefined>();
  });
  bot.command("status", (ctx) => {
    // @ts-expect-error a pattern without arguments gives none
    ctx.args.anything;
  });

  bot.hears(/(\d+)/, (ctx) => {
    same<typeof ctx.match, RegExpMatchArray>();
    same<typeof ctx.event, MessageEvent>();
    // @ts-expect-error only a click has inputs
    ctx.inputs;
    // @ts-expect-error only a command has arguments
    ctx.args;
  });

  bot.answer("size", async (ctx) => {
    same<typeof ctx.data, JsonObject>();
    same<typeof ctx.message.text, string>();
    await ctx.ask("drink", "Which drink?", { data: { size: ctx.message.text } });
    same<Awaited<ReturnType<typeof ctx.ask>>, SentMessage>();
    const visits = ctx.session({ count: 0 });
    same<Awaited<ReturnType<typeof visits.read>>, { count: number }>();
    // @ts-expect-error what is kept has one type
    await visits.update(() => "many");
    // @ts-expect-error only a click has inputs
    ctx.inputs;
  });
  bot.answer<{ size: string }>("drink", (ctx) => {
    same<typeof ctx.data.size, string>();
  });

  bot.action("approve", async (ctx) => {
    same<typeof ctx.message, ReceivedMessage | undefined>();
    await ctx.replaceCard({ text: String(ctx.inputs.comment) });
    // @ts-expect-error what came from outside is not known to be a text
    ctx.inputs.comment.toUpperCase();
    // @ts-expect-error nobody wrote a message
    ctx.message.text;
  });

  bot.action("approve", { once: "per-person", group: "decision", unsigned: true }, async (ctx) => {
    const state = ctx.cardState({ page: 1, chosen: ["soup"] });
    same<Awaited<ReturnType<typeof state.read>>, { page: number; chosen: string[] }>();
    // @ts-expect-error a page is a number
    await state.update((now) => ({ ...now, page: "2" }));
    ctx.card("greeting", {}, { audience: ["ada@example.com"], expiresAfterMs: 1 });
    // @ts-expect-error there is no such audience
    ctx.card("greeting", {}, { audience: "everyone" });
  });
  bot.action(
    "approve",
    {
      inputs: { amount: "number" },
      done: (ctx) => {
        same<typeof ctx.inputs.amount, number>();
        return "Approved.";
      },
    },
    () => {},
  );

  const schema = {
    amount: "number",
    day: "date",
    sure: "boolean",
    tags: "list",
    note: { type: "string", optional: true },
  } as const;
  bot.action("file", { inputs: schema }, (ctx) => {
    same<typeof ctx.inputs.amount, number>();
    same<typeof ctx.inputs.day, Date>();
    same<typeof ctx.inputs.sure, boolean>();
    same<typeof ctx.inputs.tags, readonly string[]>();
    same<typeof ctx.inputs.note, string | undefined>();
    // @ts-expect-error an input that the schema does not have
    ctx.inputs.total;
    // @ts-expect-error an optional input may be empty
    ctx.inputs.note.trim();
  });
  bot.action("inline", { inputs: { amount: "integer" } }, ({ inputs }) =>
    same<typeof inputs.amount, number>(),
  );

  bot.on("memberships.created", { self: true }, (ctx) => {
    same<typeof ctx.event, MembershipEvent>();
    // @ts-expect-error nobody wrote a message
    ctx.message.text;
    // @ts-expect-error there is no card to replace
    ctx.replaceCard("");
  });
  bot.on("messages.deleted", (ctx) => same<typeof ctx.event, MessageDeletedEvent>());
  bot.on("messages", (ctx) =>
    same<typeof ctx.event, MessageEvent | MessageUpdatedEvent | MessageDeletedEvent>(),
  );
  bot.on("rooms", (ctx) => same<typeof ctx.event, RoomEvent>());
  bot.on("intercom:conversation.user.replied", (ctx) => void ctx.event.kind);
  bot.use(async (ctx, next) => {
    same<typeof ctx.state, Record<string, unknown>>();
    // @ts-expect-error middleware does not know whether it is a message
    ctx.message.text;
    // @ts-expect-error only a click can replace its card
    ctx.replaceCard("");
    await next();
  });
  bot.catch((error) => same<typeof error, Error>());
}

function whatTheyMustNotWrite(bot: Bot): void {
  // @ts-expect-error a rule that there is not would let everybody in
  bot.allow({ emailDomain: ["example.com"] });
  // @ts-expect-error a type that there is not
  bot.action("file", { inputs: { amount: "money" } }, () => {});
  // @ts-expect-error a command without a handler
  bot.command("ping");
  // @ts-expect-error an option that there is not
  bot.command("ping", { description: "Pings" }, () => {});
  // @ts-expect-error `self` says yes or no
  bot.on("memberships", { self: "bot" }, () => {});
  // @ts-expect-error an event that there is not
  bot.on("mesages.created", () => {});
  // @ts-expect-error an event that the resource does not have
  bot.on("rooms.deleted", () => {});
  bot.on("rooms.migrated", (ctx) => ctx.event.room.title);
  bot.on("meetings.started", (ctx) => ctx.event.kind);
  bot.on("intercom:conversation.admin.closed", (ctx) => ctx.event.kind);
  // @ts-expect-error a list
  bot.allow({ emails: "ada@example.com" });
}

it("types what a handler is given by what it answers", () => {
  expect(() => buildBot("typed", defineBot(whatTheyMustNotWrite))).toThrow("allow");
  expect(buildBot("typed", defineBot(whatUsersRelyOn)).routes).toHaveLength(16);
});
