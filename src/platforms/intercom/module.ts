import { definePlatform } from "../../core/contract/platform-definition";

/** Intercom, as the program registers it. An account is one workspace. */
export const intercomModule = definePlatform({
  name: "intercom",
  variables: {
    ACCESS_TOKEN: {
      form: "token",
      required: true,
      announces: true,
      purpose: "the app's access token in the workspace, from the Developer Hub",
    },
    CLIENT_SECRET: {
      form: "secret",
      required: true,
      purpose: "the app's client secret; notifications are signed with it",
    },
    API_BASE_URL: {
      form: "address",
      announces: true,
      purpose: "where the API of the workspace's region is: https://api.eu.intercom.io",
    },
    ADMIN_ID: { form: "text", purpose: "the admin that the bot answers as" },
    APP_ID: { form: "text", purpose: "the workspace; notifications of others are refused" },
  },
  async create(values, { account, log }) {
    // Loaded when there is an account. By require, because import() does not work in jest, where bots are tested.
    const { createIntercom } = require("./index") as typeof import("./index.js");
    return createIntercom({
      account,
      token: values.ACCESS_TOKEN,
      secrets: [values.CLIENT_SECRET],
      apiBaseUrl: values.API_BASE_URL,
      adminId: values.ADMIN_ID,
      appId: values.APP_ID,
      log,
    });
  },
});
