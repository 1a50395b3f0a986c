/** What one resource can be watched for, and by which filters. */
export interface ResourceRule {
  readonly events: readonly string[];
  readonly filters: readonly string[];
}

function rule(events: string, filters = ""): ResourceRule {
  return { events: events.split(" "), filters: filters.split(" ").filter((name) => name !== "") };
}

/**
 * Every resource a webhook may name. Those after `attachmentActions` can be registered and never fire here.
 * `messages.updated` is in the list of event names though in no table of the guide; edits are sent as that.
 *
 * @see https://developer.webex.com/docs/webhooks
 */
export const resources: Readonly<Record<string, ResourceRule>> = {
  messages: rule(
    "created updated deleted",
    "roomId roomType personId personEmail mentionedPeople hasFiles hasAttachments",
  ),
  memberships: rule("created updated deleted", "roomId personId personEmail isModerator"),
  rooms: rule("created updated migrated", "type isLocked"),
  attachmentActions: rule("created", "messageId personId roomId"),
  meetings: rule(
    "created updated deleted started ended",
    "id meetingNumber meetingType state hostEmail hostUserId siteUrl",
  ),
  meetingParticipants: rule("joined left", "id meetingId state hostEmail hostPersonId siteUrl"),
  recordings: rule(
    "created updated deleted",
    "id meetingId scheduledMeetingId meetingSeriesId hostEmail hostUserId",
  ),
  meetingTranscripts: rule("created", "id meetingId scheduledMeetingId meetingSeriesId hostEmail hostUserId"),
  convergedRecordings: rule(
    "created updated deleted",
    "recordingId ownerId ownerEmail ownerType serviceType locationId",
  ),
  telephony_calls: rule("created updated deleted", "personality state number personId callType"),
  telephony_conference: rule("created updated deleted"),
  telephony_mwi: rule("updated"),
  uc_counters: rule("updated"),
  dataSources: rule("created updated deleted"),
  serviceApp: rule("authorized deauthorized", "id friendlyName trainSiteNames adminTrainSiteNames"),
  adminBatchJobs: rule("statusChanged"),
};

/** What `event: "all"` of one resource, or `resource: "all"`, stands for. Card actions are in neither. */
export const firehoseResources: ReadonlySet<string> = new Set(["memberships", "messages", "rooms"]);

/** What `resource: "all"` passes on. */
export const firehoseEvents: ReadonlySet<string> = new Set(["created", "updated", "deleted"]);
