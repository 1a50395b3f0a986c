import { ApiError } from "../../../core/errors";
import type { Logger } from "../../../core/logger";
import type { WebexClient } from "../client";
import type { WebexWebhook } from "../resources/webhooks";
import type { Subscription } from "./subscriptions";

/** What the webhooks should be. */
export interface WantedWebhooks {
  /** Where Webex reaches the receiver. */
  readonly targetUrl: string;
  readonly subscriptions: readonly Subscription[];
}

/** What was done to one webhook, and why. */
export interface WebhookChange {
  readonly kind: "created" | "updated" | "deleted";
  readonly id: string;
  readonly name: string;
  /** `"its target differed"`, `"it was not active"`. */
  readonly reason: string;
}

/** What would be done to one webhook, and why. */
export interface PlannedWebhookChange {
  readonly kind: "create" | "update" | "delete";
  /** Absent for one that is not there yet. */
  readonly id?: string;
  readonly name: string;
  readonly reason: string;
}

interface Ownership {
  readonly account: string;
  /** What deliveries are to be signed with. */
  readonly secret: string;
}

/** What has to be done, in this order: nothing is taken away before its successor is there. */
export interface WebhookPlan {
  readonly create: readonly { readonly name: string; readonly subscription: Subscription }[];
  readonly update: readonly {
    readonly webhook: WebexWebhook;
    readonly name: string;
    readonly reason: string;
  }[];
  readonly remove: readonly { readonly webhook: WebexWebhook; readonly reason: string }[];
}

/**
 * Compares what is with what should be. Only webhooks that carry our name, `bellhop:<account>:…`, are looked at:
 * whatever else is registered with the same token is somebody's, and stays.
 */
export function planWebhooks(
  existing: readonly WebexWebhook[],
  wanted: WantedWebhooks,
  { account, secret }: Ownership,
): WebhookPlan {
  const prefix = `bellhop:${account}:`;
  const ours = existing.filter((webhook) => webhook.name.startsWith(prefix));
  const kept = new Set<WebexWebhook>();
  const create: WebhookPlan["create"][number][] = [];
  const update: WebhookPlan["update"][number][] = [];

  for (const subscription of unique(wanted.subscriptions)) {
    const name = `${prefix}${subscription.resource}.${subscription.event}`;
    const candidates = ours.filter((webhook) => serves(webhook, subscription));
    const faultOf = (webhook: WebexWebhook): string | undefined =>
      drift(webhook, { name, secret, targetUrl: wanted.targetUrl });
    const webhook = candidates.find((one) => faultOf(one) === undefined) ?? candidates[0];
    if (webhook === undefined) {
      create.push({ name, subscription });
      continue;
    }
    kept.add(webhook);
    const reason = faultOf(webhook);
    if (reason !== undefined) update.push({ webhook, name, reason });
  }

  const remove = ours
    .filter((webhook) => !kept.has(webhook))
    .map((webhook) => ({
      webhook,
      reason: [...kept].some((other) => serves(other, webhook)) ? "there were two" : "not needed any more",
    }));
  return { create, update, remove };
}

/** The plan as one list, in the order in which it would be carried out. */
export function listPlan({ create, update, remove }: WebhookPlan): PlannedWebhookChange[] {
  return [
    ...create.map(({ name }) => ({ kind: "create" as const, name, reason: MISSING })),
    ...update.map(({ webhook, name, reason }) => ({ kind: "update" as const, id: webhook.id, name, reason })),
    ...remove.map(({ webhook: { id, name }, reason }) => ({ kind: "delete" as const, id, name, reason })),
  ];
}

const MISSING = "was missing";

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
    log.info("webhook changed", { ...change });
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

  for (const { name, subscription } of plan.create) await create(name, subscription, MISSING);
  for (const { webhook, name, reason } of plan.update) {
    const updated = await unlessRefused(
      404,
      client.webhooks.update(webhook.id, { name, targetUrl, secret, status: "active" }, { signal }),
    );
    if (updated === undefined) await create(name, webhook, "was deleted meanwhile");
    else note({ kind: "updated", id: webhook.id, name, reason });
  }
  for (const { webhook, reason } of plan.remove) {
    await unlessRefused(404, client.webhooks.delete(webhook.id, { signal }));
    note({ kind: "deleted", id: webhook.id, name: webhook.name, reason });
  }
  return changes;
}

async function unlessRefused<Value>(status: number, answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === status) return undefined;
    throw error;
  }
}

/** Resource, event and filter of a webhook cannot be changed: one that differs in them is another. */
function serves(webhook: WebexWebhook, { resource, event }: Subscription): boolean {
  return webhook.resource === resource && webhook.event === event && !webhook.filter;
}

function drift(
  webhook: WebexWebhook,
  wanted: { readonly name: string; readonly targetUrl: string; readonly secret: string },
): string | undefined {
  if (webhook.targetUrl !== wanted.targetUrl) return "its target differed";
  // What other servers with this API leave out counts as running.
  if ((webhook.status ?? "active") !== "active") return "it was not active";
  // Not shown may mean not set, and then every delivery would be refused.
  if (webhook.secret === undefined) return "its secret is not shown, so it is set anew";
  if (webhook.secret !== wanted.secret) return "its secret differed";
  return webhook.name === wanted.name ? undefined : "its name differed";
}

function unique(subscriptions: readonly Subscription[]): readonly Subscription[] {
  return [...new Map(subscriptions.map((one) => [`${one.resource}.${one.event}`, one])).values()];
}
