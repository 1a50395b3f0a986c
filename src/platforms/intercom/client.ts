import { checkOptions, optionNames } from "../../core/contract/check-options";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { createCaller } from "../api/api-client";
import type { Clock } from "../api/clock";
import { ask, type IntercomCallOptions } from "./requests";
import { createConversations, type IntercomConversations } from "./resources/conversations";
import {
  createAdmins,
  createContacts,
  createTeams,
  get,
  type IntercomAdmins,
  type IntercomContacts,
  type IntercomPerson,
  type IntercomTeams,
  parsePerson,
} from "./resources/people";
import { createSubscriptions, type IntercomSubscriptions } from "./resources/subscriptions";
import { createTags, type IntercomTags } from "./resources/tags";

export type { IntercomCallOptions } from "./requests";
export type {
  IntercomAttachment,
  IntercomConversation,
  IntercomConversations,
  IntercomReply,
} from "./resources/conversations";
export type {
  IntercomAdmins,
  IntercomContactQuery,
  IntercomContacts,
  IntercomPerson,
  IntercomTeam,
  IntercomTeams,
} from "./resources/people";
export type {
  IntercomSubscription,
  IntercomSubscriptionChanges,
  IntercomSubscriptions,
  NewIntercomSubscription,
} from "./resources/subscriptions";
export type { IntercomTag, IntercomTags } from "./resources/tags";

/** Where the API of a workspace in the US is. */
export const US_BASE_URL = "https://api.intercom.io";

export interface IntercomClientOptions {
  readonly token: string;
  /** Of the workspace's region. @default "https://api.intercom.io" */
  readonly baseUrl?: string | undefined;
  /** Id of the admin to act as. @default the token's own */
  readonly adminId?: string | undefined;
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
  adminId: true,
  version: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/**
 * The calls of Intercom's API that a bot makes. Every call rejects with an ApiError when Intercom refuses, and with a
 * NetworkError when there is no answer, or none that makes sense. A reply is never made again when it may have arrived.
 */
export interface IntercomClient {
  readonly conversations: IntercomConversations;
  readonly contacts: IntercomContacts;
  readonly admins: IntercomAdmins;
  readonly teams: IntercomTeams;
  readonly tags: IntercomTags;
  readonly subscriptions: IntercomSubscriptions;
  /** The admin whom the token belongs to. */
  me(options?: IntercomCallOptions): Promise<IntercomPerson>;
  /** Id of the admin that the client acts as: the one that it was made with, or the token's own, which it asks for once. */
  adminId(options?: IntercomCallOptions): Promise<string>;
  close(): Promise<void>;
}

/** Makes a client; it connects with the first call. */
export function createIntercomClient(options: IntercomClientOptions): IntercomClient {
  checkOptions("createIntercomClient", options, OPTIONS);
  const { token, baseUrl = US_BASE_URL, version, log = silentLogger, maxWaitMs, clock } = options;
  const credentials = {
    authorization: `Bearer ${token}`,
    ...(version === undefined ? {} : { "intercom-version": version }),
  };
  const caller = createCaller({ platform: "intercom", baseUrl, credentials, log, maxWaitMs, clock });
  let { adminId } = options;

  async function me(callOptions?: IntercomCallOptions): Promise<IntercomPerson> {
    const found = await ask(caller, get("/me"), parsePerson, callOptions);
    adminId ??= found.id;
    return found;
  }

  return {
    conversations: createConversations(caller),
    contacts: createContacts(caller),
    admins: createAdmins(caller),
    teams: createTeams(caller),
    tags: createTags(caller),
    subscriptions: createSubscriptions(caller),
    me,
    async adminId(callOptions) {
      return adminId ?? (await me(callOptions)).id;
    },
    close: () => caller.close(),
  };
}
