import type { AddOutcome, Inbox } from "../contract/inbox";
import type { DeliveryOutcome } from "../contract/metrics";
import type { Notice } from "../contract/notice";
import type { Observer } from "../contract/observer";
import type { Delivery, Platform } from "../contract/platform";
import { failpoint } from "../util/failpoints";
import { besideRoom, type ClickLanes, withOrderingKey } from "./ordering-key";

/**
 * Takes one notice into the inbox, from whichever way it came; once it resolves, the notice survives a crash.
 * @throws InboxError; then nothing was stored
 */
export type AcceptNotice = (notice: Notice) => Promise<AddOutcome>;

export interface AcceptRules {
  /** @default "person" */
  readonly clickLanes?: ClickLanes | undefined;
  /** Whether it is the bot's own message, which an event in the same room may look for. @default never */
  readonly isReceipt?: ((notice: Notice) => boolean) | undefined;
  /** What has to be in the inbox before this notice is. @returns `undefined` when nothing has */
  readonly precede?: ((notice: Notice) => Promise<void> | undefined) | undefined;
  readonly accepted?: Observer["accepted"] | undefined;
}

/** Makes the one door into the inbox. */
export function createInboxWriter(
  inbox: Pick<Inbox, "add">,
  { clickLanes = "person", isReceipt, precede, accepted }: AcceptRules = {},
): AcceptNotice {
  return (notice) => {
    const add = (): Promise<AddOutcome> => {
      const added = inbox.add(isReceipt?.(notice) ? besideRoom(notice) : withOrderingKey(notice, clickLanes));
      if (accepted === undefined) return added;
      return added.then((outcome) => {
        accepted(notice, outcome);
        return outcome;
      });
    };
    const first = precede?.(notice);
    return first === undefined ? add() : first.then(add);
  };
}

/** What is counted of what was taken. */
export const OUTCOMES: Readonly<Record<AddOutcome | "ignored", DeliveryOutcome>> = {
  added: "accepted",
  duplicate: "duplicate",
  ignored: "ignored",
};

/** What a delivery was that only asked whether we are there. */
export interface Pong {
  /** To be sent back; plain text. */
  readonly pong: string;
}

/**
 * Receives one delivery: verify, parse, persist. Once it resolves it is safe to answer 200.
 * @returns `ignored` when there was nothing to handle, and nothing was stored; a {@link Pong} neither
 * @throws SignatureError, MalformedDeliveryError, InboxError; then nothing was stored
 */
export async function receive(
  delivery: Delivery,
  platform: Platform,
  accept: AcceptNotice,
): Promise<AddOutcome | "ignored" | Pong> {
  platform.verify(delivery);
  failpoint("receive.verified");
  const pong = platform.answerPing?.(delivery);
  if (pong !== undefined) return { pong };
  const notice = platform.parse(delivery);
  failpoint("receive.parsed");
  if (notice === undefined) return "ignored";
  const outcome = await accept(notice);
  failpoint("receive.kept");
  return outcome;
}
