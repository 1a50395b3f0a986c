import { optional, strings } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { below, type Requests, type WebexCallOptions } from "./requests";

/** @see https://developer.webex.com/docs/api/v1/people */
export interface WebexPerson extends Parsed {
  readonly emails: readonly string[];
  readonly displayName: string | undefined;
  readonly nickName: string | undefined;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  /** URL of a picture. */
  readonly avatar: string | undefined;
  readonly orgId: string | undefined;
  /** `"person"`, `"bot"`, `"appuser"`. */
  readonly type: string | undefined;
}

/** Whom to look for, by one of these. */
export type WebexPeopleQuery = (
  | {
      /** Found within one's own organisation only. */
      readonly email: string;
      readonly displayName?: undefined;
      readonly id?: undefined;
    }
  | {
      /** How the name begins. */
      readonly displayName: string;
      readonly email?: undefined;
      readonly id?: undefined;
    }
  | {
      /** Up to 85; those that nobody has are left out. */
      readonly id: readonly string[];
      readonly email?: undefined;
      readonly displayName?: undefined;
    }
) & {
  /** How many a page. @default 100, at Webex */
  readonly max?: number | undefined;
};

export interface WebexPeople {
  /** Whose token it is. */
  me(options?: WebexCallOptions): Promise<WebexPerson>;
  get(id: string, options?: WebexCallOptions): Promise<WebexPerson>;
  list(query: WebexPeopleQuery, options?: WebexCallOptions): AsyncIterable<WebexPerson>;
}

export function createPeople(requests: Requests): WebexPeople {
  const path = "/people";
  return {
    me: (options) => requests.get(`${path}/me`, parsePerson, options),
    get: (id, options) => requests.get(below(path, id), parsePerson, options),
    list: ({ id, ...query }, options) =>
      requests.list(path, { ...query, id: id?.join(",") }, parsePerson, options),
  };
}

export function parsePerson(value: unknown): WebexPerson {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    emails: strings(raw, "emails"),
    displayName: optional(raw, "displayName"),
    nickName: optional(raw, "nickName"),
    firstName: optional(raw, "firstName"),
    lastName: optional(raw, "lastName"),
    avatar: optional(raw, "avatar"),
    orgId: optional(raw, "orgId"),
    type: optional(raw, "type"),
  };
}
