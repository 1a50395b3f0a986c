import { checkOptions, optionNames } from "../../core/contract/check-options";
import { type Logger, silentLogger } from "../../core/contract/logger";
import { createCaller } from "../api/api-client";
import type { Clock } from "../api/clock";
import { createAttachmentActions, type WebexAttachmentActions } from "./resources/attachment-actions";
import { createFiles, type WebexFiles } from "./resources/files";
import { createMemberships, type WebexMemberships } from "./resources/memberships";
import { createMessages, type WebexMessages } from "./resources/messages";
import { createPeople, type WebexPeople } from "./resources/people";
import { createRequests } from "./resources/requests";
import { createRoomTabs, type WebexRoomTabs } from "./resources/room-tabs";
import { createRooms, type WebexRooms } from "./resources/rooms";
import { createTeamMemberships, type WebexTeamMemberships } from "./resources/team-memberships";
import { createTeams, type WebexTeams } from "./resources/teams";
import { createWebhooks, type WebexWebhooks } from "./resources/webhooks";

export type {
  NewWebexAttachmentAction,
  WebexAttachmentAction,
  WebexAttachmentActions,
} from "./resources/attachment-actions";
export type {
  WebexDownloadOptions,
  WebexFile,
  WebexFileOptions,
  WebexFiles,
} from "./resources/files";
export type {
  NewWebexMembership,
  WebexMembership,
  WebexMembershipChanges,
  WebexMembershipQuery,
  WebexMemberships,
  WebexPersonRef,
} from "./resources/memberships";
export type {
  NewWebexMessage,
  WebexCard,
  WebexDirectMessageQuery,
  WebexMessage,
  WebexMessageEdit,
  WebexMessageQuery,
  WebexMessages,
  WebexPosted,
} from "./resources/messages";
export type { WebexPeople, WebexPeopleQuery, WebexPerson } from "./resources/people";
export type { WebexCallOptions, WebexCollection } from "./resources/requests";
export type { NewWebexRoomTab, WebexRoomTab, WebexRoomTabs } from "./resources/room-tabs";
export type {
  NewWebexRoom,
  WebexMeetingInfo,
  WebexRoom,
  WebexRoomChanges,
  WebexRoomQuery,
  WebexRooms,
} from "./resources/rooms";
export type {
  NewWebexTeamMembership,
  WebexTeamMembership,
  WebexTeamMembershipChanges,
  WebexTeamMembershipQuery,
  WebexTeamMemberships,
} from "./resources/team-memberships";
export type { NewWebexTeam, WebexTeam, WebexTeamQuery, WebexTeams } from "./resources/teams";
export type {
  NewWebexWebhook,
  WebexWebhook,
  WebexWebhookChanges,
  WebexWebhookQuery,
  WebexWebhooks,
} from "./resources/webhooks";

export const WEBEX_API = "https://webexapis.com/v1";

export interface WebexClientOptions {
  readonly token: string;
  /** Used as given, no path is added. @default "https://webexapis.com/v1" */
  readonly baseUrl?: string | undefined;
  /** Told of calls that are made again. @default says nothing */
  readonly log?: Logger | undefined;
  /** Longest wait within one call for Webex to take it, in milliseconds; a longer one is thrown. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** @default the computer's */
  readonly clock?: Clock | undefined;
}

const OPTIONS = optionNames<WebexClientOptions>({
  token: true,
  baseUrl: true,
  log: true,
  maxWaitMs: true,
  clock: true,
});

/**
 * The Webex messaging API, as the owner of one token.
 *
 * Every call rejects with an ApiError when Webex refuses, and with a NetworkError when there is no answer, or none
 * that makes sense. Calls are made again where that is safe and sensible; what Webex tells one call to wait
 * (429), all calls of the client wait. Lists are read page by page while they are looped over.
 * @see https://developer.webex.com/docs/api/basics
 */
export interface WebexClient {
  readonly messages: WebexMessages;
  readonly files: WebexFiles;
  readonly attachmentActions: WebexAttachmentActions;
  readonly rooms: WebexRooms;
  readonly roomTabs: WebexRoomTabs;
  readonly memberships: WebexMemberships;
  readonly people: WebexPeople;
  readonly teams: WebexTeams;
  readonly teamMemberships: WebexTeamMemberships;
  readonly webhooks: WebexWebhooks;
  /** Ends the connections; calls and downloads still under way fail. */
  close(): Promise<void>;
}

/**
 * Makes a client; it connects with the first call.
 * @throws TypeError for a base URL, or a proxy in the environment, that is none
 */
export function createWebexClient(options: WebexClientOptions): WebexClient {
  checkOptions("createWebexClient", options, OPTIONS);
  const { token, baseUrl = WEBEX_API, log = silentLogger, maxWaitMs, clock } = options;
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl))
    throw new TypeError(`createWebexClient: "${baseUrl}" is not a URL that begins with https://`);
  const credentials = { authorization: `Bearer ${token}` };
  const caller = createCaller({ platform: "webex", baseUrl, credentials, log, maxWaitMs, clock });
  const requests = createRequests(caller);
  return {
    messages: createMessages(requests),
    files: createFiles(caller),
    attachmentActions: createAttachmentActions(requests),
    rooms: createRooms(requests),
    roomTabs: createRoomTabs(requests),
    memberships: createMemberships(requests),
    people: createPeople(requests),
    teams: createTeams(requests),
    teamMemberships: createTeamMemberships(requests),
    webhooks: createWebhooks(requests),
    close: () => caller.close(),
  };
}
