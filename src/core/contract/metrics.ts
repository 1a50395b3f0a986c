/** What became of a delivery. `ignored`: rightly signed, nothing to handle. `malformed`: signed, not understood. `refused`: not signed by our secret, or not even a proper request. `failed`: could not be stored. */
export type DeliveryOutcome = "accepted" | "duplicate" | "ignored" | "malformed" | "refused" | "failed";

/** What became of an attempt at an event. */
export type EventOutcome = "handled" | "dropped" | "retried" | "dead";

/** What was done to a registered webhook; `failed`: nobody could look after them just then. */
export type WebhookOutcome = "created" | "updated" | "reactivated" | "deleted" | "failed";

/** Counts what happens; every call is cheap and never throws. */
export interface Metrics {
  delivery(platform: string, outcome: DeliveryOutcome): void;
  /** @param ms from the lease to its end */
  event(platform: string, name: string, outcome: EventOutcome, ms: number): void;
  /** Events that no delivery had brought and catching up found. */
  caughtUp(platform: string, events: number): void;
  webhook(platform: string, outcome: WebhookOutcome): void;
  /** Whether an account's own connection is there; never called for those that only deliveries come from. */
  connected(platform: string, account: string, isConnected: boolean): void;
}

/** Counts nothing. */
export const noMetrics: Metrics = { delivery() {}, event() {}, caughtUp() {}, webhook() {}, connected() {} };
