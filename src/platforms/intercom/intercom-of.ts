import type { Context } from "../../core/contract/context";
import { UnsupportedError } from "../../core/contract/errors";
import type { IntercomClient } from "./client";
import type { IntercomCallOptions } from "./requests";
import type { IntercomConversation } from "./resources/conversations";
import type { IntercomTag } from "./resources/tags";
import { toBody } from "./text";

/** The conversation of an event, and what the bot's admin can do in it. Each call ends with the handler. */
export interface IntercomOwnConversation {
  /** Reads the conversation with its newest 500 parts. */
  get(options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Adds an internal note, which teammates see and the contact does not. @param text plain text */
  note(text: string, options?: IntercomCallOptions): Promise<IntercomConversation>;
  close(options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Opens it again. */
  open(options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Snoozes it until then; a reply of the contact opens it earlier. */
  snooze(until: Date, options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Assigns it to a teammate or a team; `undefined` takes the assignment away. */
  assign(to: IntercomAssignee | undefined, options?: IntercomCallOptions): Promise<IntercomConversation>;
  /** Puts a tag on it. */
  addTag(tagId: string, options?: IntercomCallOptions): Promise<IntercomTag>;
  /** Takes a tag off it. */
  removeTag(tagId: string, options?: IntercomCallOptions): Promise<void>;
}

export type IntercomAssignee = { readonly adminId: string } | { readonly teamId: string };

/** Intercom's API for a handler. Connections are closed with the bot. */
export interface IntercomForHandlers extends Omit<IntercomClient, "close"> {
  /** The conversation of the event. Its calls reject with an UnsupportedError if the event belongs to none. */
  readonly conversation: IntercomOwnConversation;
}

/**
 * Intercom's API with the token of the bot, and the conversation of the event; `undefined` on another platform.
 *
 * Its calls are not replies: when the handler runs again they are made again, and `ctx.trace` does not have them.
 * @example
 * await intercomOf(ctx)?.conversation.note("The order is on its way.");
 */
export function intercomOf(
  ctx: Pick<Context, "platform" | "client" | "room" | "signal">,
): IntercomForHandlers | undefined {
  if (ctx.platform !== "intercom") return undefined;
  // Asserted: the platform of this name is made by createIntercom, whose client it is.
  const client = ctx.client as IntercomClient;
  return { ...client, conversation: createOwnConversation(client, ctx) };
}

function createOwnConversation(
  client: IntercomClient,
  { room, signal }: Pick<Context, "room" | "signal">,
): IntercomOwnConversation {
  const { conversations, tags } = client;

  async function act<Value>(
    given: IntercomCallOptions | undefined,
    call: (id: string, adminId: string, options: IntercomCallOptions) => Promise<Value>,
  ): Promise<Value> {
    if (room === undefined)
      throw new UnsupportedError(
        "intercom",
        "tell which conversation an event without one belongs to",
        "use intercomOf(ctx).conversations with the id of a conversation",
      );
    const options = { signal, ...given };
    return call(room.id, await client.adminId(options), options);
  }

  return {
    get: (given) => act(given, (id, _adminId, options) => conversations.get(id, options)),
    note: (text, given) =>
      act(given, (id, adminId, options) =>
        conversations.reply(id, adminId, { messageType: "note", body: toBody(text) }, options),
      ),
    close: (given) => act(given, conversations.close),
    open: (given) => act(given, conversations.open),
    snooze: (until, given) =>
      act(given, (id, adminId, options) =>
        conversations.snooze(id, adminId, Math.floor(until.getTime() / 1_000), options),
      ),
    assign: (to, given) =>
      act(given, (id, adminId, options) => conversations.assign(id, adminId, toAssignee(to), options)),
    addTag: (tagId, given) =>
      act(given, (id, adminId, options) => tags.addToConversation(tagId, id, adminId, options)),
    removeTag: (tagId, given) =>
      act(given, (id, adminId, options) => tags.removeFromConversation(tagId, id, adminId, options)),
  };
}

function toAssignee(to: IntercomAssignee | undefined): { type: "admin" | "team"; id: string } {
  if (to === undefined) return { type: "admin", id: "0" };
  return "teamId" in to ? { type: "team", id: to.teamId } : { type: "admin", id: to.adminId };
}
