import type { Logger } from "../../../core/contract/logger";
import type { WebexClient } from "../client";
import { applyPlan, type WebhookChange } from "./apply";
import { readAll } from "./list-webhooks";
import { createOwnership } from "./ownership";
import { type PingResult, ping } from "./ping";
import {
  type Circumstances,
  type DesiredWebhooks,
  isActive,
  listPlan,
  type PlannedWebhookChange,
  planWebhooks,
  type WebhookPlan,
} from "./plan";

export interface WebhookSyncParts {
  readonly client: WebexClient;
  readonly log: Logger;
  readonly account: string;
  /** Newest first. */
  readonly secrets: readonly [current: string, ...previous: string[]];
}

export interface WebhookSyncOptions {
  /**
   * `start`: this configuration is the newest. `running`: another process may have a newer one, so webhooks that are not
   * needed and secrets that are not known stay.
   * @default "start"
   */
  readonly at?: Circumstances["at"] | undefined;
  /**
   * Gives webhooks that sign with the previous secret the current one, once the receiver has answered to that. Only when
   * every process was started with both: one that was not refuses what is delivered then.
   * @default false
   */
  readonly renewsSecrets?: boolean | undefined;
}

/** Makes webhooks be what they should be. Each call looks at them anew. */
export interface WebhookSync {
  sync(wanted: DesiredWebhooks, signal: AbortSignal, options?: WebhookSyncOptions): Promise<WebhookChange[]>;
  plan(
    wanted: DesiredWebhooks,
    signal: AbortSignal,
    options?: WebhookSyncOptions,
  ): Promise<PlannedWebhookChange[]>;
}

/** Processes behind one address may have been started at different times: one that answers is not all of them. */
const PINGS_BEFORE_A_NEW_SECRET = 5;

export function createWebhookSync({ client, log, account, secrets }: WebhookSyncParts): WebhookSync {
  const ownership = createOwnership(account, secrets);
  const [secret] = secrets;

  async function compare(
    wanted: DesiredWebhooks,
    signal: AbortSignal,
    { at = "start", renewsSecrets = false }: WebhookSyncOptions = {},
  ): Promise<WebhookPlan> {
    const { targetUrl } = wanted;
    const existing = await readAll(client, signal);
    const ours = existing.filter((webhook) => ownership.isOurs(webhook, targetUrl));

    const targets = new Set(ours.map((webhook) => webhook.targetUrl));
    targets.delete(targetUrl);
    const othersAt = new Set<string>();
    const look = async (target: string): Promise<void> => {
      if (await isAnswered(target, secrets, signal)) othersAt.add(target);
    };
    await Promise.all([...targets].map(look));

    const hasOldSecret = renewsSecrets && ours.some((one) => ownership.secretOf(one) === "previous");
    const pings = hasOldSecret ? PINGS_BEFORE_A_NEW_SECRET : ours.every(isActive) ? 0 : 1;
    const silence = await silenceOf(targetUrl, secret, pings, signal);
    return planWebhooks(existing, wanted, ownership, { at, renewsSecrets, othersAt, silence });
  }

  return {
    async sync(wanted, signal, options) {
      const plan = await compare(wanted, signal, options);
      return applyPlan(plan, { client, log, targetUrl: wanted.targetUrl, secret }, signal);
    },
    plan: async (wanted, signal, options) => listPlan(await compare(wanted, signal, options)),
  };
}

/** Whether somebody is there who has one of the secrets. */
async function isAnswered(
  targetUrl: string,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  for (const secret of secrets) {
    const { kind } = await ping(targetUrl, secret, { signal });
    if (kind === "answered") return true;
    if (kind === "unreachable") return false;
  }
  return false;
}

async function silenceOf(
  targetUrl: string,
  secret: string,
  pings: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let count = 0; count < pings; count++) {
    const result = await ping(targetUrl, secret, { signal });
    if (result.kind !== "answered") return reasonOf(result);
  }
  return undefined;
}

/** The rest of a sentence that begins with what was asked. */
export function reasonOf(result: Exclude<PingResult, { kind: "answered" }>): string {
  return result.kind === "refused" ? result.reason : `cannot be reached: ${result.reason}`;
}
