import { describe } from "../../../core/errors";
import { type Logger, silentLogger, withFields } from "../../../core/logger";
import { type Metrics, noMetrics } from "../../../core/metrics";
import { type Clock, systemClock } from "../../api/clock";
import type { WebhookChange } from "./apply";
import type { PingResult } from "./ping";
import type { PlannedWebhookChange, WantedWebhooks } from "./plan";
import { reasonOf, type WebhookSyncOptions } from "./sync";

export interface CaretakerOptions {
  readonly webex: CaredFor;
  readonly wanted: WantedWebhooks;
  /** `sync` mends; `check` says what it would do and changes nothing. */
  readonly mode: "sync" | "check";
  /** @default says nothing */
  readonly log?: Logger | undefined;
  /** @default counts nothing */
  readonly metrics?: Pick<Metrics, "webhook"> | undefined;
  /** Between two looks, in milliseconds, a fifth more or less by chance. @default 300_000 */
  readonly everyMs?: number | undefined;
  /**
   * Called when webhooks deliver again that Webex had switched off. What it throws is logged.
   * @param since from when on deliveries may be missing, in milliseconds since 1970; `undefined` when that was before
   * this process
   */
  readonly onReactivated?: ((since: number | undefined) => unknown) | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

/** What the caretaker needs of a bot; a `Webex` is one. */
export interface CaredFor {
  readonly name: string;
  readonly account: string;
  syncWebhooks(
    wanted: WantedWebhooks,
    signal: AbortSignal,
    options?: WebhookSyncOptions,
  ): Promise<WebhookChange[]>;
  planWebhooks(
    wanted: WantedWebhooks,
    signal: AbortSignal,
    options?: WebhookSyncOptions,
  ): Promise<PlannedWebhookChange[]>;
  pingReceiver(targetUrl: string, signal: AbortSignal): Promise<PingResult>;
}

/** Sees to it that Webex delivers. */
export interface Caretaker {
  /**
   * What is done before the first event: the webhooks become what is wanted. In mode `check` it never fails.
   * @throws ApiError, NetworkError
   */
  prepare(signal: AbortSignal): Promise<void>;
  /** Looks at once whether the receiver can be reached, then again and again at everything. Ends when `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
}

/** Webex switches a webhook off when deliveries have failed for up to this long. */
const FAILING_MS = 5 * 60_000;

/** Two processes that started at once may both have created a webhook: soon one of them removes the double. */
const SOON_MS = 10_000;

/** Makes a caretaker of one bot's webhooks. Any number of processes may have one each. */
export function createCaretaker(options: CaretakerOptions): Caretaker {
  const { webex, wanted, mode, metrics = noMetrics, everyMs = 300_000, clock = systemClock } = options;
  const log = withFields(options.log ?? silentLogger, { platform: webex.name, account: webex.account });
  const said = new Map<string, string>();
  let lastSeenWell: number | undefined;

  /** Says it when it is news. @param state `""` for well */
  function tell(subject: string, state: string, say: () => void): void {
    const before = said.get(subject) ?? "";
    said.set(subject, state);
    if (state !== before) say();
  }

  async function mend(at: "start" | "running", signal: AbortSignal): Promise<readonly WebhookChange[]> {
    const lookedAt = clock.now();
    const changes = await webex.syncWebhooks(wanted, signal, { at });
    for (const { kind } of changes) if (kind !== "left") metrics.webhook(webex.name, kind);
    const left = changes.filter(({ kind }) => kind === "left");
    tell("left", words(left), () => {
      for (const { id, name, reason } of left)
        log.warn("webhook left as it is; bellhop doctor says more", { id, name, reason });
    });
    if (changes.some(({ kind }) => kind === "reactivated")) await passOnReactivation();
    if (left.length === 0) lastSeenWell = lookedAt;
    return changes;
  }

  async function passOnReactivation(): Promise<void> {
    const since = lastSeenWell === undefined ? undefined : lastSeenWell - FAILING_MS;
    log.warn(
      "webhooks that Webex had switched off deliver again; what was said meanwhile was not delivered",
      {
        since: since === undefined ? undefined : new Date(since).toISOString(),
      },
    );
    try {
      await options.onReactivated?.(since);
    } catch (error) {
      log.error("what follows a reactivation failed", { error: describe(error) });
    }
  }

  async function check(at: "start" | "running", signal: AbortSignal): Promise<void> {
    const planned = await webex.planWebhooks(wanted, signal, { at });
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
    const { targetUrl } = wanted;
    const result = await webex.pingReceiver(targetUrl, signal);
    const silence = result.kind === "answered" ? "" : reasonOf(result);
    if (signal.aborted) return;
    tell("receiver", silence, () => {
      if (silence === "") log.info("the receiver can be reached again where Webex delivers", { targetUrl });
      else log.warn("the receiver cannot be reached where Webex delivers", { targetUrl, because: silence });
    });
  }

  /** @returns how long to wait for the next one, in milliseconds */
  async function round(signal: AbortSignal): Promise<number> {
    try {
      await look(signal);
      if (mode === "check") await check("running", signal);
      else if ((await mend("running", signal)).some(({ kind }) => kind === "created")) return soon();
      tell("round", "", () => log.info("webhooks can be looked after again"));
    } catch (error) {
      if (signal.aborted) return 0;
      metrics.webhook(webex.name, "failed");
      tell("round", describe(error), () => {
        log.warn("webhooks cannot be looked after now; tried again", { error: describe(error) });
      });
    }
    return everyMs * (0.8 + 0.4 * clock.random());
  }

  const soon = (): number => SOON_MS * (0.5 + clock.random());

  return {
    async prepare(signal) {
      if (mode === "sync") {
        await mend("start", signal);
        return;
      }
      try {
        await check("start", signal);
      } catch (error) {
        log.warn("webhooks could not be checked; the start goes on", { error: describe(error) });
      }
    },
    async run(signal) {
      await look(signal).catch((error: unknown) => {
        log.warn("the receiver could not be pinged", { error: describe(error) });
      });
      for (let waitMs = soon(); !signal.aborted; waitMs = await round(signal)) {
        await clock.pause(waitMs, signal);
        if (signal.aborted) return;
      }
    },
  };
}

function words(changes: readonly { kind: string; id?: string; name: string; reason: string }[]): string {
  return changes.map(({ kind, id, name, reason }) => `${kind} ${id ?? ""} ${name} ${reason}`).join("\n");
}
