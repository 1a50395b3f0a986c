import { createHmac } from "node:crypto";
import type { WebexWebhook } from "../resources/webhooks";
import type { Subscription } from "./subscriptions";

/** Which of our secrets a webhook signs with; `another`: none of them, or nobody can say. */
export type SecretState = "current" | "previous" | "another";

/**
 * Tells our webhooks from those of others, with nothing remembered but what is at Webex.
 *
 * A webhook of ours is called `bellhop:<account>:<resource>.<event>:<tag>`. The tag is an HMAC made with the secret
 * that the webhook was given: it shows who made it, and which secret it has where Webex does not say.
 */
export interface Ownership {
  /** What ours for this is called, with the tag of the current secret. */
  nameOf(subscription: Subscription): string;
  /**
   * Whether we may change it: it has a name of this account, and leads to us or was given one of our secrets.
   * @param targetUrl where ours lead
   */
  isOurs(webhook: WebexWebhook, targetUrl: string): boolean;
  secretOf(webhook: WebexWebhook): SecretState;
}

/** @param secrets newest first */
export function createOwnership(account: string, secrets: readonly string[]): Ownership {
  const prefix = `bellhop:${account}:`;
  const known = secrets.map((secret) => ({ secret, tag: tagOf(account, secret) }));
  const [current] = known;

  function secretOf({ name, secret }: WebexWebhook): SecretState {
    const tag = name.startsWith(prefix) ? name.slice(prefix.length).split(":")[1] : undefined;
    const found = known.find((one) => (secret === undefined ? one.tag === tag : one.secret === secret));
    if (found === undefined) return "another";
    return found === current ? "current" : "previous";
  }

  return {
    nameOf: ({ resource, event }) => `${prefix}${resource}.${event}:${current?.tag ?? ""}`,
    isOurs: (webhook, targetUrl) =>
      webhook.name.startsWith(prefix) && (webhook.targetUrl === targetUrl || secretOf(webhook) !== "another"),
    secretOf,
  };
}

/** 72 bits: too many to meet by chance, few enough for a name. */
function tagOf(account: string, secret: string): string {
  const words = `bellhop webhook ${account}`;
  return createHmac("sha256", secret).update(words).digest("base64url").slice(0, 12);
}
