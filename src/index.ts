export { type Bellhop, type BellhopOptions, createBellhop } from "./bellhop";
export type { CardSource } from "./core/cards";
export type { AddOutcome, DeadLetter, Failure, Inbox, InboxCounts, Lease, Settlement } from "./core/inbox";
export type { Delivery, Identity, Place, Platform } from "./core/platform";
export type { WorkerOptions } from "./core/worker";
export * from "./for-bots";
export type { Receiver } from "./http/receiver";
export { openEmbedded } from "./inbox/embedded";
export { openPostgres, type PostgresOptions } from "./inbox/postgres";
export { createLogger } from "./logging";
export {
  createWebex,
  type Subscription,
  type WantedWebhooks,
  type Webex,
  type WebexOptions,
  type WebhookChange,
} from "./platforms/webex";
export { subscriptionsFor } from "./platforms/webex/subscriptions";
