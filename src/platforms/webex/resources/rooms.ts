import { flag, object, optional, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import {
  below,
  createCollection,
  type Requests,
  type WebexCallOptions,
  type WebexCollection,
} from "./requests";

/** @see https://developer.webex.com/docs/api/v1/rooms */
export interface WebexRoom extends Parsed {
  /** Of a direct room, the other one's name. */
  readonly title: string | undefined;
  /** `"direct"`, `"group"`. */
  readonly type: string | undefined;
  readonly isLocked: boolean | undefined;
  readonly teamId: string | undefined;
  readonly creatorId: string | undefined;
  readonly description: string | undefined;
  /** ISO 8601. */
  readonly lastActivity: string | undefined;
}

/** A group room to be opened; a direct one opens with the first message to its person. */
export interface NewWebexRoom {
  readonly title: string;
  /** The team it is to belong to. */
  readonly teamId?: string | undefined;
  readonly classificationId?: string | undefined;
  /** Only moderators may change it and who is in it. */
  readonly isLocked?: boolean | undefined;
  readonly isPublic?: boolean | undefined;
  readonly isAnnouncementOnly?: boolean | undefined;
  readonly description?: string | undefined;
}

/** What a room is to become; the title is always said. */
export interface WebexRoomChanges extends NewWebexRoom {
  readonly isReadOnly?: boolean | undefined;
}

export interface WebexRoomQuery {
  readonly teamId?: string | undefined;
  readonly type?: "direct" | "group" | undefined;
  readonly orgPublicSpaces?: boolean | undefined;
  readonly sortBy?: "id" | "lastactivity" | "created" | undefined;
  /** How many a page, up to 1000. @default 100, at Webex */
  readonly max?: number | undefined;
}

/** How to dial into a room's meeting. */
export interface WebexMeetingInfo {
  /** The unchanged answer. */
  readonly raw: WebexRoom["raw"];
  readonly roomId: string;
  readonly meetingLink: string | undefined;
  readonly sipAddress: string | undefined;
  readonly meetingNumber: string | undefined;
  readonly callInTollFreeNumber: string | undefined;
  readonly callInTollNumber: string | undefined;
}

/** `delete` only leaves a room that one does not moderate, and archives one of a team. */
export interface WebexRooms extends WebexCollection<WebexRoom, NewWebexRoom, WebexRoomChanges> {
  /** Those that the token's owner is in. */
  list(query?: WebexRoomQuery, options?: WebexCallOptions): AsyncIterable<WebexRoom>;
  /** Webex is giving this call up. */
  meetingInfo(id: string, options?: WebexCallOptions): Promise<WebexMeetingInfo>;
}

export function createRooms(requests: Requests): WebexRooms {
  const path = "/rooms";
  return {
    ...createCollection(requests, path, parseRoom),
    list: (query, options) => requests.list(path, { ...query }, parseRoom, options),
    meetingInfo: (id, options) => requests.get(`${below(path, id)}/meetingInfo`, parseMeetingInfo, options),
  };
}

export function parseRoom(value: unknown): WebexRoom {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    title: optional(raw, "title"),
    type: optional(raw, "type"),
    isLocked: flag(raw, "isLocked"),
    teamId: optional(raw, "teamId"),
    creatorId: optional(raw, "creatorId"),
    description: optional(raw, "description"),
    lastActivity: optional(raw, "lastActivity"),
  };
}

function parseMeetingInfo(value: unknown): WebexMeetingInfo {
  const raw = object(value);
  return {
    raw,
    roomId: string(raw, "roomId"),
    meetingLink: optional(raw, "meetingLink"),
    sipAddress: optional(raw, "sipAddress"),
    meetingNumber: optional(raw, "meetingNumber"),
    callInTollFreeNumber: optional(raw, "callInTollFreeNumber"),
    callInTollNumber: optional(raw, "callInTollNumber"),
  };
}
