import type { Caller } from "../../api/api-client";
import { ask, type IntercomCallOptions } from "../requests";
import { get, type IntercomTeam, listOf, parseNamed } from "./people";

/** A tag of the workspace. */
export type IntercomTag = IntercomTeam;

export interface IntercomTags {
  list(options?: IntercomCallOptions): Promise<readonly IntercomTag[]>;
  /** Creates a tag. @returns the tag that has the name already, if there is one */
  create(name: string, options?: IntercomCallOptions): Promise<IntercomTag>;
  /** Puts a tag on a conversation, in the name of an admin. */
  addToConversation(
    tagId: string,
    conversationId: string,
    adminId: string,
    options?: IntercomCallOptions,
  ): Promise<IntercomTag>;
  /** Takes a tag off a conversation, in the name of an admin. */
  removeFromConversation(
    tagId: string,
    conversationId: string,
    adminId: string,
    options?: IntercomCallOptions,
  ): Promise<void>;
}

export function createTags(caller: Caller): IntercomTags {
  const tagsOf = (conversationId: string): string =>
    `/conversations/${encodeURIComponent(conversationId)}/tags`;
  return {
    list: (options) => ask(caller, get("/tags"), listOf("data", parseNamed), options),
    create: (name, options) =>
      ask(caller, { method: "POST", path: "/tags", json: { name } }, parseNamed, options),
    addToConversation: (tagId, conversationId, adminId, options) =>
      ask(
        caller,
        { method: "POST", path: tagsOf(conversationId), json: { id: tagId, admin_id: adminId } },
        parseNamed,
        options,
      ),
    async removeFromConversation(tagId, conversationId, adminId, options) {
      const path = `${tagsOf(conversationId)}/${encodeURIComponent(tagId)}`;
      await caller.call({ method: "DELETE", path, json: { admin_id: adminId }, ...options });
    },
  };
}
