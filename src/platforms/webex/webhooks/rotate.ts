import { ApiError, BellhopError } from "../../../core/contract/errors";
import type { WebexClient } from "../client";
import type { WebexWebhook } from "../resources/webhooks";
import { readAll } from "./list-webhooks";
import { createOwnership } from "./ownership";
import { ping } from "./ping";
import { shownAddress } from "./redact-url";
import { reasonOf } from "./sync";

export interface RotationParts {
  readonly client: WebexClient;
  readonly account: string;
  readonly secret: string;
  readonly previousSecret: string;
  /** Where the webhooks lead that are to change: those of others that lead there too sign with the same secret. */
  readonly targetUrl: string;
  /** Told of each step when it is done. */
  onStep(step: RotationStep): void;
}

/** What was just done. Secrets are named, never shown. */
export type RotationStep =
  /** The receiver has proven, so many times, that it takes what is signed with this secret. */
  | { readonly step: "receiver-takes"; readonly secret: "current" | "previous"; readonly times: number }
  | { readonly step: "changed"; readonly id: string; readonly name: string }
  /** All webhooks were read again. `already`: how many of them did not have to be changed. */
  | { readonly step: "verified"; readonly webhooks: number; readonly already: number };

/** A secret cannot be replaced yet. What was changed already stays so; the command can be repeated. */
export class RotationError extends BellhopError {
  override readonly name = "RotationError";

  constructor(code: "rotation-refused" | "rotation-incomplete", message: string) {
    super(code, message, { retry: "never" });
  }
}

/** Behind one address there may be processes that were not started anew yet. */
const PINGS = 5;

/**
 * Gives the webhooks that lead to a receiver the current secret in the place of the previous one, while it takes deliveries.
 * Nothing is changed unless the receiver has proven to take both; where it was ended in the middle, it goes on from there.
 * @throws RotationError; ApiError or NetworkError of Webex
 */
export async function rotateSecret(parts: RotationParts, signal: AbortSignal): Promise<void> {
  const { client, account, secret, previousSecret, targetUrl, onStep } = parts;
  const ownership = createOwnership(account, [secret, previousSecret]);

  /** Of those of others that do not show their secret nobody can say; setting it twice does no harm. */
  function isDue(webhook: WebexWebhook): boolean {
    const state = ownership.secretOf(webhook);
    if (state !== "another") return state === "previous";
    return webhook.secret === undefined || ownership.isOurs(webhook, targetUrl);
  }

  async function listed(): Promise<readonly WebexWebhook[]> {
    return (await readAll(client, signal)).filter((webhook) => webhook.targetUrl === targetUrl);
  }

  async function prove(which: "current" | "previous", times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      const result = await ping(targetUrl, which === "current" ? secret : previousSecret, { signal });
      if (result.kind !== "answered")
        throw new RotationError(
          "rotation-refused",
          `start every process of the receiver with both secrets first. Nothing was changed, because it does not take the ${which} one: ${shownAddress(targetUrl)} ${reasonOf(result)}`,
        );
    }
    onStep({ step: "receiver-takes", secret: which, times });
  }

  const before = await listed();
  const due = before.filter(isDue);
  await prove("current", PINGS);
  // What is delivered until the last one is changed is signed with it.
  if (due.length > 0) await prove("previous", PINGS);

  for (const webhook of due) {
    const name = ownership.isOurs(webhook, targetUrl) ? ownership.nameOf(webhook) : webhook.name;
    try {
      await client.webhooks.update(webhook.id, { name, targetUrl, secret }, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) continue;
      throw error;
    }
    onStep({ step: "changed", id: webhook.id, name });
  }

  const after = await listed();
  const changed = new Set(due.map(({ id }) => id));
  const wrong = after.filter((one) => isDue(one) && !(changed.has(one.id) && one.secret === undefined));
  if (wrong.length > 0)
    throw new RotationError(
      "rotation-incomplete",
      `${wrong.length} of ${after.length} webhooks still sign with another secret: somebody else changed them meanwhile. Run it again`,
    );
  onStep({ step: "verified", webhooks: after.length, already: before.length - due.length });
}
