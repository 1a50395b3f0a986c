import { routeOf } from "../../core/contract/account";
import type { DesiredWebhooks } from "../../platforms/webex";
import { subscriptionsFor } from "../../platforms/webex/webhooks/subscriptions";

/** What the webhooks of these bots should be. @param listensTo names of events, as handlers wrote them */
export function wantedWebhooks(
  publicUrl: string,
  account: string,
  listensTo: Iterable<string>,
): DesiredWebhooks {
  return { targetUrl: targetUrlOf(publicUrl, account), subscriptions: subscriptionsFor(listensTo) };
}

/** Where the receiver takes the deliveries of a Webex account. */
export function targetUrlOf(publicUrl: string, account: string): string {
  return `${publicUrl}/webhooks${routeOf({ platform: "webex", account })}`;
}
