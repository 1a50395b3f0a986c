import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { UploadFile } from "../../core/contract/files";
import { mediaTypeOf } from "./media-type";

/** A file in memory, named and typed. */
export interface NamedBytes {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string;
}

/** Reads a file as a whole, for APIs that take it within JSON. @throws the file system's own error when a path cannot be read */
export async function readWhole(file: UploadFile): Promise<NamedBytes> {
  const name = file.name ?? ("path" in file ? basename(file.path) : "file");
  return { bytes: await bytesOf(file), name, type: file.type ?? mediaTypeOf(name) };
}

async function bytesOf(file: UploadFile): Promise<Buffer> {
  if ("path" in file) return readFile(file.path);
  if ("data" in file) return Buffer.from(file.data);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
