import type { AddOutcome, Inbox } from "./inbox";
import type { Delivery, Platform } from "./platform";

/**
 * Receives one delivery: verify, parse, persist. Once it resolves it is safe to answer 200.
 * @returns `ignored` when there was nothing to handle, and nothing was stored
 * @throws SignatureError, MalformedDeliveryError, InboxError; then nothing was stored
 */
export async function receive(
  delivery: Delivery,
  platform: Platform,
  inbox: Inbox,
): Promise<AddOutcome | "ignored"> {
  platform.verify(delivery);
  const notice = platform.parse(delivery);
  return notice === undefined ? "ignored" : inbox.add(notice);
}
