import { defineBot, md } from "bellhop";

// Greets where it is added, and says what changes in the rooms it is in.
export default defineBot((bot) => {
  bot.on("memberships.created", { self: true }, (ctx) =>
    ctx.reply("Hello! I am new here. Mention me and say **help** to see what I can do."),
  );

  bot.on("memberships.created", { self: false }, (ctx) =>
    ctx.reply(md`Welcome, **${ctx.event.member.displayName ?? "stranger"}**!`),
  );

  bot.on("memberships.updated", { self: false }, async (ctx) => {
    const { member, isModerator } = ctx.event;
    const now = isModerator ? "is a moderator now" : "is no moderator any more";
    await ctx.reply(md`**${member.displayName ?? "Somebody"}** ${now}.`);
  });

  bot.on("memberships.deleted", { self: false }, (ctx) =>
    ctx.reply(md`**${ctx.event.member.displayName ?? "Somebody"}** has left.`),
  );

  // Who has been removed cannot write there any more.
  bot.on("memberships.deleted", { self: true }, (ctx) => {
    ctx.log.info("removed from a room", { roomId: ctx.event.room.id });
  });

  bot.on("rooms.updated", (ctx) =>
    ctx.reply(md`This room has changed: it is called **${ctx.room?.title ?? "?"}**.`),
  );
});
