import type { JsonObject } from "../../../core/contract/notice";
import type { Caller } from "../../api/api-client";
import { isObject, object, WireError } from "../../api/wire";
import { idOf, secondsOf } from "../item";
import { ask, type IntercomCallOptions } from "../requests";

/** A conversation as it came; `beginningOf` and `partsOf` read what was said in it. */
export interface IntercomConversation {
  readonly raw: JsonObject;
  readonly id: string;
  /** `"open"`, `"closed"`, `"snoozed"`. */
  readonly state: string | undefined;
  /** Seconds since 1970. */
  readonly updatedAt: number | undefined;
}

/** What an admin says, or does, in a conversation. */
export type IntercomReply =
  | {
      /** `comment` is seen by the contact, `note` by the team only. */
      readonly messageType: "comment" | "note";
      /** HTML. */
      readonly body: string;
      /** Pictures, up to ten. */
      readonly attachmentUrls?: readonly string[] | undefined;
      /** Up to ten. */
      readonly attachmentFiles?: readonly IntercomAttachment[] | undefined;
    }
  | {
      readonly messageType: "quick_reply";
      /** Buttons; what is pressed comes back as a reply of the contact. */
      readonly replyOptions: readonly { readonly text: string; readonly uuid: string }[];
    };

export interface IntercomAttachment {
  readonly contentType: string;
  readonly name: string;
  /** Base64. */
  readonly data: string;
}

export interface IntercomConversations {
  /** With its newest 500 parts, as plain text. */
  get(id: string, options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Those that changed since then, the latest first. @param since in seconds since 1970 */
  updatedSince(since: number, options?: IntercomCallOptions): AsyncIterable<IntercomConversation>;
  /** @returns the conversation, with only the new part in it */
  reply(
    id: string,
    adminId: string,
    reply: IntercomReply,
    options?: IntercomCallOptions,
  ): Promise<IntercomConversation>;
  close(id: string, adminId: string, options?: IntercomCallOptions): Promise<IntercomConversation>;
  open(id: string, adminId: string, options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** @param until in seconds since 1970 */
  snooze(
    id: string,
    adminId: string,
    until: number,
    options?: IntercomCallOptions,
  ): Promise<IntercomConversation>;
  /** @param assignee `"0"` for nobody */
  assign(
    id: string,
    adminId: string,
    assignee: { readonly type: "admin" | "team"; readonly id: string },
    options?: IntercomCallOptions,
  ): Promise<IntercomConversation>;
}

const PATH = "/conversations";
const A_PAGE = 50;

export function createConversations(caller: Caller): IntercomConversations {
  const manage = (
    id: string,
    json: JsonObject,
    options?: IntercomCallOptions,
  ): Promise<IntercomConversation> =>
    ask(
      caller,
      { method: "POST", path: `${PATH}/${encodeURIComponent(id)}/parts`, json },
      parseConversation,
      options,
    );

  return {
    get: (id, options) =>
      ask(
        caller,
        { method: "GET", path: `${PATH}/${encodeURIComponent(id)}`, query: { display_as: "plaintext" } },
        parseConversation,
        options,
      ),
    async *updatedSince(since, options) {
      let startingAfter: string | undefined;
      do {
        const json: JsonObject = {
          // Times are in whole seconds, and what happened within this one counts.
          query: { field: "updated_at", operator: ">", value: Math.floor(since) - 1 },
          sort: { field: "updated_at", order: "descending" },
          pagination: {
            per_page: A_PAGE,
            ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
          },
        };
        const request = { method: "POST", path: `${PATH}/search`, json } as const;
        const { items, next } = await ask(caller, request, parsePage, options);
        yield* items;
        if (next === startingAfter) return;
        startingAfter = next;
      } while (startingAfter !== undefined);
    },
    reply: (id, adminId, reply, options) =>
      ask(
        caller,
        {
          method: "POST",
          path: `${PATH}/${encodeURIComponent(id)}/reply`,
          json: { type: "admin", admin_id: adminId, ...toJson(reply) },
        },
        parseConversation,
        options,
      ),
    close: (id, adminId, options) =>
      manage(id, { message_type: "close", type: "admin", admin_id: adminId }, options),
    open: (id, adminId, options) => manage(id, { message_type: "open", admin_id: adminId }, options),
    snooze: (id, adminId, until, options) =>
      manage(id, { message_type: "snoozed", admin_id: adminId, snoozed_until: until }, options),
    assign: (id, adminId, assignee, options) =>
      manage(
        id,
        { message_type: "assignment", type: assignee.type, admin_id: adminId, assignee_id: assignee.id },
        options,
      ),
  };
}

function toJson(reply: IntercomReply): JsonObject {
  if (reply.messageType === "quick_reply")
    return {
      message_type: "quick_reply",
      reply_options: reply.replyOptions.map(({ text, uuid }) => ({ text, uuid })),
    };
  const { messageType, body, attachmentUrls, attachmentFiles } = reply;
  return {
    message_type: messageType,
    body,
    ...(attachmentUrls && { attachment_urls: [...attachmentUrls] }),
    ...(attachmentFiles && {
      attachment_files: attachmentFiles.map(({ contentType, name, data }) => ({
        content_type: contentType,
        name,
        data,
      })),
    }),
  };
}

export function parseConversation(value: unknown): IntercomConversation {
  const raw = object(value);
  const id = idOf(raw.id);
  if (id === undefined) throw new WireError('"id" is missing');
  return {
    raw,
    id,
    state: typeof raw.state === "string" ? raw.state : undefined,
    updatedAt: secondsOf(raw.updated_at),
  };
}

function parsePage(value: unknown): { items: IntercomConversation[]; next: string | undefined } {
  const { conversations, pages } = object(value);
  if (!Array.isArray(conversations)) throw new WireError('"conversations" is not a list');
  const next = isObject(pages) && isObject(pages.next) ? pages.next.starting_after : undefined;
  return { items: conversations.map(parseConversation), next: typeof next === "string" ? next : undefined };
}
