export { type Bellhop, type BellhopOptions, createBellhop } from "./bellhop";
export type { ButtonSigningOptions } from "./core/cards/button-keys";
export type { CardSource } from "./core/contract/card-source";
export type {
  AddOutcome,
  AttemptFailure,
  AttemptRecord,
  BlockedBefore,
  BlockRecorder,
  EventFilter,
  EventRecord,
  EventState,
  EventSummary,
  FailureCause,
  Inbox,
  InboxAdmin,
  InboxCounts,
  Lease,
  RecordBlock,
  RecordedBlock,
  Settlement,
  SettlementExtras,
} from "./core/contract/inbox";
export type { ObservedAttempt, Observer } from "./core/contract/observer";
export type {
  BotIdentity,
  Delivery,
  MessagePosition,
  Platform,
  ReceiveContext,
} from "./core/contract/platform";
export type { RecordChange, Records, StoredRecord } from "./core/contract/records";
export type { CallOutcome, TraceStep } from "./core/contract/trace";
export type { WorkerOptions } from "./core/handle/worker";
export type { ClickLanes } from "./core/receive/ordering-key";
export type { ReplyGuarantee } from "./core/reply/journal";
export * from "./for-bots";
export type { Receiver } from "./http/receiver";
export { type EmbeddedAdminOptions, openEmbedded, openEmbeddedAdmin } from "./inbox/embedded";
export {
  type MigrateOptions,
  migratePostgres,
  openPostgres,
  openPostgresAdmin,
  type PostgresAdminOptions,
  type PostgresOptions,
} from "./inbox/postgres";
export { createLogger } from "./logging";
export { createIntercom, type Intercom, type IntercomOptions } from "./platforms/intercom";
export { createSpika, type Spika, type SpikaOptions, type SpikaSignatures } from "./platforms/spika";
export {
  createWebex,
  type DesiredWebhooks,
  type PingResult,
  type PlannedWebhookChange,
  type Subscription,
  type Webex,
  type WebexOptions,
  type WebhookChange,
  type WebhookReconcilerOptions,
  type WebhookSyncOptions,
  type WebsocketSettings,
} from "./platforms/webex";
export { subscriptionsFor } from "./platforms/webex/webhooks/subscriptions";
export type { WatchdogLog, WatchdogOptions } from "./watchdog";
