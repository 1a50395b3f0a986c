import { ConnectionRefusedError } from "../../../core/contract/errors";

/** What to do about a connection that ended: connect again, at once or after a wait, or never. */
export type AfterClose =
  | { readonly kind: "at-once" }
  | { readonly kind: "back-off" }
  | { readonly kind: "final"; readonly error: ConnectionRefusedError };

/** Reasons of ends that say nothing against connecting again; the last two are our own. */
const AT_ONCE: readonly string[] = ["idle", "done (forced)", "pong not received", "pong mismatch"];

const FINAL: Readonly<Record<number, string>> = {
  1003: "Webex does not take what is sent to it. Look for a newer version of Bellhop; webhooks still work",
  4000: "another program receives for the same bot and took this one's place. Run one only, or give each a device name of its own where they share an inbox",
  4400: "the token is of a kind that cannot receive over a websocket. Use the bot's access token, or webhooks",
  4403: "the account has no right to receive over a websocket. The token of an integration needs the scopes spark:all and spark:kms; webhooks need none of it",
};

/**
 * What a close code of Webex means. Observed, not documented.
 *
 * An end with 1000 for a reason that is not known is taken for a passing one: Webex' own client stays away then, but it
 * is also the one that says good-bye.
 */
export function afterClose(code: number, reason: string): AfterClose {
  const why = FINAL[code];
  if (why !== undefined)
    return { kind: "final", error: new ConnectionRefusedError("webex", why, { closeCode: code }) };
  const isAtOnce = (code === 1000 || code === 1050) && AT_ONCE.includes(reason.toLowerCase());
  return { kind: isAtOnce ? "at-once" : "back-off" };
}
