import { optional } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { createCollection, type Requests, type WebexCallOptions, type WebexCollection } from "./requests";

/** @see https://developer.webex.com/docs/api/v1/teams */
export interface WebexTeam extends Parsed {
  readonly name: string | undefined;
  readonly description: string | undefined;
}

export interface NewWebexTeam {
  readonly name: string;
  readonly description?: string | undefined;
}

/** The name is always said. */
export interface WebexTeams extends WebexCollection<WebexTeam, NewWebexTeam, NewWebexTeam> {
  /** Those that the token's owner is in. */
  list(query?: WebexTeamQuery, options?: WebexCallOptions): AsyncIterable<WebexTeam>;
}

export interface WebexTeamQuery {
  /** How many a page. @default 100, at Webex */
  readonly max?: number | undefined;
}

export function createTeams(requests: Requests): WebexTeams {
  const path = "/teams";
  return {
    ...createCollection(requests, path, parseTeam),
    list: (query, options) => requests.list(path, { ...query }, parseTeam, options),
  };
}

function parseTeam(value: unknown): WebexTeam {
  const common = parseCommon(value);
  const { raw } = common;
  return { ...common, name: optional(raw, "name"), description: optional(raw, "description") };
}
