import { badRequest, notFound } from "./api-error";
import type { Fields } from "./fields";
import type { Person, RoomTab } from "./records";
import { requireMembership } from "./rooms";
import { newId, timestamp, type Webex } from "./webex";

/** The tabs of one of the caller's rooms. */
export function listTabs(webex: Webex, caller: Person, query: Fields): RoomTab[] {
  const { room } = requireMembership(webex, caller, query.string("roomId"));
  return [...webex.store.tabs.values()].filter((tab) => tab.roomId === room.id);
}

/** One tab of a room that the caller is in. */
export function getTab(webex: Webex, caller: Person, tabId: string): RoomTab {
  const tab = webex.store.tabs.get(tabId);
  if (tab === undefined) throw notFound();
  requireMembership(webex, caller, tab.roomId);
  return tab;
}

/** Pins a web page to a room. */
export function createTab(webex: Webex, caller: Person, fields: Fields): RoomTab {
  const { room } = requireMembership(webex, caller, fields.string("roomId"));
  const tab: RoomTab = {
    id: newId(webex, "ROOM_TAB"),
    roomId: room.id,
    roomType: room.type,
    ...readTab(fields),
    creatorId: caller.id,
    created: timestamp(webex),
  };
  webex.store.tabs.set(tab.id, tab);
  return tab;
}

/** Changes a tab's page and name; its room has to be named and stays. */
export function updateTab(webex: Webex, caller: Person, tabId: string, fields: Fields): RoomTab {
  const tab = getTab(webex, caller, tabId);
  if (fields.string("roomId") !== tab.roomId) throw badRequest("'roomId' is not the room of the tab.");
  return Object.assign(tab, readTab(fields));
}

/** Removes a tab. */
export function deleteTab(webex: Webex, caller: Person, tabId: string): void {
  webex.store.tabs.delete(getTab(webex, caller, tabId).id);
}

function readTab(fields: Fields): Pick<RoomTab, "contentUrl" | "displayName"> {
  const contentUrl = fields.string("contentUrl");
  if (!contentUrl.startsWith("https://") || !URL.canParse(contentUrl))
    throw badRequest("'contentUrl' must be an https URL.");
  return { contentUrl, displayName: fields.string("displayName") };
}
