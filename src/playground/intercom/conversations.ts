import { Router } from "express";
import { fieldsOf, listOf } from "../read-fields";
import { addAttachments } from "./attachments";
import { IntercomError } from "./refusals";
import { shown, shownTag } from "./shown";
import type { Conversation, Named, Part, Workspace } from "./workspace";

export interface ConversationParts {
  readonly workspace: Workspace;
  /** Where sent files can be read, without a slash at the end. */
  readonly filesUrl: string;
  /** Since 1970. */
  seconds(): number;
  /** An admin said or did something. */
  said(conversation: Conversation, part: Part): void;
}

/** Files, and addresses of files, that one reply takes. */
const MOST_FILES = 10;

type Fields = Readonly<Record<string, unknown>>;

/** Conversations, read, searched and gone on with by an admin. */
export function conversationRoutes({ workspace, filesUrl, seconds, said }: ConversationParts): Router {
  const router = Router();
  const conversationOf = (id: string | undefined): Conversation => {
    const found = workspace.conversations.get(id ?? "");
    if (found === undefined) throw new IntercomError(404, "conversation_not_found", "Conversation not found");
    return found;
  };

  router.get("/:id", (request, response) => {
    const conversation = conversationOf(request.params.id);
    response.json(shown(workspace, conversation, conversation.parts.slice(-500)));
  });
  router.post("/search", (request, response) => {
    const { query, pagination } = fieldsOf(request.body);
    const { field, operator, value } = fieldsOf(query);
    if (field !== "updated_at" || operator !== ">" || typeof value !== "number")
      throw new IntercomError(400, "parameter_invalid", "query is not one that the playground knows");
    const { per_page: perPage = 20, starting_after: after } = fieldsOf(pagination);
    const found = [...workspace.conversations.values()]
      .filter(({ updatedAt }) => updatedAt > value)
      .sort((a, b) => b.updatedAt - a.updatedAt);
    const start = typeof after === "string" ? found.findIndex(({ id }) => id === after) + 1 : 0;
    const page = found.slice(start, start + Number(perPage));
    const last = page.at(-1);
    const hasMore = start + page.length < found.length;
    response.json({
      type: "conversation.list",
      conversations: page.map((one) => shown(workspace, one, [])),
      total_count: found.length,
      pages: {
        type: "pages",
        per_page: perPage,
        next: hasMore ? { per_page: perPage, starting_after: last?.id } : null,
      },
    });
  });

  const addPart = (
    conversation: Conversation,
    partType: string,
    body: string | null,
    more: Partial<Part> = {},
  ): Part => {
    const part: Part = {
      type: "conversation_part",
      id: workspace.nextPartId(),
      part_type: partType,
      body,
      created_at: seconds(),
      author: { type: "admin", ...workspace.admin },
      attachments: [],
      metadata: {},
      ...more,
    };
    conversation.parts.push(part);
    conversation.updatedAt = part.created_at;
    said(conversation, part);
    return part;
  };
  const addQuickReply = (conversation: Conversation, options: unknown): Part => {
    if (!Array.isArray(options) || options.length === 0)
      throw new IntercomError(400, "parameter_missing", "reply_options is required");
    return addPart(conversation, "quick_reply", null, { metadata: { quick_reply_options: options } });
  };
  const requireAdmin = ({ admin_id: adminId }: Fields): void => {
    if (String(adminId) !== workspace.admin.id)
      throw new IntercomError(404, "admin_not_found", "Admin for admin_id not found");
  };

  router.post("/:id/reply", (request, response) => {
    const conversation = conversationOf(request.params.id);
    const given = fieldsOf(request.body);
    const { message_type: kind, body, attachment_files: files, attachment_urls: urls } = given;
    requireAdmin(given);
    if (kind === "quick_reply") {
      const part = addQuickReply(conversation, given.reply_options);
      response.json(shown(workspace, conversation, [part]));
      return;
    }
    if (kind !== "comment" && kind !== "note")
      throw new IntercomError(400, "parameter_invalid", "message_type is invalid");
    const sent = { files: listOf(files), urls: listOf(urls) };
    if (sent.files.length > MOST_FILES || sent.urls.length > MOST_FILES)
      throw new IntercomError(400, "parameter_invalid", `a reply takes up to ${MOST_FILES} attachments`);
    if (typeof body !== "string" || (body === "" && sent.files.length + sent.urls.length === 0))
      throw new IntercomError(400, "parameter_missing", "body is required");
    const attachments = addAttachments(workspace, filesUrl, sent);
    const part = addPart(conversation, kind, body, { attachments });
    response.json(shown(workspace, conversation, [part]));
  });
  router.post("/:id/parts", (request, response) => {
    const conversation = conversationOf(request.params.id);
    const given = fieldsOf(request.body);
    requireAdmin(given);
    manage(workspace, conversation, given);
    const body = typeof given.body === "string" && given.body !== "" ? given.body : null;
    const part = addPart(conversation, String(given.message_type), body);
    response.json(shown(workspace, conversation, [part]));
  });
  router.post("/:id/tags", (request, response) => {
    const conversation = conversationOf(request.params.id);
    const given = fieldsOf(request.body);
    requireAdmin(given);
    const tag = tagOf(given.id);
    conversation.tagIds = [...new Set([...(conversation.tagIds ?? []), tag.id])];
    response.json(shownTag(tag)[0]);
  });
  router.delete("/:id/tags/:tagId", (request, response) => {
    const conversation = conversationOf(request.params.id);
    requireAdmin(fieldsOf(request.body));
    const tag = tagOf(request.params.tagId);
    conversation.tagIds = (conversation.tagIds ?? []).filter((id) => id !== tag.id);
    response.json(shownTag(tag)[0]);
  });
  const tagOf = (id: unknown): Named => {
    const tag = workspace.tags.get(String(id));
    if (tag === undefined) throw new IntercomError(404, "tag_not_found", "Tag not found");
    return tag;
  };

  return router;
}

/** Changes a conversation's state, or who it is assigned to. @throws IntercomError */
function manage(workspace: Workspace, conversation: Conversation, given: Fields): void {
  const { message_type: kind, snoozed_until: until, type = "admin", assignee_id: assignee } = given;
  switch (kind) {
    case "close":
      conversation.state = "closed";
      break;
    case "open":
      conversation.state = "open";
      break;
    case "snoozed":
      if (typeof until !== "number")
        throw new IntercomError(400, "parameter_missing", "snoozed_until is required");
      conversation.state = "snoozed";
      break;
    case "assignment":
      assign(workspace, conversation, type, String(assignee));
      break;
    default:
      throw new IntercomError(400, "parameter_invalid", "message_type is invalid");
  }
  if (kind !== "assignment") conversation.snoozedUntil = typeof until === "number" ? until : undefined;
}

function assign(workspace: Workspace, conversation: Conversation, type: unknown, id: string): void {
  const { teammates, teams } = workspace;
  if (type !== "admin" && type !== "team")
    throw new IntercomError(400, "parameter_invalid", "type is invalid");
  const known: readonly Named[] = type === "team" ? teams : teammates;
  if (id !== "0" && !known.some((one) => one.id === id))
    throw new IntercomError(404, `${type}_not_found`, `${type === "team" ? "Team" : "Admin"} not found`);
  if (type === "admin") conversation.assigneeId = id;
  // Without an assignee, a conversation has no team either.
  if (type === "team" || id === "0") conversation.teamId = id === "0" ? undefined : id;
}
