import type { WebexWebhook } from "../../platforms/webex/client";
import { shownAddress } from "../../platforms/webex/webhooks/redact-url";
import { table } from "../table";

/** The secrets of our own configuration, to compare with. */
export interface KnownSecrets {
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
}

/** A webhook as it may be shown to anybody. */
export interface ShownWebhook {
  readonly id: string;
  readonly name: string;
  readonly resource: string;
  readonly event: string;
  readonly filter: string | undefined;
  /** Without a password, and without the values of its query, which may be keys. */
  readonly targetUrl: string;
  readonly status: string | undefined;
  /**
   * Which secret it signs with: the configured one, the one before it, another one; `set` when none is configured to
   * compare with; `not shown` when Webex does not say, and then it may have none.
   */
  readonly secret: "current" | "previous" | "another" | "set" | "not shown";
  readonly created: string | undefined;
}

/** Takes out what nobody is to read: the secret becomes a word on it. */
export function toShown(webhook: WebexWebhook, known: KnownSecrets): ShownWebhook {
  const { id, name, resource, event, filter, targetUrl, status, created } = webhook;
  const secret = whichSecret(webhook.secret, known);
  return { id, name, resource, event, filter, targetUrl: shownAddress(targetUrl), status, secret, created };
}

/** The ids fill a terminal by themselves, and one that is cut off is of no use: long lines are left to wrap. */
export function toTable(webhooks: readonly ShownWebhook[]): string {
  return table(
    ["status", "watches", "secret", "name", "target", "id"],
    webhooks.map((webhook) => [
      webhook.status ?? "",
      watches(webhook),
      webhook.secret,
      webhook.name,
      webhook.targetUrl,
      webhook.id,
    ]),
    Number.POSITIVE_INFINITY,
  );
}

/** One webhook, a line for each thing that is known of it. */
export function toWords(webhook: ShownWebhook): string {
  return [
    `webhook ${webhook.id}`,
    `  name     ${webhook.name}`,
    `  watches  ${watches(webhook)}`,
    `  target   ${webhook.targetUrl}`,
    `  status   ${webhook.status ?? "not shown"}`,
    `  secret   ${SECRET_WORDS[webhook.secret]}`,
    `  created  ${webhook.created ?? "not shown"}`,
  ].join("\n");
}

const SECRET_WORDS = {
  current: "the current one",
  previous: "the one before the current one",
  another: "another than WEBEX_WEBHOOK_SECRET: what it delivers would be refused",
  set: "there is one; WEBEX_WEBHOOK_SECRET is not set here, so nobody can say whether it is the right one",
  "not shown": "not shown; it may have none",
} as const;

function watches({ resource, event, filter }: ShownWebhook): string {
  return filter === undefined ? `${resource}.${event}` : `${resource}.${event} ${filter}`;
}

function whichSecret(
  secret: string | undefined,
  { secret: current, previousSecret }: KnownSecrets,
): ShownWebhook["secret"] {
  if (secret === undefined) return "not shown";
  if (secret === current) return "current";
  if (secret === previousSecret) return "previous";
  return current === undefined ? "set" : "another";
}
