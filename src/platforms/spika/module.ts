import { definePlatform } from "../../core/platform-module";

/** Spika, as the program registers it. An account is one room: its webhook and its API key. */
export const spikaModule = definePlatform({
  name: "spika",
  variables: {
    BASE_URL: {
      form: "address",
      required: true,
      announces: true,
      purpose: "where the Spika server is, without /api: https://chat.example.com",
    },
    API_KEY: {
      form: "token",
      required: true,
      announces: true,
      purpose: "the token of the room's API key; the bot posts with it",
    },
    VERIFICATION_SIGNATURE: {
      form: "secret",
      required: true,
      purpose: "the room webhook's verifySignature; without it, anybody could write to the bot",
    },
    USER_TOKEN: {
      form: "token",
      purpose: "the token of a person who administers the room; only bellhop spika needs it",
    },
    BOT_USER_IDS: { form: "text", purpose: "user ids of the other bots in the room, separated by commas" },
  },
  faults({ BOT_USER_IDS: ids }, _site, nameOf) {
    if (ids === undefined || ids.split(",").every((id) => /^\s*\d+\s*$/.test(id))) return [];
    return [`${nameOf("BOT_USER_IDS")} is malformed (expected numbers separated by commas)`];
  },
  async create(values, { account, log }) {
    // Loaded when there is an account. By require, because import() does not work in jest, where bots are tested.
    const { createSpika } = require("./index") as typeof import("./index.js");
    return createSpika({
      account,
      baseUrl: values.BASE_URL,
      apiKey: values.API_KEY,
      signatures: [values.VERIFICATION_SIGNATURE],
      botUserIds: values.BOT_USER_IDS?.split(",").map((id) => id.trim()),
      log,
    });
  },
});
