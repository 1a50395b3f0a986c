import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import type { UploadFile } from "../../core/contract/files";
import { mediaTypeOf } from "./media-type";

/** A `multipart/form-data` body, ready to be sent. @see RFC 7578 */
export interface Form {
  readonly contentType: string;
  /** In bytes; `undefined` when a stream does not tell. */
  readonly size: number | undefined;
  /** Whether `open` gives the whole body (once more). */
  canOpen(): boolean;
  /** The bytes. Nothing is read before they are asked for; `onChunk` is told of each chunk that was. */
  open(onChunk: () => void): Readable;
  /** Lets go of a stream that nobody is going to read to its end. */
  discard(): void;
}

/**
 * Makes a form of text fields and one file. Fields that are `undefined` are left out.
 * @throws the file system's own error when a path cannot be read
 */
export async function createForm(
  fields: Readonly<Record<string, string | undefined>>,
  part: string,
  file: UploadFile,
): Promise<Form> {
  const content = await contentOf(file);
  const boundary = `bellhop-${randomUUID()}`;
  const head = Buffer.from(
    [
      ...Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(
          ([name, value]) =>
            `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`,
        ),
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(part)}"; filename="${quoted(content.name)}"\r\n`,
      `Content-Type: ${(file.type ?? mediaTypeOf(content.name)).replace(/[\r\n]/g, " ")}\r\n\r\n`,
    ].join(""),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);

  async function* bytes(onChunk: () => void): AsyncGenerator<Uint8Array> {
    yield head;
    for await (const chunk of content.open()) {
      onChunk();
      yield chunk;
    }
    yield tail;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    size: content.size === undefined ? undefined : head.length + content.size + tail.length,
    canOpen: content.canOpen,
    open: (onChunk) => Readable.from(bytes(onChunk), { objectMode: false }),
    discard: content.discard,
  };
}

interface Content extends Pick<Form, "size" | "canOpen" | "discard"> {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

async function contentOf(file: UploadFile): Promise<Content> {
  const nothing = (): void => undefined;
  if ("data" in file) {
    const { data, name } = file;
    return {
      name,
      size: data.length,
      canOpen: () => true,
      open: () => Readable.from([data]),
      discard: nothing,
    };
  }
  if ("path" in file) {
    const { path, name = basename(path) } = file;
    const { size } = await stat(path);
    return { name, size, canOpen: () => true, open: () => createReadStream(path), discard: nothing };
  }
  const { stream, name, size } = file;
  let isBegun = false;
  return {
    name,
    size,
    canOpen: () => !isBegun,
    async *open() {
      isBegun = true;
      yield* stream;
    },
    discard() {
      if (stream instanceof Readable) stream.destroy();
    },
  };
}

/** As browsers write names in forms; a line end would begin another header. */
function quoted(name: string): string {
  return name.replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/"/g, "%22");
}
