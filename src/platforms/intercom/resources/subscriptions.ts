import type { JsonObject } from "../../../core/contract/notice";
import type { Caller } from "../../api/api-client";
import { flag, object, optional, string, strings, WireError } from "../../api/wire";
import { ask, type IntercomCallOptions } from "../requests";

/** A legacy subscription. Today's apps have theirs in the Developer Hub, and newer versions of the API may know none. */
export interface IntercomSubscription {
  /** The answer as it came, without its secret. */
  readonly raw: JsonObject;
  readonly id: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly active: boolean;
  /** Names of the events that `event.created` is wanted for. */
  readonly eventNames: readonly string[];
}

export interface NewIntercomSubscription {
  readonly url: string;
  readonly topics: readonly string[];
  /** What notifications are signed with; without one they are not. */
  readonly secret?: string | undefined;
  readonly eventNames?: readonly string[] | undefined;
}

/** What is given replaces what was there. */
export interface IntercomSubscriptionChanges extends Omit<NewIntercomSubscription, "url" | "topics"> {
  readonly url?: string | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
}

export interface IntercomSubscriptions {
  list(options?: IntercomCallOptions): Promise<readonly IntercomSubscription[]>;
  get(id: string, options?: IntercomCallOptions): Promise<IntercomSubscription>;
  create(subscription: NewIntercomSubscription, options?: IntercomCallOptions): Promise<IntercomSubscription>;
  update(
    id: string,
    changes: IntercomSubscriptionChanges,
    options?: IntercomCallOptions,
  ): Promise<IntercomSubscription>;
  delete(id: string, options?: IntercomCallOptions): Promise<void>;
  /** Has Intercom send a ping. */
  ping(id: string, options?: IntercomCallOptions): Promise<void>;
}

const PATH = "/subscriptions";

export function createSubscriptions(caller: Caller): IntercomSubscriptions {
  const below = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;
  return {
    list: (options) =>
      ask(
        caller,
        { method: "GET", path: PATH },
        (body) => {
          const { items } = object(body);
          if (!Array.isArray(items)) throw new WireError('"items" is not a list');
          return items.map(parseSubscription);
        },
        options,
      ),
    get: (id, options) => ask(caller, { method: "GET", path: below(id) }, parseSubscription, options),
    create: (subscription, options) =>
      ask(
        caller,
        { method: "POST", path: PATH, json: { service_type: "web", ...toJson(subscription) } },
        parseSubscription,
        options,
      ),
    update: (id, changes, options) =>
      ask(caller, { method: "POST", path: below(id), json: toJson(changes) }, parseSubscription, options),
    async delete(id, options) {
      await caller.call({ method: "DELETE", path: below(id), ...options });
    },
    async ping(id, options) {
      await caller.call({ method: "POST", path: `${below(id)}/ping`, json: {}, ...options });
    },
  };
}

function toJson({ url, topics, secret, eventNames, active }: IntercomSubscriptionChanges): JsonObject {
  return {
    ...(url === undefined ? {} : { url }),
    ...(topics === undefined ? {} : { topics: [...topics] }),
    ...(secret === undefined ? {} : { hub_secret: secret }),
    ...(eventNames === undefined ? {} : { metadata: { event_names: [...eventNames] } }),
    ...(active === undefined ? {} : { active }),
  };
}

function parseSubscription(value: unknown): IntercomSubscription {
  const { hub_secret: _, ...raw } = object(value);
  const metadata = raw.metadata;
  return {
    raw,
    id: string(raw, "id"),
    url: optional(raw, "url") ?? "",
    topics: strings(raw, "topics"),
    active: flag(raw, "active") ?? true,
    eventNames:
      typeof metadata === "object" && metadata !== null ? strings(object(metadata), "event_names") : [],
  };
}
