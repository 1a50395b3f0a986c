import { flag, optional, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { createCollection, type Requests, type WebexCallOptions, type WebexCollection } from "./requests";

/** Somebody in a room. @see https://developer.webex.com/docs/api/v1/memberships */
export interface WebexMembership extends Parsed {
  readonly roomId: string;
  readonly personId: string;
  readonly personEmail: string | undefined;
  readonly personDisplayName: string | undefined;
  readonly isModerator: boolean | undefined;
  /** Only of direct rooms. */
  readonly isRoomHidden: boolean | undefined;
  /** `"direct"`, `"group"`. */
  readonly roomType: string | undefined;
}

/** Who is meant, by id or by e-mail address. */
export type WebexPersonRef =
  | { readonly personId: string; readonly personEmail?: undefined }
  | { readonly personEmail: string; readonly personId?: undefined };

/** Somebody to be added to a room; refused with 409 when they are in it. */
export type NewWebexMembership = WebexPersonRef & {
  readonly roomId: string;
  readonly isModerator?: boolean | undefined;
};

export interface WebexMembershipChanges {
  readonly isModerator: boolean;
  /** Matters in direct rooms only. */
  readonly isRoomHidden: boolean;
}

export interface WebexMembershipQuery {
  /** Without it: one's own memberships, which tells the rooms one is in. */
  readonly roomId?: string | undefined;
  /** Needs `roomId`. */
  readonly personId?: string | undefined;
  /** Needs `roomId`. */
  readonly personEmail?: string | undefined;
  /** How many a page. @default 100, at Webex */
  readonly max?: number | undefined;
}

/** `delete` of one's own is leaving the room. */
export interface WebexMemberships
  extends WebexCollection<WebexMembership, NewWebexMembership, WebexMembershipChanges> {
  list(query?: WebexMembershipQuery, options?: WebexCallOptions): AsyncIterable<WebexMembership>;
}

export function createMemberships(requests: Requests): WebexMemberships {
  const path = "/memberships";
  return {
    ...createCollection(requests, path, parseMembership),
    list: (query, options) => requests.list(path, { ...query }, parseMembership, options),
  };
}

function parseMembership(value: unknown): WebexMembership {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    roomId: string(raw, "roomId"),
    personId: string(raw, "personId"),
    personEmail: optional(raw, "personEmail"),
    personDisplayName: optional(raw, "personDisplayName"),
    isModerator: flag(raw, "isModerator"),
    isRoomHidden: flag(raw, "isRoomHidden"),
    roomType: optional(raw, "roomType"),
  };
}
