import { RESOURCE_EVENTS } from "../../../core/contract/event-names";

/** What can be heard of one resource. */
interface Watchable {
  readonly events: readonly string[];
  /** Keys of a filter; their spelling counts. */
  readonly filters: readonly string[];
}

const MEETING_FILES = [
  "id",
  "meetingId",
  "scheduledMeetingId",
  "meetingSeriesId",
  "hostEmail",
  "hostUserId",
  "siteUrl",
] as const;

/**
 * What Webex lists for webhooks, by resource.
 * @see https://developer.webex.com/docs/webhook-event-reference
 */
export const WATCHABLE = {
  messages: {
    // Webex sends edits, too, and its guide does not list them.
    events: ["created", "deleted"],
    filters: [
      "roomId",
      "roomType",
      "personId",
      "personEmail",
      "mentionedPeople",
      "hasFiles",
      "hasAttachments",
    ],
  },
  memberships: {
    events: RESOURCE_EVENTS.memberships,
    filters: ["roomId", "personId", "personEmail", "isModerator"],
  },
  rooms: { events: RESOURCE_EVENTS.rooms, filters: ["type", "isLocked"] },
  attachmentActions: {
    events: RESOURCE_EVENTS.attachmentActions,
    filters: ["messageId", "personId", "roomId"],
  },
  meetings: {
    events: RESOURCE_EVENTS.meetings,
    filters: ["id", "meetingNumber", "meetingType", "state", "hostEmail", "hostUserId", "siteUrl"],
  },
  meetingParticipants: {
    events: RESOURCE_EVENTS.meetingParticipants,
    filters: ["id", "meetingId", "state", "hostEmail", "hostPersonId", "siteUrl"],
  },
  recordings: { events: RESOURCE_EVENTS.recordings, filters: MEETING_FILES },
  meetingTranscripts: { events: RESOURCE_EVENTS.meetingTranscripts, filters: MEETING_FILES },
  convergedRecordings: {
    events: RESOURCE_EVENTS.convergedRecordings,
    filters: [
      "recordingId",
      "ownerId",
      "ownerEmail",
      "ownerType",
      "storageRegion",
      "serviceType",
      "locationId",
    ],
  },
  telephony_calls: {
    events: RESOURCE_EVENTS.telephony_calls,
    filters: ["personality", "state", "number", "personId", "callType"],
  },
  telephony_conference: { events: RESOURCE_EVENTS.telephony_conference, filters: [] },
  telephony_mwi: { events: RESOURCE_EVENTS.telephony_mwi, filters: [] },
  serviceApp: {
    events: RESOURCE_EVENTS.serviceApp,
    filters: ["id", "friendlyName", "trainSiteNames", "adminTrainSiteNames"],
  },
  dataSources: { events: RESOURCE_EVENTS.dataSources, filters: [] },
  uc_counters: { events: RESOURCE_EVENTS.uc_counters, filters: [] },
  adminBatchJobs: { events: RESOURCE_EVENTS.adminBatchJobs, filters: [] },
} as const satisfies Readonly<Record<string, Watchable>>;

/** Those of which the event `all` stands for every one; the resource `all` is these three together. */
const ALL_AT_ONCE: readonly string[] = ["memberships", "messages", "rooms"];

const ORGANISATION_WIDE: readonly string[] = [
  "meetings",
  "recordings",
  "convergedRecordings",
  "meetingParticipants",
  "meetingTranscripts",
  "rooms",
  "adminBatchJobs",
];

/** Of others' meetings and calls only an organisation's webhook hears. */
const ORGANISATION_FILTERS: readonly string[] = ["hostEmail", "hostUserId", "ownerEmail", "ownerId"];

const BOOLEAN = ["true", "false"];

/** Filters that take a few words only. */
const FILTER_WORDS: Readonly<Record<string, readonly string[]>> = {
  roomType: ["direct", "group"],
  type: ["direct", "group"],
  isLocked: BOOLEAN,
  isModerator: BOOLEAN,
  hasFiles: BOOLEAN,
  hasAttachments: BOOLEAN,
};

/** What a webhook is to watch. */
export interface Watched {
  readonly resource: string;
  readonly event: string;
  /** `roomType=group&mentionedPeople=me` */
  readonly filter?: string | undefined;
  readonly ownedBy?: "creator" | "org" | undefined;
}

/**
 * Looks for what Webex would refuse, without asking it. Ids in a filter are not looked up.
 * @returns what is wrong and what is allowed, `undefined` when nothing is wrong
 */
export function watchFault({ resource, event, filter, ownedBy }: Watched): string | undefined {
  const rule = ruleOf(resource);
  if (rule === undefined)
    return `there is no resource "${resource}"; expected one of ${[...Object.keys(WATCHABLE), "all"].join(", ")}`;
  if (!rule.events.includes(event))
    return `of the resource ${resource} there is no event "${event}"; expected ${oneOf(rule.events)}`;
  if (ownedBy === "org" && !ORGANISATION_WIDE.includes(resource))
    return `the resource ${resource} cannot be watched for a whole organisation; expected one of ${ORGANISATION_WIDE.join(", ")}`;
  if (filter === undefined) return undefined;
  // Webex has no filters for the event of a room that was moved, though the resource has some.
  const keys = resource === "rooms" && event === "migrated" ? [] : rule.filters;
  return filterFault(filter, { of: `${resource}.${event}`, keys, ownedBy });
}

function ruleOf(resource: string): Watchable | undefined {
  if (resource === "all") return { events: ["all"], filters: [] };
  const found = Object.entries<Watchable>(WATCHABLE).find(([name]) => name === resource)?.[1];
  if (found === undefined || !ALL_AT_ONCE.includes(resource)) return found;
  return { ...found, events: [...found.events, "all"] };
}

function filterFault(
  filter: string,
  { of, keys, ownedBy }: { of: string; keys: readonly string[]; ownedBy: Watched["ownedBy"] },
): string | undefined {
  if (keys.length === 0) return `there are no filters for ${of}; leave the filter out`;
  const seen = new Set<string>();
  for (const part of filter.split("&")) {
    const [, key, value] = /^([^=]*)=(.+)$/.exec(part) ?? [];
    if (key === undefined || value === undefined)
      return `the filter has "${part}"; expected key=value, more than one joined with &`;
    if (!keys.includes(key)) return `there is no filter "${key}" for ${of}; expected ${oneOf(keys)}`;
    if (seen.has(key)) return `the filter has ${key} twice`;
    seen.add(key);
    const fault = valueFault(key, value, ownedBy);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function valueFault(key: string, value: string, ownedBy: Watched["ownedBy"]): string | undefined {
  const words = Object.hasOwn(FILTER_WORDS, key) ? FILTER_WORDS[key] : undefined;
  if (words !== undefined && !words.includes(value))
    return `the filter has ${key}=${value}; expected ${oneOf(words)}`;
  if (ORGANISATION_FILTERS.includes(key) && ownedBy !== "org")
    return `the filter ${key} is only for webhooks that are owned by the organisation`;
  return undefined;
}

function oneOf(words: readonly string[]): string {
  return words.length === 1 ? `${words[0]}` : `one of ${words.join(", ")}`;
}
