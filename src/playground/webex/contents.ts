import { badRequest, notFound } from "./api-error";
import type { Fields } from "./fields";
import { keyOf } from "./ids";
import type { Content, Person } from "./records";
import { canRead } from "./visibility";
import { newId, type Webex } from "./webex";

const maxFileBytes = 100 * 1024 * 1024;
const fetchTimeoutMs = 10_000;

/** A file on its way into a message. */
export type FileSource = Pick<Content, "fileName" | "mediaType" | "bytes">;

/** The message's one file: the uploaded part, or what the URL in `files` answers. */
export async function readFile(
  fields: Fields,
  upload: FileSource | undefined,
): Promise<FileSource | undefined> {
  const urls = fields.value("files");
  if (urls === undefined) return upload;
  const list: readonly unknown[] = Array.isArray(urls) ? urls : [urls];
  if (list.length + (upload === undefined ? 0 : 1) > 1) throw badRequest("A message takes one file.");
  const [url] = list;
  if (url === undefined) return upload;
  if (typeof url !== "string" || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw badRequest("'files' must hold an http or https URL.");
  return download(url);
}

/** Keeps the file and gives its URL for the message's `files`. */
export function addContent(webex: Webex, messageId: string, file: FileSource): string {
  const id = newId(webex, "CONTENT", `${keyOf(messageId)}/0`);
  webex.store.contents.set(id, { id, messageId, ...file });
  return `${webex.apiUrl}/contents/${id}`;
}

/** A file of a message that the caller may read. */
export function getContent(webex: Webex, caller: Person, contentId: string): Content {
  const content = webex.store.contents.get(contentId);
  const message = webex.store.messages.get(content?.messageId ?? "")?.message;
  if (content === undefined || message === undefined || !canRead(webex, caller, message)) throw notFound();
  return content;
}

/** The whole body, unless it is larger than a file may be: then no more of it is read. */
async function readAll(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxFileBytes) throw badRequest("The file is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function download(url: string): Promise<FileSource> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (!response.ok) throw badRequest(`The URL in 'files' answered ${response.status}.`);
    if (Number(response.headers.get("content-length") ?? 0) > maxFileBytes)
      throw badRequest("The file is too large.");
    const bytes = await readAll(response);
    const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "application/octet-stream";
    return {
      fileName: decodeURIComponent(new URL(url).pathname.split("/").pop() || "file"),
      mediaType,
      bytes,
    };
  } catch (error) {
    if (error instanceof Error && error.name === "ApiError") throw error;
    throw badRequest("The URL in 'files' could not be fetched.");
  }
}
