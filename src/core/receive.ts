import { reached } from "./fault-points";
import type { AddOutcome, Inbox } from "./inbox";
import { type ClickLanes, inLane } from "./lanes";
import type { Delivery, Platform } from "./platform";

export interface ReceiveRules {
  /** @default "person" */
  readonly clickLanes?: ClickLanes | undefined;
}

/**
 * Receives one delivery: verify, parse, persist. Once it resolves it is safe to answer 200.
 * @returns `ignored` when there was nothing to handle, and nothing was stored
 * @throws SignatureError, MalformedDeliveryError, InboxError; then nothing was stored
 */
export async function receive(
  delivery: Delivery,
  platform: Platform,
  inbox: Pick<Inbox, "add">,
  { clickLanes = "person" }: ReceiveRules = {},
): Promise<AddOutcome | "ignored"> {
  platform.verify(delivery);
  reached("receive.verified");
  const notice = platform.parse(delivery);
  reached("receive.parsed");
  if (notice === undefined) return "ignored";
  const outcome = await inbox.add(inLane(notice, clickLanes));
  reached("receive.kept");
  return outcome;
}
