import { randomUUID } from "node:crypto";
import { json } from "body-parser";
import { type ErrorRequestHandler, type Request, type Response, Router } from "express";
import type { Faults } from "../faults/faults";
import { faultsOnCalls } from "../faults/on-calls";
import { fieldsOf } from "../fields-of";
import { recordCall } from "../record-call";
import type { Timeline } from "../timeline";
import { addAttachments, attachmentRoutes } from "./attachments";
import { shown } from "./shown";
import type { Conversation, Part, Subscription, Workspace } from "./workspace";

/** A refusal in Intercom's form. */
class IntercomError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface ApiParts {
  readonly workspace: Workspace;
  readonly token: string;
  /** Where sent files can be read, without a slash at the end. */
  readonly filesUrl: string;
  readonly timeline: Timeline;
  readonly faults: Faults;
  readonly now: () => number;
  /** An admin said or did something. */
  said(conversation: Conversation, part: Part): void;
  ping(subscription: Subscription): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** Intercom's API, as far as a bot needs it. */
export function intercomApi(parts: ApiParts): Router {
  const { workspace, token, filesUrl, timeline, faults, now, said, ping } = parts;
  const router = Router();
  const isOurs = (request: Request): boolean => request.get("authorization") === `Bearer ${token}`;
  const seconds = (): number => Math.floor(now() / 1_000);
  const conversationOf = (id: string | undefined): Conversation => {
    const found = workspace.conversations.get(id ?? "");
    if (found === undefined) throw new IntercomError(404, "conversation_not_found", "Conversation not found");
    return found;
  };

  router.use("/attachments", attachmentRoutes(workspace));
  router.use(
    (request, response, next) => {
      const path = `/intercom${request.path}`;
      response.setHeader("X-RateLimit-Limit", "1666");
      response.setHeader("X-RateLimit-Remaining", "1665");
      response.setHeader("X-RateLimit-Reset", String(seconds() + 10));
      recordCall(timeline, request, response, () => ({
        id: `intercom-${randomUUID()}`,
        at: new Date(now()).toISOString(),
        path,
        by: isOurs(request) ? "bot" : "unknown",
      }));
      next();
    },
    faultsOnCalls(faults, {
      platform: "intercom",
      byOf: (request) => (isOurs(request) ? "bot" : "unknown"),
      refuse(response, status, message) {
        const code = CODES[status] ?? (status < 500 ? "client_error" : "server_error");
        if (status === 429) response.setHeader("X-RateLimit-Remaining", "0");
        refuse(response, new IntercomError(status, code, message));
      },
    }),
    (request, _response, next) => {
      if (!isOurs(request)) throw new IntercomError(401, "unauthorized", "Access Token Invalid");
      next();
    },
    json({ limit: "60mb" }),
  );

  router.get("/me", (_request, response) => {
    const app = { type: "app", id_code: workspace.appId };
    response.json({ type: "admin", ...workspace.admin, app });
  });
  router.get("/contacts/:id", (request, response) => {
    const contact = workspace.contacts.get(request.params.id);
    if (contact === undefined) throw new IntercomError(404, "not_found", "User Not Found");
    response.json({ type: "contact", role: "user", ...contact });
  });
  router.get("/conversations/:id", (request, response) => {
    const conversation = conversationOf(request.params.id);
    response.json(shown(workspace, conversation, conversation.parts.slice(-500)));
  });
  router.post("/conversations/search", (request, response) => {
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
  const requireAdmin = ({ admin_id: adminId }: Fields): void => {
    if (String(adminId) !== workspace.admin.id)
      throw new IntercomError(404, "admin_not_found", "Admin for admin_id not found");
  };

  router.post("/conversations/:id/reply", (request, response) => {
    const conversation = conversationOf(request.params.id);
    const given = fieldsOf(request.body);
    const { message_type: kind, body, attachment_files: files, attachment_urls: urls } = given;
    requireAdmin(given);
    if (kind === "quick_reply") {
      const { reply_options: options } = given;
      if (!Array.isArray(options) || options.length === 0)
        throw new IntercomError(400, "parameter_missing", "reply_options is required");
      const part = addPart(conversation, "quick_reply", null, {
        metadata: { quick_reply_options: options },
      });
      response.json(shown(workspace, conversation, [part]));
      return;
    }
    if (kind !== "comment" && kind !== "note")
      throw new IntercomError(400, "parameter_invalid", "message_type is invalid");
    const sent = { files: list(files), urls: list(urls) };
    if (typeof body !== "string" || (body === "" && sent.files.length + sent.urls.length === 0))
      throw new IntercomError(400, "parameter_missing", "body is required");
    const attachments = addAttachments(workspace, filesUrl, sent);
    const part = addPart(conversation, kind, body, { attachments });
    response.json(shown(workspace, conversation, [part]));
  });
  router.post("/conversations/:id/parts", (request, response) => {
    const conversation = conversationOf(request.params.id);
    const given = fieldsOf(request.body);
    requireAdmin(given);
    switch (given.message_type) {
      case "close":
        conversation.state = "closed";
        break;
      case "open":
        conversation.state = "open";
        break;
      case "snoozed":
        conversation.state = "snoozed";
        break;
      case "assignment":
        conversation.assigneeId = String(given.assignee_id);
        break;
      default:
        throw new IntercomError(400, "parameter_invalid", "message_type is invalid");
    }
    const part = addPart(conversation, String(given.message_type), null);
    response.json(shown(workspace, conversation, [part]));
  });

  addSubscriptions(router, workspace, ping);
  router.use(() => {
    throw new IntercomError(404, "not_found", "Resource Not Found");
  });
  router.use(answerError);
  return router;
}

/** Legacy, and still what some apps have. */
function addSubscriptions(router: Router, workspace: Workspace, ping: (to: Subscription) => void): void {
  const subscriptionOf = (id: string): Subscription => {
    const found = workspace.subscriptions.get(id);
    if (found === undefined) throw new IntercomError(404, "not_found", "Subscription not found");
    return found;
  };
  const shownSubscription = ({ id, url, topics, secret, active, metadata }: Subscription): object => ({
    type: "notification_subscription",
    id,
    app_id: workspace.appId,
    service_type: "web",
    url,
    topics,
    active,
    hub_secret: secret ?? null,
    metadata,
    mode: "point",
  });
  router
    .route("/subscriptions")
    .get((_request, response) => {
      response.json({ items: [...workspace.subscriptions.values()].map(shownSubscription) });
    })
    .post((request, response) => {
      const { url, topics, hub_secret: secret, metadata } = fieldsOf(request.body);
      if (typeof url !== "string" || !URL.canParse(url))
        throw new IntercomError(400, "parameter_invalid", "url is invalid");
      const made: Subscription = {
        id: `nsub_${randomUUID()}`,
        url,
        topics: list(topics).map(String),
        secret: typeof secret === "string" ? secret : undefined,
        active: true,
        metadata: fieldsOf(metadata),
      };
      workspace.subscriptions.set(made.id, made);
      response.json(shownSubscription(made));
      ping(made);
    });
  router
    .route("/subscriptions/:id")
    .get((request, response) => void response.json(shownSubscription(subscriptionOf(request.params.id))))
    .post((request, response) => {
      const subscription = subscriptionOf(request.params.id);
      const { url, topics, hub_secret: secret, metadata, active } = fieldsOf(request.body);
      if (typeof url === "string") subscription.url = url;
      if (topics !== undefined) subscription.topics = list(topics).map(String);
      if (typeof secret === "string") subscription.secret = secret;
      if (metadata !== undefined) subscription.metadata = fieldsOf(metadata);
      if (typeof active === "boolean") subscription.active = active;
      response.json(shownSubscription(subscription));
    })
    .delete((request, response) => {
      workspace.subscriptions.delete(subscriptionOf(request.params.id).id);
      response.json({});
    });
  router.post("/subscriptions/:id/ping", (request, response) => {
    ping(subscriptionOf(request.params.id));
    response.json({});
  });
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const refused =
    error instanceof IntercomError
      ? error
      : error instanceof Error && "status" in error
        ? new IntercomError(400, "bad_request", "The request could not be read")
        : undefined;
  if (refused === undefined) {
    next(error);
    return;
  }
  refuse(response, refused);
};

function refuse(response: Response, { status, code, message }: IntercomError): void {
  response.status(status).json({
    type: "error.list",
    request_id: randomUUID(),
    errors: [{ code, message }],
  });
}

/** What Intercom calls a refusal with a status alone. */
const CODES: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "request_timeout",
  409: "conflict",
  429: "rate_limit_exceeded",
  503: "service_unavailable",
};

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
