import type { PlaygroundOptions } from "../../src/playground";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { ApiClient } from "./api-client";
import { WebhookReceiver } from "./webhook-receiver";

/** A playground on a free port, a client for each of two people and the bot, and a receiver of webhooks. */
export interface Setting {
  playground: ListeningPlayground;
  receiver: WebhookReceiver;
  bot: ApiClient;
  ada: ApiClient;
  grace: ApiClient;
  /** The group room with everybody in it. */
  lobbyId: string;
}

/** A fresh one for each test of the file. Read its parts inside tests only. */
export function useSetting(options: Pick<PlaygroundOptions, "now" | "deliveryTimeoutMs"> = {}): Setting {
  // Filled before each test, so that no test sees it empty.
  const setting = {} as Setting;
  beforeEach(async () => {
    const playground = await listenPlayground(options);
    const [ada, grace] = playground.webex.people;
    setting.playground = playground;
    setting.receiver = await WebhookReceiver.open();
    setting.bot = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
    setting.ada = new ApiClient(playground.apiBaseUrl, ada?.token);
    setting.grace = new ApiClient(playground.apiBaseUrl, grace?.token);
    setting.lobbyId = playground.webex.lobbyId;
  });
  afterEach(async () => {
    await setting.playground.close();
    await setting.receiver.close();
  });
  return setting;
}
