import type { WantedWebhooks } from "../../platforms/webex";
import { subscriptionsFor } from "../../platforms/webex/subscriptions";

/** What the webhooks of these bots should be. @param listensTo names of events, as handlers wrote them */
export function wantedWebhooks(publicUrl: string, listensTo: Iterable<string>): WantedWebhooks {
  return { targetUrl: targetUrlOf(publicUrl), subscriptions: subscriptionsFor(listensTo) };
}

/** Where the receiver takes the deliveries of Webex. */
export function targetUrlOf(publicUrl: string): string {
  return `${publicUrl}/webhooks/webex`;
}
