import { checkOptions, optionNames } from "../../core/definition-checks";
import { type Logger, silentLogger } from "../../core/logger";
import type { JsonObject } from "../../core/notice";
import { createCaller } from "../api/caller";
import type { Clock } from "../api/clock";
import { object, optional, WireError } from "../api/wire";
import { idOf } from "./item";
import { ask, type IntercomCallOptions } from "./requests";
import { createConversations, type IntercomConversations } from "./resources/conversations";
import { createSubscriptions, type IntercomSubscriptions } from "./resources/subscriptions";

export type { IntercomCallOptions } from "./requests";
export type {
  IntercomAttachment,
  IntercomConversation,
  IntercomConversations,
  IntercomReply,
} from "./resources/conversations";
export type {
  IntercomSubscription,
  IntercomSubscriptionChanges,
  IntercomSubscriptions,
  NewIntercomSubscription,
} from "./resources/subscriptions";

export interface IntercomClientOptions {
  readonly token: string;
  /** Of the workspace's region. @default "https://api.intercom.io" */
  readonly baseUrl?: string | undefined;
  /** @default the one that the app is set to */
  readonly version?: string | undefined;
  /** Told of calls that are made again. @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Intercom to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<IntercomClientOptions>({
  token: true,
  baseUrl: true,
  version: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/** Somebody of the team, or somebody who is helped. */
export interface IntercomPerson {
  /** The answer as it came. */
  readonly raw: JsonObject;
  readonly id: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
}

/**
 * The calls of Intercom's API that a bot makes. Every call rejects with an ApiError when Intercom refuses, and with a
 * NetworkError when there is no answer, or none that makes sense. A reply is never made again when it may have arrived.
 */
export interface IntercomClient {
  readonly conversations: IntercomConversations;
  readonly subscriptions: IntercomSubscriptions;
  /** The admin whom the token belongs to. */
  me(options?: IntercomCallOptions): Promise<IntercomPerson>;
  contact(id: string, options?: IntercomCallOptions): Promise<IntercomPerson>;
  close(): Promise<void>;
}

/** Makes a client; it connects with the first call. */
export function createIntercomClient(options: IntercomClientOptions): IntercomClient {
  checkOptions("createIntercomClient", options, OPTIONS);
  const {
    token,
    baseUrl = "https://api.intercom.io",
    version,
    log = silentLogger,
    maxWaitMs,
    clock,
  } = options;
  const credentials = {
    authorization: `Bearer ${token}`,
    ...(version === undefined ? {} : { "intercom-version": version }),
  };
  const caller = createCaller({ platform: "intercom", baseUrl, credentials, log, maxWaitMs, clock });
  return {
    conversations: createConversations(caller),
    subscriptions: createSubscriptions(caller),
    me: (callOptions) => ask(caller, { method: "GET", path: "/me" }, parsePerson, callOptions),
    contact: (id, callOptions) =>
      ask(caller, { method: "GET", path: `/contacts/${encodeURIComponent(id)}` }, parsePerson, callOptions),
    close: () => caller.close(),
  };
}

function parsePerson(value: unknown): IntercomPerson {
  const raw = object(value);
  const id = idOf(raw.id);
  if (id === undefined) throw new WireError('"id" is missing');
  return { raw, id, name: optional(raw, "name"), email: optional(raw, "email")?.toLowerCase() };
}
