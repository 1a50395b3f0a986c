/**
 * Why a click does nothing.
 * - `forged`: its token was altered, or somebody else made it.
 * - `unknown-key`: its token was signed with a secret that is not, or no longer, configured.
 * - `unsigned`: it has no token, and the handler does not take such clicks.
 * - `unhandled`: no bot has a handler for the button.
 * - `elsewhere`: its token is of another room, another account or another message.
 * - `not-for-you`: the card was meant for somebody else.
 * - `expired`: the card is too old.
 * - `replaced`: the card was replaced or deleted meanwhile.
 * - `done`: a button that works once has been used; `under-way`: somebody's click on it is being handled.
 */
export type RefusalReason =
  | "forged"
  | "unknown-key"
  | "unsigned"
  | "unhandled"
  | "elsewhere"
  | "not-for-you"
  | "expired"
  | "replaced"
  | "done"
  | "under-way";

/** A click that does nothing, and what the person is told. */
export interface ClickRefusal {
  readonly reason: RefusalReason;
  /** What the person is told unless the bot says something else, in Markdown. */
  readonly markdown: string;
  /** Who used a button that works once, and when: for `done` and `under-way`. */
  readonly by?: { readonly id: string; readonly displayName?: string | undefined; readonly at: Date };
}

/** The refusals that depend on the click and its token alone, and not on earlier clicks. */
export type TokenRefusal = Exclude<RefusalReason, "done" | "under-way">;

/** What people are told; of what may be a forgery, not which part of it was noticed. */
export const REFUSAL_TEXTS: Readonly<Record<TokenRefusal, string>> = {
  forged: "That button cannot be used: it is not as it was sent.",
  "unknown-key": "That card is from an earlier time and cannot be used any more. Please ask for a new one.",
  unsigned:
    "That button cannot be used: it was not sent by this bot as it is now. Please ask for a new card.",
  unhandled: "This button no longer works. Ask the bot for a new card.",
  elsewhere: "That button cannot be used here: it belongs to another message.",
  "not-for-you": "That card is meant for somebody else.",
  expired: "That card has expired. Please ask for a new one.",
  replaced: "That card is no longer in use: it was replaced or deleted meanwhile.",
};
