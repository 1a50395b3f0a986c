import { type Diagnostic, fault, skipped, warning, well } from "../../../core/contract/diagnostic";
import type { ReceiveContext } from "../../../core/contract/platform";
import type { WebexClient } from "../client";
import type { WebexWebhook } from "../resources/webhooks";
import { readAll } from "./list-webhooks";
import { ping } from "./ping";
import { isActive, type PlannedWebhookChange } from "./plan";
import type { WebhookReconcilerOptions } from "./reconciler";
import { shownAddress } from "./redact-url";
import { subscriptionsFor } from "./subscriptions";
import { reasonOf, type WebhookSync } from "./sync";

export interface WebhookExaminationParts {
  readonly client: WebexClient;
  readonly webhooks: WebhookSync;
  readonly secret: string;
  /** Absent when the webhooks are somebody else's business. */
  readonly settings: WebhookReconcilerOptions | undefined;
}

/** Looks at each webhook of the token, and whether the receiver can be reached where they lead. */
export async function examineWebhooks(
  { client, webhooks, secret, settings }: WebhookExaminationParts,
  arrival: Pick<ReceiveContext, "listensTo"> | undefined,
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  const existing = await readAll(client, signal);
  if (settings === undefined) {
    const off = "PUBLIC_URL does not say where, or WEBHOOKS=off";
    return [
      ...existing.map(examineUnplanned),
      skipped("receiver", `nobody looks after its webhooks: ${off}`),
    ];
  }

  const { targetUrl } = settings;
  const planned =
    arrival === undefined
      ? []
      : await webhooks.plan({ targetUrl, subscriptions: subscriptionsFor(arrival.listensTo) }, signal);
  const byId = new Map(planned.flatMap((change) => (change.id === undefined ? [] : [[change.id, change]])));
  const present = existing.map((webhook) => {
    const change = byId.get(webhook.id);
    return change === undefined ? examineUnplanned(webhook) : toFinding(change);
  });
  const missing = planned.filter(({ id }) => id === undefined).map(toFinding);
  const result = await ping(targetUrl, secret, { signal });
  const receiver =
    result.kind === "answered"
      ? well("receiver", `${shownAddress(targetUrl)} answers with our secret, in ${result.ms} ms`)
      : fault(
          "receiver",
          `${shownAddress(targetUrl)} ${reasonOf(result)}`,
          "start the program; if it runs, see where PUBLIC_URL and the proxy or tunnel behind it lead",
        );
  return [...present, ...missing, receiver];
}

function examineUnplanned(webhook: WebexWebhook): Diagnostic {
  const check = nameOf(webhook.name);
  const leads = `leads to ${shownAddress(webhook.targetUrl)}`;
  if (isActive(webhook)) return well(check, `active, ${leads}`);
  return warning(
    check,
    `Webex has switched it off; it ${leads}, and nobody here looks after it`,
    `when whatever takes its deliveries answers again: bellhop webhooks update ${webhook.id} --status active`,
  );
}

function toFinding({ kind, name, reason }: PlannedWebhookChange): Diagnostic {
  const check = nameOf(name);
  const remedy = "bellhop webhooks sync, or a start with WEBHOOKS=sync, does it";
  switch (kind) {
    case "create":
      return fault(check, "it is missing", remedy);
    case "update":
      return fault(check, `it has to be set anew: ${reason}`, remedy);
    case "reactivate":
      return fault(check, "Webex has switched it off, and the receiver answers again", remedy);
    case "delete":
      return warning(check, `it is to be deleted: ${reason}`, remedy);
    case "wait":
      return fault(check, reason, "mend what is said of the receiver: it is woken then");
    case "leave":
      return warning(check, `it is left as it is: ${reason}`, "docs/webhooks.md says why, and what to do");
    default:
      return kind satisfies never;
  }
}

/** `webhook messages.created` of `bellhop:default:messages.created:<tag>`; a name of others as it is. */
function nameOf(name: string): string {
  return `webhook ${/^bellhop:[^:]*:([^:]+)/.exec(name)?.[1] ?? name}`;
}
