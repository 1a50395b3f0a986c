import { extname } from "node:path";
import { lookup } from "mime-types";

/** File endings that mean something else among developers than in the list of media types, where `.ts` is a video. */
const OUR_TYPES: Readonly<Record<string, string>> = { ".ts": "text/plain", ".mts": "text/plain" };

/** The media type that a file's name tells; `"application/octet-stream"` if it is unknown. */
export function mediaTypeOf(fileName: string): string {
  const ending = extname(fileName).toLowerCase();
  return OUR_TYPES[ending] ?? (lookup(ending) || "application/octet-stream");
}
