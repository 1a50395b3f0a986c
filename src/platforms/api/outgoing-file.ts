import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { OutgoingFile } from "../../core/contract/files";

/** The name under which a file is sent. */
export function fileNameOf(file: OutgoingFile): string {
  if ("url" in file) return decodeURIComponent(basename(new URL(file.url).pathname));
  return file.name ?? ("path" in file ? basename(file.path) : "");
}

/** @returns in bytes; `undefined` where it is not known before the file is read */
export async function fileSizeOf(file: OutgoingFile): Promise<number | undefined> {
  if ("data" in file) return file.data.byteLength;
  if ("stream" in file) return file.size;
  return "path" in file ? (await stat(file.path)).size : undefined;
}
