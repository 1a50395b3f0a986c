import { describeError } from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import type { Platform, ReceiveContext } from "../../../core/contract/platform";
import type { Clock } from "../../api/clock";
import { isDone, type WebhookChange } from "./apply";
import { ping } from "./ping";
import type { DesiredWebhooks } from "./plan";
import { shownAddress } from "./redact-url";
import { subscriptionsFor } from "./subscriptions";
import { reasonOf, type WebhookSync, type WebhookSyncOptions } from "./sync";

/** What the caretaker of a bot's webhooks is told by whoever puts the bot together. */
export interface WebhookReconcilerOptions {
  /** Where Webex reaches the receiver for this account: `https://bot.example.com/webhooks/webex`. */
  readonly targetUrl: string;
  /** `sync` mends; `check` says what it would do and changes nothing. @default "sync" */
  readonly mode?: "sync" | "check" | undefined;
  /** Between two looks, in milliseconds, a fifth more or less by chance. @default 300_000 */
  readonly everyMs?: number | undefined;
}

export interface CaretakerParts extends WebhookReconcilerOptions {
  readonly webhooks: WebhookSync;
  /** What deliveries are signed with. */
  readonly secret: string;
  readonly platform: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Sees to it that Webex delivers. In mode `check`, arranging never fails. */
export type Caretaker = Required<Pick<Platform, "registerWebhooks" | "monitorWebhooks">>;

/** Webex switches a webhook off when deliveries have failed for up to this long. */
const FAILING_MS = 5 * 60_000;

/** Two processes that started at once may both have created a webhook: soon one of them removes the double. */
const SOON_MS = 10_000;

/** Makes a caretaker of one bot's webhooks. Any number of processes may have one each. */
export function createWebhookReconciler(parts: CaretakerParts): Caretaker {
  const { webhooks, secret, platform, targetUrl, mode = "sync", everyMs = 300_000, log, clock } = parts;
  const said = new Map<string, string>();
  let lastSeenWell: number | undefined;
  /** What happened before is looked for at the start. */
  let arrangedAt: number | undefined;
  /** Somebody else may wake what waits. */
  let wasWaiting = false;
  let startedAt: number | undefined;

  /** Says it when it is news. @param state `""` for well */
  function tell(subject: string, state: string, say: () => void): void {
    const before = said.get(subject) ?? "";
    said.set(subject, state);
    if (state !== before) say();
  }

  async function mend(
    arrival: ReceiveContext,
    options: WebhookSyncOptions,
    signal: AbortSignal,
  ): Promise<readonly WebhookChange[]> {
    const lookedAt = clock.now();
    const changes = await webhooks.sync(wantedFor(arrival), signal, options);
    for (const change of changes) if (isDone(change)) arrival.metrics?.webhook(platform, change.kind);
    const left = changes.filter((change) => !isDone(change));
    tell("left", words(left), () => {
      for (const { id, name, reason } of left)
        log.warn("webhook left as it is; bellhop doctor says more", { id, name, reason });
    });
    const isWaiting = left.some(({ kind }) => kind === "waiting");
    const isWoken = changes.some(({ kind }) => kind === "reactivated") || (wasWaiting && !isWaiting);
    if (isWoken) sayGap(arrival, lookedAt);
    arrival.arriving?.(!isWaiting);
    if (!isWaiting) lastSeenWell = lookedAt;
    wasWaiting = isWaiting;
    return changes;
  }

  function sayGap(arrival: ReceiveContext, lookedAt: number): void {
    const since = lastSeenWell === undefined ? arrangedAt : lastSeenWell - FAILING_MS;
    log.warn(
      "webhooks that Webex had switched off deliver again; what happened meanwhile was not delivered",
      { since: since === undefined ? undefined : new Date(since).toISOString() },
    );
    if (since !== undefined && since < lookedAt) arrival.missedSince(since);
  }

  async function check(arrival: ReceiveContext, signal: AbortSignal): Promise<void> {
    const planned = await webhooks.plan(wantedFor(arrival), signal);
    tell("planned", words(planned), () => {
      for (const { kind, id, name, reason } of planned)
        log.warn("webhook is not as it should be; WEBHOOKS=check changes nothing", {
          would: kind,
          id,
          name,
          reason,
        });
      if (planned.length === 0) log.info("all webhooks are as they should be");
    });
  }

  async function look(signal: AbortSignal): Promise<void> {
    const result = await ping(targetUrl, secret, { signal });
    const at = shownAddress(targetUrl);
    const silence = result.kind === "answered" ? "" : reasonOf(result);
    if (signal.aborted) return;
    tell("receiver", silence, () => {
      if (silence === "") log.info("the receiver can be reached again where Webex delivers", { at });
      else log.warn("the receiver cannot be reached where Webex delivers", { at, because: silence });
    });
  }

  /** @returns how long to wait for the next one, in milliseconds */
  async function round(arrival: ReceiveContext, signal: AbortSignal): Promise<number> {
    try {
      await look(signal);
      const changes =
        mode === "check"
          ? await check(arrival, signal)
          : await mend(arrival, { at: "running", renewsSecrets: isLongStarted() }, signal);
      tell("round", "", () => log.info("webhooks can be looked after again"));
      if (changes?.some(({ kind }) => kind === "created")) return soon();
    } catch (error) {
      if (signal.aborted) return 0;
      arrival.metrics?.webhook(platform, "failed");
      tell("round", describeError(error), () => {
        log.warn("webhooks cannot be looked after now; tried again", { error: describeError(error) });
      });
    }
    return everyMs * (0.8 + 0.4 * clock.random());
  }

  // By then the processes beside this one were started with the new secret too.
  const isLongStarted = (): boolean => startedAt !== undefined && clock.now() - startedAt >= everyMs / 2;

  const soon = (): number => SOON_MS * (0.5 + clock.random());

  const wantedFor = ({ listensTo }: ReceiveContext): DesiredWebhooks => ({
    targetUrl,
    subscriptions: subscriptionsFor(listensTo),
  });

  return {
    async registerWebhooks(arrival, signal) {
      arrangedAt = clock.now();
      if (mode === "sync") {
        await mend(arrival, { at: "start" }, signal);
        return;
      }
      try {
        await check(arrival, signal);
      } catch (error) {
        log.warn("webhooks could not be checked; the start goes on", { error: describeError(error) });
      }
    },
    async monitorWebhooks(arrival, signal) {
      startedAt = clock.now();
      await look(signal);
      for (let waitMs = soon(); !signal.aborted; waitMs = await round(arrival, signal)) {
        await clock.pause(waitMs, signal);
        if (signal.aborted) return;
      }
    },
  };
}

/** What is the same as before is said once. */
function words(changes: readonly { kind: string; id?: string; name: string; reason: string }[]): string {
  return changes.map(({ kind, id, name, reason }) => `${kind} ${id ?? ""} ${name} ${reason}`).join("\n");
}
