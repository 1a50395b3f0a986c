import { definePlatform } from "../../core/contract/platform-definition";

const SECRET_PURPOSE = "deliveries are signed with it; without one, anybody could write to the bot";

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
    WEBHOOK_SECRET: { form: "secret", purpose: SECRET_PURPOSE },
    WEBHOOK_SECRET_PREVIOUS: {
      form: "secret",
      purpose: "the secret before this one, accepted while it is being replaced",
    },
    API_BASE_URL: { form: "address", announces: true, purpose: "where the Webex API is" },
    TRANSPORT: { form: ["webhooks", "websocket"], purpose: "how events arrive" },
    WEBSOCKET_CATALOG_URL: { form: "address", purpose: "where Webex tells which services it has" },
  },
  faults({ TRANSPORT, WEBHOOK_SECRET }, { publicUrl, webhooks }, nameOf) {
    // A bot that opens the connection itself needs neither a secret nor an address.
    if (TRANSPORT === "websocket") return [];
    return [
      ...(WEBHOOK_SECRET === undefined ? [`${nameOf("WEBHOOK_SECRET")} is missing (${SECRET_PURPOSE})`] : []),
      ...(publicUrl === undefined && webhooks !== "off"
        ? [
            "PUBLIC_URL is missing (where Webex reaches this receiver; or set WEBEX_TRANSPORT=websocket, or WEBHOOKS=off)",
          ]
        : []),
    ];
  },
  async create(values, { account, log, targetUrl, webhooks: mode }) {
    // Loaded when there is an account. By require, because import() does not work in jest, where bots are tested.
    const { createWebex } = require("./index") as typeof import("./index.js");
    const { BOT_TOKEN: token, WEBHOOK_SECRET: secret, WEBHOOK_SECRET_PREVIOUS: previous } = values;
    const secrets = [secret, previous].filter((one) => one !== undefined);
    const transport = values.TRANSPORT === "websocket" ? "websocket" : "webhooks";
    const isOurs = transport === "webhooks" && mode !== "off";
    return createWebex({
      ...{ account, token, secrets, transport, log },
      apiBaseUrl: values.API_BASE_URL,
      webhooks: isOurs && targetUrl !== undefined ? { mode, targetUrl } : undefined,
      websocket: { catalogUrl: values.WEBSOCKET_CATALOG_URL },
    });
  },
});
