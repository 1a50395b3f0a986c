import type { WebexWebhook } from "../resources/webhooks";
import type { Ownership } from "./ownership";
import type { Subscription } from "./subscriptions";

/** What the webhooks should be. */
export interface DesiredWebhooks {
  /** Where Webex reaches the receiver. */
  readonly targetUrl: string;
  readonly subscriptions: readonly Subscription[];
}

/** What would be done to one webhook, and why. */
export interface PlannedWebhookChange {
  /**
   * `wait`: Webex has switched it off, and it is woken once the receiver answers. `leave`: it is not as it should be, and the
   * reason says why it stays.
   */
  readonly kind: "create" | "update" | "reactivate" | "delete" | "wait" | "leave";
  /** Absent for one that is not there yet. */
  readonly id?: string;
  readonly name: string;
  readonly reason: string;
}

/** What is known of the world besides the list of webhooks. */
export interface Circumstances {
  /**
   * `start`: this is the newest configuration. `running`: another process may have a newer one, so nothing is undone that
   * it may have done.
   */
  readonly at: "start" | "running";
  /** Whether webhooks that sign with the previous secret may be given the current one. */
  readonly renewsSecrets: boolean;
  /** Targets, other than ours, at which somebody with our secret answers. */
  readonly othersAt: ReadonlySet<string>;
  /** `undefined` when the receiver answers through its target with the current secret; else why not. */
  readonly silence: string | undefined;
}

interface Change {
  readonly webhook: WebexWebhook;
  readonly name: string;
  readonly reason: string;
}

/** What has to be done, in this order: nothing is taken away before its successor is there. */
export interface WebhookPlan {
  readonly create: readonly {
    readonly name: string;
    readonly subscription: Subscription;
    readonly reason: string;
  }[];
  readonly update: readonly (Change & { readonly kind: "update" | "reactivate" })[];
  readonly remove: readonly Change[];
  readonly leave: readonly (Change & { readonly kind: "wait" | "leave" })[];
}

/**
 * Compares what is with what should be. Only our own webhooks are looked at: whatever else is registered with the same
 * token is somebody's, and stays.
 */
export function planWebhooks(
  existing: readonly WebexWebhook[],
  wanted: DesiredWebhooks,
  ownership: Ownership,
  circumstances: Circumstances,
): WebhookPlan {
  const { at, othersAt } = circumstances;
  const claimed = existing.filter((webhook) => ownership.isOurs(webhook, wanted.targetUrl));
  const ours = claimed.filter(({ targetUrl }) => !othersAt.has(targetUrl)).sort(byAge);
  const kept = new Set<WebexWebhook>();
  const create: WebhookPlan["create"][number][] = [];
  const update: WebhookPlan["update"][number][] = [];
  const leave: WebhookPlan["leave"][number][] = claimed
    .filter(({ targetUrl }) => othersAt.has(targetUrl))
    .map((webhook) => {
      return { kind: "leave", webhook, name: webhook.name, reason: "somebody with our secret answers there" };
    });

  for (const subscription of unique(wanted.subscriptions)) {
    const name = ownership.nameOf(subscription);
    const candidates = ours.filter((webhook) => serves(webhook, subscription));
    const judge = (webhook: WebexWebhook): Verdict =>
      judgeWebhook(webhook, { name, targetUrl: wanted.targetUrl, ownership, circumstances });
    const webhook = candidates.find((one) => judge(one).kind === "fine") ?? candidates[0];
    if (webhook === undefined) {
      create.push({ name, subscription, reason: "was missing" });
      continue;
    }
    kept.add(webhook);
    const verdict = judge(webhook);
    switch (verdict.kind) {
      case "fine":
        break;
      case "wait":
      case "leave":
        leave.push({ webhook, name: webhook.name, ...verdict });
        break;
      case "update":
      case "reactivate":
        update.push({ webhook, name, ...verdict });
        break;
      default:
        verdict satisfies never;
    }
  }

  const remove = ours.flatMap((webhook) => {
    if (kept.has(webhook)) return [];
    const isDouble = !webhook.filter && [...kept].some((other) => serves(other, webhook));
    // A newer process may need what this one does not; a double is one for both.
    if (!isDouble && at === "running") return [];
    return [{ webhook, name: webhook.name, reason: isDouble ? "there were two" : "not needed any more" }];
  });
  return { create, update, remove, leave };
}

/** The plan as one list, in the order in which it would be carried out. */
export function listPlan({ create, update, remove, leave }: WebhookPlan): PlannedWebhookChange[] {
  const listed =
    (kind: PlannedWebhookChange["kind"]) =>
    ({ webhook: { id }, name, reason }: Change): PlannedWebhookChange => ({ kind, id, name, reason });
  return [
    ...create.map(({ name, reason }) => ({ kind: "create" as const, name, reason })),
    ...update.map((change) => listed(change.kind)(change)),
    ...remove.map(listed("delete")),
    ...leave.map((change) => listed(change.kind)(change)),
  ];
}

type Verdict =
  | { readonly kind: "fine" }
  | { readonly kind: "update" | "reactivate"; readonly reason: string }
  | { readonly kind: "wait" | "leave"; readonly reason: string };

interface Expected {
  readonly name: string;
  readonly targetUrl: string;
  readonly ownership: Ownership;
  readonly circumstances: Circumstances;
}

function judgeWebhook(
  webhook: WebexWebhook,
  { name, targetUrl, ownership, circumstances: { at, renewsSecrets, silence } }: Expected,
): Verdict {
  const secret = ownership.secretOf(webhook);
  if (secret === "another" && at === "running")
    return { kind: "leave", reason: "its secret is not known here; was it given a newer one elsewhere?" };
  if (!isActive(webhook))
    // Awake before its receiver is, it would be switched off again by the first failure.
    return silence === undefined
      ? { kind: "reactivate", reason: "Webex had switched it off" }
      : { kind: "wait", reason: `Webex has switched it off, and the receiver ${silence}` };
  if (webhook.targetUrl !== targetUrl) return { kind: "update", reason: "its target differed" };
  if (secret === "another") return { kind: "update", reason: "its secret differed, or is not shown" };
  if (secret === "previous") {
    if (renewsSecrets && silence === undefined)
      return { kind: "update", reason: "the receiver answers to the new secret" };
    // Processes that were not started anew yet would refuse what is signed with it.
    return {
      kind: "leave",
      reason: "it keeps the previous secret until the receiver answers to the new one",
    };
  }
  return webhook.name === name ? { kind: "fine" } : { kind: "update", reason: "its name differed" };
}

/** What other servers with this API leave out counts as running. */
export function isActive({ status = "active" }: WebexWebhook): boolean {
  return status === "active";
}

/** Resource, event and filter of a webhook cannot be changed: one that differs in them is another. */
function serves(webhook: WebexWebhook, { resource, event }: Subscription): boolean {
  return webhook.resource === resource && webhook.event === event && !webhook.filter;
}

/** Oldest first, and the same for everybody who looks: of two, all processes keep the same one. */
function byAge(one: WebexWebhook, other: WebexWebhook): number {
  const [left, right] = [one, other].map(({ created = "", id }) => `${created} ${id}`);
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

function unique(subscriptions: readonly Subscription[]): readonly Subscription[] {
  return [...new Map(subscriptions.map((one) => [`${one.resource}.${one.event}`, one])).values()];
}
