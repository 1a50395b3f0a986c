import { flag, optional, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import type { WebexPersonRef } from "./memberships";
import { createCollection, type Requests, type WebexCallOptions, type WebexCollection } from "./requests";

/** Somebody in a team. @see https://developer.webex.com/docs/api/v1/team-memberships */
export interface WebexTeamMembership extends Parsed {
  readonly teamId: string;
  readonly personId: string;
  readonly personEmail: string | undefined;
  readonly personDisplayName: string | undefined;
  readonly isModerator: boolean | undefined;
}

/** Somebody to be added to a team, and to its General room. */
export type NewWebexTeamMembership = WebexPersonRef & {
  readonly teamId: string;
  readonly isModerator?: boolean | undefined;
};

export interface WebexTeamMembershipChanges {
  readonly isModerator: boolean;
}

export interface WebexTeamMembershipQuery {
  readonly teamId: string;
  /** How many a page. @default 100, at Webex */
  readonly max?: number | undefined;
}

export interface WebexTeamMemberships
  extends WebexCollection<WebexTeamMembership, NewWebexTeamMembership, WebexTeamMembershipChanges> {
  list(query: WebexTeamMembershipQuery, options?: WebexCallOptions): AsyncIterable<WebexTeamMembership>;
}

export function createTeamMemberships(requests: Requests): WebexTeamMemberships {
  const path = "/team/memberships";
  return {
    ...createCollection(requests, path, parseTeamMembership),
    list: (query, options) => requests.list(path, { ...query }, parseTeamMembership, options),
  };
}

function parseTeamMembership(value: unknown): WebexTeamMembership {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    teamId: string(raw, "teamId"),
    personId: string(raw, "personId"),
    personEmail: optional(raw, "personEmail"),
    personDisplayName: optional(raw, "personDisplayName"),
    isModerator: flag(raw, "isModerator"),
  };
}
