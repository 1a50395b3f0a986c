import { optional, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { createCollection, type Requests, type WebexCallOptions, type WebexCollection } from "./requests";

/** A web page pinned to a room. @see https://developer.webex.com/docs/api/v1/room-tabs */
export interface WebexRoomTab extends Parsed {
  readonly roomId: string;
  readonly contentUrl: string | undefined;
  readonly displayName: string | undefined;
  readonly creatorId: string | undefined;
}

/** A tab as it is to be; changing one takes all of it again. */
export interface NewWebexRoomTab {
  readonly roomId: string;
  /** `https:` only. */
  readonly contentUrl: string;
  readonly displayName: string;
}

export interface WebexRoomTabs extends WebexCollection<WebexRoomTab, NewWebexRoomTab, NewWebexRoomTab> {
  list(query: { readonly roomId: string }, options?: WebexCallOptions): AsyncIterable<WebexRoomTab>;
}

export function createRoomTabs(requests: Requests): WebexRoomTabs {
  const path = "/room/tabs";
  return {
    ...createCollection(requests, path, parseRoomTab),
    list: (query, options) => requests.list(path, { ...query }, parseRoomTab, options),
  };
}

function parseRoomTab(value: unknown): WebexRoomTab {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    roomId: string(raw, "roomId"),
    contentUrl: optional(raw, "contentUrl"),
    displayName: optional(raw, "displayName"),
    creatorId: optional(raw, "creatorId"),
  };
}
