import { definePlatform } from "../../core/contract/platform-definition";
import { SECRET_PATH } from "./secret-path";

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
    GLOBAL_BOT_PATH: {
      form: "secret",
      purpose: "the last part of a global bot's webhookUrl; whoever knows it can make up the bot's events",
    },
    BOT_USER_IDS: { form: "text", purpose: "user ids of the other bots in the room, separated by commas" },
  },
  faults({ BOT_USER_IDS: ids, GLOBAL_BOT_PATH: path }, _site, nameOf) {
    const faults: string[] = [];
    if (path !== undefined && !SECRET_PATH.test(path))
      faults.push(
        `${nameOf("GLOBAL_BOT_PATH")} is malformed (expected a secret of at least 32 letters, digits, - and _)`,
      );
    if (ids !== undefined && !ids.split(",").every((id) => /^\s*\d+\s*$/.test(id)))
      faults.push(`${nameOf("BOT_USER_IDS")} is malformed (expected numbers separated by commas)`);
    return faults;
  },
  async create(values, { account, log }) {
    // Loaded when there is an account. By require, because import() does not work in jest, where bots are tested.
    const { createSpika } = require("./index") as typeof import("./index.js");
    return createSpika({
      account,
      baseUrl: values.BASE_URL,
      apiKey: values.API_KEY,
      signatures: [values.VERIFICATION_SIGNATURE],
      globalBotPath: values.GLOBAL_BOT_PATH,
      botUserIds: values.BOT_USER_IDS?.split(",").map((id) => id.trim()),
      log,
    });
  },
});
