import { ApiError } from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import type { WebexClient } from "../client";
import type { WebhookPlan } from "./plan";
import type { Subscription } from "./subscriptions";

/** What was done to one webhook, and why. */
export interface WebhookChange {
  /**
   * `waiting`: Webex has switched it off, and it is woken once the receiver answers. `left`: it is not as it should be, and the
   * reason says why it stays.
   */
  readonly kind: "created" | "updated" | "reactivated" | "deleted" | "waiting" | "left";
  readonly id: string;
  readonly name: string;
  /** `"its target differed"`, `"Webex had switched it off"`. */
  readonly reason: string;
}

export interface ApplyParts {
  readonly client: WebexClient;
  readonly log: Logger;
  readonly targetUrl: string;
  readonly secret: string;
}

/** Carries the plan out, also when some of it has happened meanwhile. */
export async function applyPlan(
  plan: WebhookPlan,
  { client, log, targetUrl, secret }: ApplyParts,
  signal: AbortSignal,
): Promise<WebhookChange[]> {
  const changes: WebhookChange[] = [];
  const note = (change: WebhookChange): void => {
    if (isDone(change)) log.info("webhook changed", { ...change });
    changes.push(change);
  };
  const create = async (name: string, { resource, event }: Subscription, reason: string): Promise<void> => {
    const webhook = { name, targetUrl, secret, resource, event };
    const created = await unlessRefused(409, client.webhooks.create(webhook, { signal }));
    // Nothing says whether Webex takes a second webhook for the same address; here it does not.
    if (created === undefined)
      log.warn("webhook left alone: there is one like it under another name", { name });
    else note({ kind: "created", id: created.id, name, reason });
  };

  for (const { name, subscription, reason } of plan.create) await create(name, subscription, reason);
  for (const { kind, webhook, name, reason } of plan.update) {
    const updated = await unlessRefused(
      404,
      client.webhooks.update(webhook.id, { name, targetUrl, secret, status: "active" }, { signal }),
    );
    if (updated === undefined) await create(name, webhook, "was deleted meanwhile");
    else note({ kind: kind === "update" ? "updated" : "reactivated", id: webhook.id, name, reason });
  }
  for (const { webhook, name, reason } of plan.remove) {
    await unlessRefused(404, client.webhooks.delete(webhook.id, { signal }));
    note({ kind: "deleted", id: webhook.id, name, reason });
  }
  for (const { kind, webhook, name, reason } of plan.leave)
    note({ kind: kind === "wait" ? "waiting" : "left", id: webhook.id, name, reason });
  return changes;
}

/** Whether something was changed. */
export function isDone<Change extends { readonly kind: WebhookChange["kind"] }>(
  change: Change,
): change is Change & { readonly kind: Exclude<WebhookChange["kind"], "waiting" | "left"> } {
  return change.kind !== "waiting" && change.kind !== "left";
}

async function unlessRefused<Value>(status: number, answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === status) return undefined;
    throw error;
  }
}
