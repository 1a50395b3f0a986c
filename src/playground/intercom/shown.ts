import { fieldsOf } from "../read-fields";
import type { Conversation, Named, Part, Workspace } from "./workspace";

/** A conversation in the API's form. */
export type ShownConversation = ReturnType<typeof shown>;

/** A conversation as the API shows it, and notifications with the parts that they are about. */
export function shown(workspace: Workspace, conversation: Conversation, parts: readonly Part[]) {
  const { id, contact, body, createdAt, updatedAt, state, snoozedUntil = null } = conversation;
  const { assigneeId, teamId, tagIds = [] } = conversation;
  return {
    type: "conversation",
    id,
    created_at: createdAt,
    updated_at: updatedAt,
    state,
    open: state === "open",
    snoozed_until: snoozedUntil,
    admin_assignee_id: Number(assigneeId),
    team_assignee_id: teamId ?? null,
    tags: { type: "tag.list", tags: tagIds.flatMap((tagId) => shownTag(workspace.tags.get(tagId))) },
    source: {
      type: "conversation",
      id: `${id}-source`,
      delivered_as: "customer_initiated",
      subject: "",
      body,
      author: { type: "user", ...contact },
      attachments: [],
    },
    contacts: { type: "contact.list", contacts: [{ type: "contact", id: contact.id }] },
    teammates: { type: "admin.list", admins: [{ type: "admin", id: workspace.admin.id }] },
    conversation_parts: {
      type: "conversation_part.list",
      total_count: parts.length,
      conversation_parts: parts,
    },
  };
}

/** A tag as the API shows it; nothing for one that is gone. */
export function shownTag(tag: Named | undefined): readonly { type: "tag"; id: string; name: string }[] {
  return tag === undefined ? [] : [{ type: "tag", ...tag }];
}

/** What a part offers to be pressed; what the bot sent is looked at field by field. */
export function quickRepliesOf({
  metadata: { quick_reply_options: options },
}: Part): readonly { readonly text: string; readonly uuid: string }[] {
  if (!Array.isArray(options)) return [];
  return options.map(fieldsOf).map(({ text, uuid }) => ({ text: String(text), uuid: String(uuid) }));
}
