import { NetworkError } from "../../core/errors";
import type { JsonObject } from "../../core/notice";
import type { ApiAnswer } from "../api/answer";
import type { ApiRequest, Caller } from "../api/caller";
import {
  parseAttachmentAction,
  parseItems,
  parseMessage,
  parsePerson,
  parsePosted,
  parseRoom,
  parseWebhook,
  type WebexAttachmentAction,
  type WebexMessage,
  type WebexPerson,
  type WebexPosted,
  type WebexRoom,
  type WebexWebhook,
  WireError,
} from "./wire";

/** How long posting a card may take, in milliseconds: Webex fetches and stores its images before it answers. */
const CARD_TIMEOUT_MS = 75_000;

/** What can be changed of a webhook. */
export interface WebhookChanges {
  readonly name: string;
  readonly targetUrl: string;
  readonly secret: string;
}

/**
 * The only calls to the Webex API. Each rejects with an ApiError or a NetworkError.
 * @see https://developer.webex.com/docs/api/basics
 */
export interface WebexClient {
  getMe(signal: AbortSignal): Promise<WebexPerson>;
  getPerson(id: string, signal: AbortSignal): Promise<WebexPerson>;
  getRoom(id: string, signal: AbortSignal): Promise<WebexRoom>;
  getMessage(id: string, signal: AbortSignal): Promise<WebexMessage>;
  getAttachmentAction(id: string, signal: AbortSignal): Promise<WebexAttachmentAction>;
  postMessage(body: JsonObject, signal: AbortSignal): Promise<WebexPosted>;
  putMessage(id: string, body: JsonObject, signal: AbortSignal): Promise<void>;
  deleteMessage(id: string, signal: AbortSignal): Promise<void>;
  /** All of the bot's own, over all pages. */
  listWebhooks(signal: AbortSignal): Promise<readonly WebexWebhook[]>;
  postWebhook(
    webhook: WebhookChanges & { readonly resource: string; readonly event: string },
    signal: AbortSignal,
  ): Promise<WebexWebhook>;
  /** Wakes it, too, when Webex had deactivated it. */
  putWebhook(id: string, changes: WebhookChanges, signal: AbortSignal): Promise<WebexWebhook>;
  deleteWebhook(id: string, signal: AbortSignal): Promise<void>;
}

export function createClient(caller: Caller): WebexClient {
  async function ask<Value>(request: ApiRequest, parse: (body: unknown) => Value): Promise<Value> {
    return understand(await caller.call(request), parse);
  }
  const get = <Value>(path: string, parse: (body: unknown) => Value, signal: AbortSignal): Promise<Value> =>
    ask({ method: "GET", path, signal }, parse);

  return {
    getMe: (signal) => get("/people/me", parsePerson, signal),
    getPerson: (id, signal) => get(`/people/${segment(id)}`, parsePerson, signal),
    getRoom: (id, signal) => get(`/rooms/${segment(id)}`, parseRoom, signal),
    getMessage: (id, signal) => get(`/messages/${segment(id)}`, parseMessage, signal),
    getAttachmentAction: (id, signal) =>
      get(`/attachment/actions/${segment(id)}`, parseAttachmentAction, signal),

    postMessage(json, signal) {
      const timeoutMs = json.attachments === undefined ? undefined : CARD_TIMEOUT_MS;
      return ask({ method: "POST", path: "/messages", json, signal, timeoutMs }, parsePosted);
    },
    async putMessage(id, json, signal) {
      await caller.call({ method: "PUT", path: `/messages/${segment(id)}`, json, signal });
    },
    async deleteMessage(id, signal) {
      await caller.call({ method: "DELETE", path: `/messages/${segment(id)}`, signal });
    },

    async listWebhooks(signal) {
      const webhooks: WebexWebhook[] = [];
      let request: ApiRequest = { method: "GET", path: "/webhooks", query: { max: 100 }, signal };
      // A page may be empty and still have a next one: only the missing link ends the list.
      for (;;) {
        const answer = await caller.call(request);
        webhooks.push(...understand(answer, (page) => parseItems(page).map(parseWebhook)));
        if (answer.nextPath === undefined) return webhooks;
        request = { method: "GET", path: answer.nextPath, signal };
      }
    },
    postWebhook: (webhook, signal) =>
      ask({ method: "POST", path: "/webhooks", json: { ...webhook }, signal }, parseWebhook),
    putWebhook(id, changes, signal) {
      const json = { ...changes, status: "active" };
      return ask({ method: "PUT", path: `/webhooks/${segment(id)}`, json, signal }, parseWebhook);
    },
    async deleteWebhook(id, signal) {
      await caller.call({ method: "DELETE", path: `/webhooks/${segment(id)}`, signal });
    },
  };
}

function understand<Value>({ call, body }: ApiAnswer, parse: (body: unknown) => Value): Value {
  try {
    return parse(body);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new NetworkError(call, `the answer is not understood, ${error.message}`, { maybeDone: true });
  }
}

function segment(id: string): string {
  return encodeURIComponent(id);
}
