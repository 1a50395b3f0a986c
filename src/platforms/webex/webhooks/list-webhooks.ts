import type { WebexClient } from "../client";
import type { WebexWebhook } from "../resources/webhooks";

/** All webhooks of the token, those of other programs too. */
export async function readAll(client: WebexClient, signal: AbortSignal): Promise<readonly WebexWebhook[]> {
  const webhooks: WebexWebhook[] = [];
  for await (const webhook of client.webhooks.list({ max: 100 }, { signal })) webhooks.push(webhook);
  return webhooks;
}
