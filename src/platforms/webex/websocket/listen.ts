import {
  ApiError,
  ConnectionRefusedError,
  describeError,
  MalformedDeliveryError,
} from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import type { JsonObject } from "../../../core/contract/notice";
import type { ConnectionContext } from "../../../core/contract/platform";
import type { Clock } from "../../api/clock";
import { clusterOf } from "../ids";
import { type NoticeSource, toNotice } from "../parse";
import { subscriptionsFor } from "../webhooks/subscriptions";
import { toEnvelopes, type Whereabouts } from "./activity";
import { type Catalog, readCatalog } from "./catalog";
import { afterClose } from "./close-codes";
import { type ConnectionEnd, type ConnectionTimings, runConnection, TIMINGS } from "./connection";
import { openDevice } from "./device";
import { createServices, type Services } from "./services";

/** What can be set of receiving over the websocket. */
export interface WebsocketSettings {
  /** Where Webex tells which services it has. @default that of the cloud that the API is in */
  readonly catalogUrl?: string | undefined;
  /**
   * Name of the registration that events are sent to. Two programs with the same bot and the same name take each
   * other's place. @default "bellhop" with the account's name
   */
  readonly deviceName?: string | undefined;
  /** @default 30 s to connect, a ping every 15 s that is answered within 14 s */
  readonly timings?: ConnectionTimings | undefined;
}

export interface ListenParts extends WebsocketSettings {
  readonly source: NoticeSource;
  readonly token: string;
  readonly catalogUrl: string;
  readonly deviceName: string;
  readonly log: Logger;
  readonly clock: Clock;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 32_000;
/** A connection that lasted so long ended for a reason of its own. */
const SETTLED_AFTER_MS = 60_000;

/** What there is to connect to. */
interface Way {
  readonly catalog: Catalog;
  readonly webSocketUrl: string;
}

/**
 * Receives over Webex' websocket until `signal` is aborted: finds the services, registers a device, connects, and again
 * whenever the connection ends. What came meanwhile is said to be missed.
 * @throws ConnectionRefusedError when connecting again would not help; ApiError when the token was refused before there
 * ever was a connection
 */
export async function listen(
  parts: ListenParts,
  intake: ConnectionContext,
  signal: AbortSignal,
): Promise<void> {
  const services = createServices(parts);
  try {
    await new Listening(parts, services, intake).run(signal);
  } finally {
    await services.close();
  }
}

class Listening {
  readonly #parts: ListenParts;
  readonly #services: Services;
  readonly #intake: ConnectionContext;
  /** Names of the events that webhooks would be registered for. */
  readonly #wanted: ReadonlySet<string>;
  #way: Way | undefined;
  #isDeviceStale = false;
  #wasConnected = false;
  /** Until when nothing was missed; `undefined` before the first connection, whose past is looked for anyway. */
  #completeUntil: number | undefined;
  /** Ends in a row. */
  #failures = 0;

  constructor(parts: ListenParts, services: Services, intake: ConnectionContext) {
    this.#parts = parts;
    this.#services = services;
    this.#intake = intake;
    this.#wanted = new Set(
      subscriptionsFor(intake.listensTo).map(({ resource, event }) => `${resource}.${event}`),
    );
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      const waitMs = await this.#once(signal);
      if (waitMs > 0 && !signal.aborted) await clock.pause(waitMs, signal);
    }
  }

  /** @returns how long to wait before the next connection, in milliseconds */
  async #once(signal: AbortSignal): Promise<number> {
    const { clock } = this.#parts;
    const begun = clock.now();
    let end: ConnectionEnd;
    try {
      this.#way ??= await this.#findWay(signal);
    } catch (error) {
      // Before there ever was a connection, a refusal is the answer to whoever starts; later it may pass.
      if (isRefusal(error) && !this.#wasConnected && !signal.aborted) throw error;
      return this.#afterFailure(error, signal);
    }
    try {
      end = await this.#connect(this.#way, signal);
    } catch (error) {
      return this.#afterFailure(error, signal);
    } finally {
      this.#intake.connected(false);
    }
    if (signal.aborted) return 0;
    if (clock.now() - begun >= SETTLED_AFTER_MS) this.#failures = 0;
    return this.#afterEnd(end);
  }

  /** There was no connection: everything is asked for anew. */
  #afterFailure(error: unknown, signal: AbortSignal): number {
    if (signal.aborted) return 0;
    this.#way = undefined;
    const inMs = this.#backOff();
    this.#parts.log.warn("Webex' websocket cannot be reached; trying again", {
      error: describeError(error),
      inMs,
    });
    return inMs;
  }

  /** @throws ConnectionRefusedError */
  #afterEnd({ code, reason, wasAuthorised, completeUntil }: ConnectionEnd): number {
    const verdict = afterClose(code, reason);
    if (verdict.kind === "final") throw verdict.error;
    if (wasAuthorised) this.#completeUntil = Math.min(completeUntil, this.#completeUntil ?? completeUntil);
    else this.#way = undefined;
    // A second end so soon is no accident.
    const isAtOnce = verdict.kind === "at-once" && wasAuthorised && this.#failures === 0;
    const waitMs = this.#backOff();
    const inMs = isAtOnce ? 0 : waitMs;
    this.#parts.log.warn("the connection to Webex ended; connecting again", { code, reason, inMs });
    return inMs;
  }

  /** One second, twice as long each time; spread, because many lose their connection at once. */
  #backOff(): number {
    const grown = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    return Math.round(grown * (1 - this.#parts.clock.random() / 2));
  }

  async #findWay(signal: AbortSignal): Promise<Way> {
    const { catalogUrl, deviceName: name, log } = this.#parts;
    const catalog = await readCatalog(this.#services, catalogUrl, signal);
    const parts = { services: this.#services, devicesUrl: catalog.devicesUrl, name, log };
    const { webSocketUrl } = await openDevice(parts, this.#isDeviceStale, signal);
    this.#services.check(webSocketUrl);
    this.#isDeviceStale = false;
    return { catalog, webSocketUrl };
  }

  async #connect({ catalog, webSocketUrl }: Way, signal: AbortSignal): Promise<ConnectionEnd> {
    const { token, timings = TIMINGS, log, clock } = this.#parts;
    const onAuthorised = (): void => {
      this.#wasConnected = true;
      this.#intake.connected(true);
      log.info("events arrive over Webex' websocket");
      if (this.#completeUntil !== undefined) this.#intake.missedSince(this.#completeUntil);
      this.#completeUntil = undefined;
    };
    try {
      return await runConnection(
        {
          webSocketUrl,
          token,
          timings,
          log,
          now: clock.now,
          take: (activity) => this.#take(activity, catalog),
          onAuthorised,
          onGap: (since) => this.#intake.missedSince(since),
        },
        signal,
      );
    } catch (error) {
      // The registration has run out, whatever was said when it was refreshed.
      if (error instanceof ApiError && error.status === 404) this.#isDeviceStale = true;
      throw error;
    }
  }

  async #take(activity: JsonObject, catalog: Catalog): Promise<void> {
    const { source, log } = this.#parts;
    try {
      const wanted = toEnvelopes(activity, (where) => this.#findCluster(where, catalog)).filter(
        ({ resource, event }) => this.#wanted.has(`${resource}.${event}`),
      );
      await Promise.all(wanted.map((envelope) => this.#intake.accept(toNotice(envelope, source))));
    } catch (error) {
      // It would come again just as it is.
      if (!(error instanceof MalformedDeliveryError)) throw error;
      log.warn("an activity was not understood, and is left alone", { error: error.message });
    }
  }

  /** Ids that are wrong in this part cannot be fetched, which the path of the event will tell. */
  #findCluster({ urls, roomId }: Whereabouts, catalog: Catalog): string {
    const known = urls.map(catalog.clusterOf).find((cluster) => cluster !== undefined);
    const found = known ?? (roomId === undefined ? undefined : clusterOf(roomId));
    if (found !== undefined) return found;
    // The next connection asks for the catalog anew.
    this.#way = undefined;
    const hosts = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).host);
    this.#parts.log.warn("a host is not in Webex' catalog; its ids are taken for those of the cluster us", {
      hosts,
    });
    return "us";
  }
}

/** The token is not accepted for this, or there is no such thing for it. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 401 || error.status === 403;
  return error instanceof ConnectionRefusedError;
}
