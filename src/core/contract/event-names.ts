/** Names of the events that a bot can listen to. */

import { suggest } from "../util/suggest-name";
import { ArgumentError } from "./errors";

/**
 * Events by resource, for all platforms together. A platform without a resource sends none of its events. Events that
 * only one platform has begin with its name: `intercom:conversation.admin.closed`.
 */
export const RESOURCE_EVENTS = {
  messages: ["created", "updated", "deleted"],
  memberships: ["created", "updated", "deleted"],
  rooms: ["created", "updated", "migrated"],
  attachmentActions: ["created"],
  meetings: ["created", "updated", "deleted", "started", "ended"],
  meetingParticipants: ["joined", "left"],
  recordings: ["created", "updated", "deleted"],
  meetingTranscripts: ["created"],
  convergedRecordings: ["created", "updated", "deleted"],
  telephony_calls: ["created", "updated", "deleted"],
  telephony_conference: ["created", "updated", "deleted"],
  telephony_mwi: ["updated"],
  serviceApp: ["authorized", "deauthorized"],
  dataSources: ["created", "updated", "deleted"],
  uc_counters: ["updated"],
  adminBatchJobs: ["statusChanged"],
} as const;

type Resources = typeof RESOURCE_EVENTS;

/** `"messages.created"`: what `on` takes, besides `"messages"` for a whole resource and `"*"` for everything. */
export type ResourceEvent = {
  [Resource in keyof Resources]: `${Resource}.${Resources[Resource][number]}`;
}[keyof Resources];

/** What `on` takes. A name with a colon belongs to the platform before it. */
export type EventName = ResourceEvent | keyof Resources | "*" | `${string}:${string}`;

const KNOWN: ReadonlySet<string> = new Set([
  "*",
  ...Object.entries(RESOURCE_EVENTS).flatMap(([resource, events]) => [
    resource,
    ...events.map((event) => `${resource}.${event}`),
  ]),
]);

/** @throws ArgumentError for a name that no platform knows, with the nearest one that exists */
export function checkEventName(where: string, name: string): void {
  if (KNOWN.has(name) || /^[^:]+:./.test(name)) return;
  const meant = suggest(name, KNOWN);
  const remedy =
    meant === undefined
      ? `Events are named <resource>.<event> (${Object.keys(RESOURCE_EVENTS).slice(0, 4).join(", ")}, …) or <platform>:<event>`
      : `Did you mean "${meant}"?`;
  throw new ArgumentError(`${where}: there is no event "${name}". ${remedy}`);
}
