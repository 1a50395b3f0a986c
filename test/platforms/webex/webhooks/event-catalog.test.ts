import { type Watched, watchFault } from "../../../../src/platforms/webex/webhooks/event-catalog";

const toWatched = (text: string): Watched => {
  const [what = "", filter, ownedBy] = text.split(" ");
  const [resource = "", event = ""] = what.split(".");
  return { resource, event, filter: filter || undefined, ownedBy: ownedBy === "org" ? ownedBy : undefined };
};

it.each([
  "messages.created",
  "messages.all",
  "all.all",
  "messages.created roomType=group&mentionedPeople=me",
  "messages.created personEmail=ada@example.com&hasFiles=true",
  "memberships.updated isModerator=true",
  "rooms.migrated",
  "attachmentActions.created messageId=Y2lzY29zcGFyazovL3VzL01FU1NBR0UvMQ==",
  "telephony_mwi.updated",
  "meetings.started hostEmail=ada@example.com org",
  "recordings.created siteUrl=example.webex.com",
])("finds nothing wrong with %s", (text) => {
  expect(watchFault(toWatched(text))).toBeUndefined();
});

it.each([
  ["message.created", /no resource "message"; expected one of messages, memberships, .*, all$/],
  ["constructor.created", /no resource "constructor"/],
  ["messages.updated", /resource messages .* no event "updated"; expected one of created, deleted, all$/],
  ["messages.Created", /no event "Created"/],
  ["attachmentActions.all", /no event "all"; expected created$/],
  ["all.created", /no event "created"; expected all$/],
  ["all.all roomType=group", /no filters for all\.all/],
  ["rooms.migrated type=group", /no filters for rooms\.migrated/],
  ["telephony_mwi.updated state=new", /no filters for telephony_mwi\.updated/],
  ["messages.created roomtype=group", /no filter "roomtype" .*; expected one of roomId, roomType, /],
  ["memberships.created constructor=x", /no filter "constructor"/],
  ["messages.created roomType=both", /roomType=both; expected one of direct, group$/],
  ["messages.created hasFiles=yes", /hasFiles=yes; expected one of true, false$/],
  ["messages.created roomId", /the filter has "roomId"; expected key=value/],
  ["messages.created roomId=", /the filter has "roomId="; expected key=value/],
  ["messages.created roomId=1&", /the filter has ""; expected key=value/],
  ["messages.created roomId=1&roomId=2", /roomId twice/],
  ["meetings.started hostEmail=ada@example.com", /hostEmail is only for .* the organisation/],
  [
    "messages.created  org",
    /messages cannot be watched for a whole organisation; expected one of meetings, /,
  ],
])("says what is wrong with %s", (text, fault) => {
  expect(watchFault(toWatched(text))).toMatch(fault);
});
