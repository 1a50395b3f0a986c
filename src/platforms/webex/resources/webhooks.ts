import { optional, string } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { createCollection, type Requests, type WebexCallOptions, type WebexCollection } from "./requests";

/** @see https://developer.webex.com/docs/api/v1/webhooks */
export interface WebexWebhook extends Parsed {
  readonly name: string;
  readonly targetUrl: string;
  readonly resource: string;
  readonly event: string;
  /** `roomType=group&mentionedPeople=me`. */
  readonly filter: string | undefined;
  /** Published examples show it; an answer without it says nothing about whether there is one. */
  readonly secret: string | undefined;
  /** `"active"`, else it is off. */
  readonly status: string | undefined;
}

export interface NewWebexWebhook {
  readonly name: string;
  readonly targetUrl: string;
  /** `"messages"`, `"memberships"`, … */
  readonly resource: string;
  /** `"created"`, `"updated"`, … */
  readonly event: string;
  readonly filter?: string | undefined;
  /** What deliveries are signed with. */
  readonly secret?: string | undefined;
  readonly ownedBy?: "creator" | "org" | undefined;
}

/** What can be changed of a webhook; name and address are always said. */
export interface WebexWebhookChanges {
  readonly name: string;
  readonly targetUrl: string;
  readonly secret?: string | undefined;
  /** Wakes one that Webex has switched off. */
  readonly status?: "active" | undefined;
}

export interface WebexWebhookQuery {
  /** Those of the organisation instead of one's own. */
  readonly ownedBy?: "org" | undefined;
  /** How many a page. @default 100, at Webex */
  readonly max?: number | undefined;
}

export interface WebexWebhooks extends WebexCollection<WebexWebhook, NewWebexWebhook, WebexWebhookChanges> {
  list(query?: WebexWebhookQuery, options?: WebexCallOptions): AsyncIterable<WebexWebhook>;
}

export function createWebhooks(requests: Requests): WebexWebhooks {
  const path = "/webhooks";
  return {
    ...createCollection(requests, path, parseWebhook),
    list: (query, options) => requests.list(path, { ...query }, parseWebhook, options),
  };
}

export function parseWebhook(value: unknown): WebexWebhook {
  const common = parseCommon(value);
  const { raw } = common;
  return {
    ...common,
    name: string(raw, "name"),
    targetUrl: string(raw, "targetUrl"),
    resource: string(raw, "resource"),
    event: string(raw, "event"),
    filter: optional(raw, "filter"),
    secret: optional(raw, "secret"),
    status: optional(raw, "status"),
  };
}
