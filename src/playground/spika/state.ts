import type { SpikaApiKey, SpikaFile, SpikaMessage, SpikaRoom, SpikaUser, SpikaWebhook } from "./records";

/** What a Spika server consists of. Files that are still being uploaded are no part of it. */
export interface SpikaState {
  readonly users: readonly SpikaUser[];
  readonly rooms: readonly SpikaRoom[];
  readonly apiKeys: readonly SpikaApiKey[];
  readonly webhooks: readonly SpikaWebhook[];
  readonly files: readonly SpikaFile[];
  readonly messages: readonly SpikaMessage[];
  /** The last number of each kind. */
  readonly lastIds: readonly (readonly [kind: string, id: number])[];
}
