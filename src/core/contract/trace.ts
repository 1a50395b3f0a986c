import type { RefusalReason } from "./click-refusal";

/**
 * The path of one attempt at an event, step by step: kept with its settlement, so that "why did nothing answer?" and
 * "why twice?" have an answer. Holds names, numbers and verdicts; never what a person wrote, never a secret.
 */
export type TraceStep = { readonly at: number } & (
  | { readonly step: "leased"; readonly attempt: number; readonly crashCount: number }
  /** Needs no handling, told by the notice alone: the bot's own message, or nobody listens. */
  | { readonly step: "unwanted"; readonly reason: string }
  | { readonly step: "policy"; readonly bot: string; readonly refusedBy?: string | undefined }
  | { readonly step: "fetched"; readonly ms: number }
  /** What the signature of a click's button said. */
  | { readonly step: "button"; readonly verdict: "signed" | "unsigned" | RefusalReason }
  /** A handler's trigger and whether it matched; those that the index rules out beforehand are not listed. */
  | { readonly step: "matched"; readonly bot: string; readonly handler: string; readonly verdict: string }
  /** Something that a handler asked of the platform. */
  | {
      readonly step: "call";
      readonly bot: string;
      /** `"reply"`, as in `ctx.reply`. */
      readonly call: string;
      /** Where the call stands in the run: the same in every attempt. */
      readonly place: string;
      readonly ms: number;
      readonly outcome: CallOutcome;
      /** Id of the message that was posted, where one was. */
      readonly message?: string | undefined;
    }
  /** The event has lost its place: its conversation continues after it was held for so long. */
  | { readonly step: "aside"; readonly heldMs: number }
  | { readonly step: "settled"; readonly as: string; readonly reason?: string | undefined }
);

/**
 * - `sent`: the platform confirmed it now.
 * - `remembered`: an earlier attempt had it confirmed; nothing was sent.
 * - `found`: an earlier attempt was cut off, and the message was found at the platform; nothing was sent.
 * - `refused`: the platform said no. `unknown`: it may or may not have been done.
 */
export type CallOutcome = "sent" | "remembered" | "found" | "refused" | "unknown";
