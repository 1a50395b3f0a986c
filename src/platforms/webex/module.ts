import { definePlatform } from "../../core/platform-module";

/** Webex, as the program registers it. */
export const webexModule = definePlatform({
  name: "webex",
  variables: {
    BOT_TOKEN: {
      form: "token",
      required: true,
      announces: true,
      purpose: "the bot's access token, from developer.webex.com",
    },
    WEBHOOK_SECRET: {
      form: "secret",
      required: true,
      purpose: "deliveries are signed with it; without one, anybody could write to the bot",
    },
    WEBHOOK_SECRET_PREVIOUS: {
      form: "secret",
      purpose: "the secret before this one, accepted while it is being replaced",
    },
    API_BASE_URL: { form: "address", announces: true, purpose: "where the Webex API is" },
  },
  faults(_values, { publicUrl, webhooks }) {
    if (publicUrl !== undefined || webhooks === "off") return [];
    return ["PUBLIC_URL is missing (where Webex reaches this receiver; or set WEBHOOKS=off)"];
  },
  async create(values, { account, log, targetUrl, webhooks: mode }) {
    const { createWebex } = await import("./index.js");
    const { BOT_TOKEN: token, WEBHOOK_SECRET: secret, WEBHOOK_SECRET_PREVIOUS: previous } = values;
    const secrets = previous === undefined ? [secret] : [secret, previous];
    const webhooks = mode === "off" || targetUrl === undefined ? undefined : { mode, targetUrl };
    return createWebex({ account, token, secrets, apiBaseUrl: values.API_BASE_URL, webhooks, log });
  },
});
