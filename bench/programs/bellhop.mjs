// Bellhop as it is used: a durable inbox on a real file, its own logger, a bot.
import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import express from "express";
import { createBellhop, createLogger, createWebex, defineBot, openEmbedded } from "../../dist/index.js";
import { settings } from "../child.mjs";
import { makeDataDir } from "../machine.mjs";
import { serve } from "./serve.mjs";

/** @type {{ secret: string, apiBaseUrl: string, mount: "before" | "route", starts: boolean }} */
const { secret, apiBaseUrl, mount, starts } = settings();
const log = createLogger({ level: "info", format: "json" });
const dataDir = makeDataDir();
const inbox = await openEmbedded({ dataDir, log });

const bellhop = await createBellhop({
  platforms: [createWebex({ token: "bench", secrets: [secret], apiBaseUrl, log })],
  bots: {
    bench: defineBot((bot) => {
      bot.hears(/ping/, (ctx) => ctx.reply("pong"));
      bot.on("messages.deleted", () => {});
    }),
  },
  cards: { names: [], render: () => undefined },
  inbox,
  log,
  // What only accepts does not wait for what was missed before.
  ...(starts ? {} : { catchUp: false }),
});
if (starts) await bellhop.start();

const app = express();
if (mount === "route") app.use("/webhooks", bellhop.receiver);
serve(mount === "route" ? app : bellhop.receiver.or(app), {
  async idle() {
    while (starts && (await inbox.counts()).waiting > 0) await pause(5);
  },
  async close() {
    await bellhop.close(0);
    rmSync(dataDir, { recursive: true });
  },
});
