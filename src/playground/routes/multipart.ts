import { badRequest } from "../webex/api-error";
import type { FileSource } from "../webex/contents";
import { Fields } from "../webex/fields";

interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** In characters. @see RFC 2046, section 5.1.1 */
const LONGEST_BOUNDARY = 70;

/** Bytes of a part's headers. */
const LONGEST_HEAD = 16_384;

/** Reads a `multipart/form-data` body: text parts by name, and the one part that is a file. @see RFC 7578 */
export function readMultipart(body: Buffer, contentType: string): { fields: Fields; upload?: FileSource } {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw badRequest("The form has no boundary.");
  if (name.length > LONGEST_BOUNDARY) throw badRequest("The form's boundary is too long.");
  const values: Record<string, unknown> = {};
  let upload: FileSource | undefined;
  for (const part of parts(body, `--${name}`)) {
    if (part.fileName === undefined) {
      values[part.name] = readValue(part);
    } else if (part.name !== "files") {
      throw badRequest("A file must be in a part named 'files'.");
    } else if (upload !== undefined) {
      throw badRequest("A message takes one file.");
    } else {
      upload = { fileName: part.fileName || "file", mediaType: part.mediaType, bytes: part.bytes };
    }
  }
  const fields = new Fields(values);
  return upload === undefined ? { fields } : { fields, upload };
}

/** Cards come as JSON text when they come in a form. */
function readValue(part: Part): unknown {
  const text = part.bytes.toString("utf8");
  if (part.name !== "attachments") return text;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest("'attachments' is not JSON.");
  }
}

function* parts(body: Buffer, delimiter: string): Generator<Part> {
  let start = body.indexOf(delimiter);
  if (start === -1) throw badRequest("The form's boundary is not in its body.");
  start += delimiter.length;
  while (body.toString("latin1", start, start + 2) !== "--") {
    const end = body.indexOf(`\r\n${delimiter}`, start);
    const headEnd = body.indexOf("\r\n\r\n", start);
    if (end === -1 || headEnd === -1 || headEnd > end) throw badRequest("The form is cut off.");
    if (headEnd - start > LONGEST_HEAD) throw badRequest("The headers of a part are too long.");
    yield readPart(body.toString("utf8", start, headEnd), body.subarray(headEnd + 4, end));
    start = end + 2 + delimiter.length;
  }
}

function readPart(head: string, bytes: Buffer): Part {
  const disposition = /^content-disposition:\s*form-data(.*)$/im.exec(head)?.[1] ?? "";
  const name = parameter(disposition, "name");
  if (name === undefined) throw badRequest("A part of the form has no name.");
  const mediaType = /^content-type:\s*([^;\s]+)/im.exec(head)?.[1] ?? "application/octet-stream";
  return { name, fileName: extended(disposition) ?? parameter(disposition, "filename"), mediaType, bytes };
}

function parameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(disposition);
  return match?.[1]?.replace(/\\(["\\])/g, "$1").replace(/%22/g, '"') ?? match?.[2];
}

/** `filename*=UTF-8''…`, which some clients send for names that are not ASCII. */
function extended(disposition: string): string | undefined {
  const encoded = /;\s*filename\*=utf-8''([^;\s]+)/i.exec(disposition)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
