import { UnsupportedError } from "../../../core/contract/errors";
import type { UploadFile } from "../../../core/contract/files";
import type { JsonObject } from "../../../core/contract/notice";
import { createForm } from "../../api/form";
import { isFilled, optional, string, strings } from "../../api/wire";
import { type Parsed, parseCommon } from "../wire";
import { below, type Requests, type WebexCallOptions } from "./requests";

/**
 * What posting or editing a message answers. Asked for no more, so that no post fails for what nobody reads;
 * the rest is in `raw`.
 */
export interface WebexPosted extends Parsed {
  /** Also of the room that writing to a person opened. */
  readonly roomId: string;
  /** Root of the thread. */
  readonly parentId: string | undefined;
}

/** @see https://developer.webex.com/docs/api/v1/messages/get-message-details */
export interface WebexMessage extends WebexPosted {
  /** `"direct"`, `"group"`. */
  readonly roomType: string | undefined;
  readonly personId: string;
  readonly personEmail: string | undefined;
  readonly text: string | undefined;
  readonly markdown: string | undefined;
  /** Only when something is formatted or mentioned. */
  readonly html: string | undefined;
  /** URLs, for `files.download`. */
  readonly files: readonly string[];
  /** Cards as they were posted. */
  readonly attachments: readonly JsonObject[];
  readonly mentionedPeople: readonly string[];
  /** `["all"]` or empty. */
  readonly mentionedGroups: readonly string[];
  /** ISO 8601; only of an edited message. */
  readonly updated: string | undefined;
  /** Some fields could not be decrypted yet: ask again a little later. */
  readonly isIncomplete: boolean;
}

/** Where a message goes: into a room, or to one person. */
type Destination =
  | { readonly roomId: string; readonly toPersonId?: undefined; readonly toPersonEmail?: undefined }
  | { readonly toPersonId: string; readonly roomId?: undefined; readonly toPersonEmail?: undefined }
  | { readonly toPersonEmail: string; readonly roomId?: undefined; readonly toPersonId?: undefined };

/** A message to be posted. @see https://developer.webex.com/docs/api/v1/messages/create-a-message */
export type NewWebexMessage = Destination & {
  /** Root of the thread to answer in. */
  readonly parentId?: string | undefined;
  /** At most 7439 bytes. Shown where Markdown and cards are not. */
  readonly text?: string | undefined;
  /** At most 7439 bytes. */
  readonly markdown?: string | undefined;
  /** One: a public URL that Webex fetches, or a file that is uploaded. At most 100 MB. */
  readonly files?: readonly [string | UploadFile] | undefined;
  /** One card; needs `text` or `markdown` beside it. */
  readonly attachments?: readonly [WebexCard] | undefined;
};

/** A card as Webex takes it. @see https://developer.webex.com/docs/buttons-and-cards */
export interface WebexCard {
  readonly contentType: "application/vnd.microsoft.card.adaptive";
  /** Adaptive Card of version 1.3. */
  readonly content: JsonObject;
}

/** New words for a message; Webex takes ten edits, and none of a message with a card or a file. */
export interface WebexMessageEdit {
  /** The room it is in. */
  readonly roomId: string;
  readonly text?: string | undefined;
  readonly markdown?: string | undefined;
}

/** Which messages of a room. */
export interface WebexMessageQuery {
  readonly roomId: string;
  /** Root of a thread. */
  readonly parentId?: string | undefined;
  /** In group rooms a bot has to ask for those that mention it; of others it may read none. */
  readonly mentionedPeople?: "me" | undefined;
  readonly before?: Date | undefined;
  /** Id of a message. */
  readonly beforeMessage?: string | undefined;
  /** How many a page. @default 50, at Webex */
  readonly max?: number | undefined;
}

/** Which messages of one's direct room with somebody. */
export type WebexDirectMessageQuery = (
  | { readonly personId: string; readonly personEmail?: undefined }
  | { readonly personEmail: string; readonly personId?: undefined }
) & {
  /** Root of a thread. */
  readonly parentId?: string | undefined;
};

/** @see https://developer.webex.com/docs/api/v1/messages */
export interface WebexMessages {
  /**
   * Posts a message. It is made again only when it was certainly not posted; a file that comes as a stream is sent once.
   * @throws UnsupportedError for a card and an upload in one message
   */
  create(message: NewWebexMessage, options?: WebexCallOptions): Promise<WebexPosted>;
  get(id: string, options?: WebexCallOptions): Promise<WebexMessage>;
  edit(id: string, edit: WebexMessageEdit, options?: WebexCallOptions): Promise<WebexPosted>;
  delete(id: string, options?: WebexCallOptions): Promise<void>;
  /** Newest first. */
  list(query: WebexMessageQuery, options?: WebexCallOptions): AsyncIterable<WebexMessage>;
  /** Of the direct room with one person, newest first. */
  listDirect(query: WebexDirectMessageQuery, options?: WebexCallOptions): AsyncIterable<WebexMessage>;
}

/** Webex fetches and stores a card's images, and a file, before it answers. */
const ATTACHED_TIMEOUT_MS = 75_000;

export function createMessages(requests: Requests): WebexMessages {
  const path = "/messages";
  return {
    async create(message, options) {
      const request = { method: "POST", path, ...(await toBody(message)) } as const;
      const isPlain = message.attachments === undefined && message.files === undefined;
      const timeoutMs = options?.timeoutMs ?? (isPlain ? undefined : ATTACHED_TIMEOUT_MS);
      return requests.send(request, parsePosted, { ...options, timeoutMs });
    },
    get: (id, options) => requests.get(below(path, id), parseMessage, options),
    edit: (id, edit, options) =>
      requests.send({ method: "PUT", path: below(path, id), json: { ...edit } }, parsePosted, options),
    delete: (id, options) => requests.delete(below(path, id), options),
    list: ({ before, ...query }, options) =>
      requests.list(path, { ...query, before: before?.toISOString() }, parseMessage, options),
    listDirect: (query, options) => requests.list(`${path}/direct`, { ...query }, parseMessage, options),
  };
}

/** Puts a card where messages take it. */
export function toAttachment(content: JsonObject): WebexCard {
  return { contentType: "application/vnd.microsoft.card.adaptive", content };
}

export function parsePosted(value: unknown): WebexPosted {
  const common = parseCommon(value);
  const { raw } = common;
  return { ...common, roomId: string(raw, "roomId"), parentId: optional(raw, "parentId") };
}

export function parseMessage(value: unknown): WebexMessage {
  const posted = parsePosted(value);
  const { raw } = posted;
  const { attachments } = raw;
  return {
    ...posted,
    roomType: optional(raw, "roomType"),
    personId: string(raw, "personId"),
    personEmail: optional(raw, "personEmail"),
    text: optional(raw, "text"),
    markdown: optional(raw, "markdown"),
    html: optional(raw, "html"),
    files: strings(raw, "files"),
    attachments: Array.isArray(attachments) ? attachments.filter(isFilled) : [],
    mentionedPeople: strings(raw, "mentionedPeople"),
    mentionedGroups: strings(raw, "mentionedGroups"),
    updated: optional(raw, "updated"),
    isIncomplete: isFilled(raw.errors),
  };
}

async function toBody({ files, attachments, ...rest }: NewWebexMessage) {
  const [file] = files ?? [];
  if (file === undefined || typeof file === "string") {
    const json: JsonObject = {
      ...rest,
      ...(file === undefined ? {} : { files: [file] }),
      ...(attachments === undefined ? {} : { attachments: attachments.map((card) => ({ ...card })) }),
    };
    return { json };
  }
  if (attachments !== undefined)
    throw new UnsupportedError("webex", "post a card and a file in one message", "post two messages");
  return { form: await createForm(rest, "files", file) };
}
