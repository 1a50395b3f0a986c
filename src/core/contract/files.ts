/** Files, as they come with a message and as they go with a reply. */
import { createWriteStream, ReadStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { FileError } from "./errors";

interface FileLabel {
  /** Media type. @default told by the name's ending, else `"application/octet-stream"` */
  readonly type?: string | undefined;
}

/** A file on disk; it is read while it is sent. */
export interface FileAtPath extends FileLabel {
  readonly path: string;
  /** @default the path's last part */
  readonly name?: string | undefined;
}

/** A file in memory. */
export interface FileInMemory extends FileLabel {
  readonly data: Uint8Array;
  readonly name: string;
}

/** A file that comes as a stream. It can be read once, so the call is not made again once reading has begun. */
export interface FileStream extends FileLabel {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly name: string;
  /** In bytes, when known beforehand; without it the request is sent in chunks. */
  readonly size?: number | undefined;
}

/** A file to be uploaded. */
export type UploadFile = FileAtPath | FileInMemory | FileStream;

/** A file that the platform fetches itself, from a public address. */
export interface FileAtUrl {
  readonly url: string;
}

/** A file that goes with a message. */
export type OutgoingFile = UploadFile | FileAtUrl;

/**
 * A file as a handler gives it: a path, an `https://` address, bytes, a stream; or one of those with a name and a type.
 * Bytes and streams without a name are called `file`, unless the stream is of a file on disk.
 */
export type FileContent = string | URL | Uint8Array | AsyncIterable<Uint8Array> | OutgoingFile;

/** A file in the form that platforms take. @throws FileError for an address that is no web address */
export function toOutgoingFile(content: FileContent): OutgoingFile {
  if (typeof content === "string")
    return /^https?:\/\//i.test(content) ? { url: content } : { path: content };
  if (content instanceof URL) return atUrl(content);
  if (content instanceof Uint8Array) return { data: content, name: "file" };
  if (Symbol.asyncIterator in content) return { stream: content, name: nameOfStream(content) };
  return content;
}

function atUrl(url: URL): OutgoingFile {
  if (url.protocol === "file:") return { path: fileURLToPath(url) };
  if (url.protocol === "https:" || url.protocol === "http:") return { url: url.href };
  throw new FileError(
    "file-address",
    `a file at an address that begins with "${url.protocol}" cannot be sent; give an https address, a path or its bytes`,
  );
}

function nameOfStream(stream: AsyncIterable<Uint8Array>): string {
  return stream instanceof ReadStream ? basename(String(stream.path)) : "file";
}

/** What is known of a file before its bytes have come; what the platform does not say is absent. */
export interface FileInfo {
  /** As its sender named it, without folders. */
  readonly name?: string | undefined;
  /**
   * Media type, as its sender said: `"image/png"`. If the sender said none, or `application/octet-stream`, the type that
   * the name's ending has.
   */
  readonly type?: string | undefined;
  /** In bytes. */
  readonly size?: number | undefined;
}

/** A file whose bytes begin to come. */
export interface OpenedFile extends FileInfo {
  readonly stream: Readable;
}

/** What a bot takes of the files that people send. What is given must hold for every file that a handler reads. */
export interface FileRules {
  /** Longest file, in bytes. @default 104_857_600 */
  readonly maxBytes?: number | undefined;
  /** Media types: `"application/pdf"`, `"image/*"`. @default all */
  readonly types?: readonly string[] | undefined;
  /** Most files in one message. @default as many as the platform lets people send */
  readonly maxCount?: number | undefined;
  /** Takes also what the platform cannot look into for malware, an encrypted archive say. @default false */
  readonly allowUnscannable?: boolean | undefined;
}

/** What Webex takes, in bytes. */
export const DEFAULT_MAX_FILE_BYTES = 104_857_600;

/** Where a platform's files are read. */
export interface FileReader {
  fileInfo(url: string, options: ReadFileOptions, signal: AbortSignal): Promise<FileInfo>;
  openFile(url: string, options: ReadFileOptions, signal: AbortSignal): Promise<OpenedFile>;
}

export interface ReadFileOptions {
  readonly allowUnscannable: boolean;
}

/**
 * A file that somebody sent. Nothing is read of it before it is asked for, and no rule of the bot is looked at.
 *
 * While the platform scans it for malware, calls wait as long as it asks for, or fail and are retried with the event.
 */
export interface MessageFile {
  /** Where it is; reading it there needs the bot's token. */
  readonly url: string;
  /** Name, type and size, without the bytes; without a call if the message says all three. @throws FileError, ApiError, NetworkError */
  info(): Promise<FileInfo>;
  /** Its bytes as they come. To be read to the end or destroyed. @throws FileError, ApiError, NetworkError */
  stream(): Promise<Readable>;
  /** Its bytes, in memory. @throws FileError, ApiError, NetworkError */
  buffer(): Promise<Buffer>;
  /** Writes it to a path, replacing what is there; a part of a file is never seen. @returns what is known of it */
  save(path: string): Promise<FileInfo>;
}

/**
 * Makes the files of a message readable, by the rules of a bot. What the message says of a file counts more than what the
 * server says that stores it.
 * @param act takes part in the handler's run
 */
export function messageFiles(
  {
    fileUrls: urls,
    fileInfos = [],
  }: { readonly fileUrls: readonly string[]; readonly fileInfos?: readonly FileInfo[] | undefined },
  reader: FileReader,
  rules: FileRules,
  signal: AbortSignal,
  act: <T>(call: string, act: () => Promise<T>) => Promise<T>,
): readonly MessageFile[] {
  const { maxBytes = DEFAULT_MAX_FILE_BYTES, maxCount = Number.POSITIVE_INFINITY } = rules;
  const options = { allowUnscannable: rules.allowUnscannable ?? false };

  /** Checks what is known: of a file that is not opened yet, something may be missing. */
  function check({ type, size }: FileInfo, isAll: boolean): void {
    if (urls.length > maxCount)
      throw new FileError("files-too-many", `the message has ${urls.length} files; ${maxCount} are taken`);
    const isKnown = isAll || type !== undefined;
    if (isKnown && rules.types !== undefined && !rules.types.some((wanted) => isOfType(type, wanted)))
      throw new FileError(
        "file-type-refused",
        `the file is of type ${type ?? "unknown"}; taken are: ${rules.types.join(", ")}`,
      );
    if (size !== undefined && size > maxBytes) throw tooLarge(maxBytes, size);
  }

  async function look(url: string, stated: FileInfo): Promise<FileInfo> {
    const { name, type, size } = stated;
    if (name !== undefined && type !== undefined && size !== undefined) return { name, type, size };
    return completed(stated, await reader.fileInfo(url, options, signal));
  }

  async function open(url: string, stated: FileInfo): Promise<OpenedFile> {
    check(stated, false);
    const { stream, ...found } = await reader.openFile(url, options, signal);
    const info = completed(stated, found);
    try {
      check(info, true);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return { ...info, stream: limited(stream, maxBytes) };
  }

  return urls.map((url, index): MessageFile => {
    const stated = fileInfos[index] ?? {};
    return {
      url,
      info: () => act("message.files.info", () => look(url, stated)),
      stream: () => act("message.files.stream", async () => (await open(url, stated)).stream),
      buffer: () =>
        act("message.files.buffer", async () => {
          const { stream } = await open(url, stated);
          const chunks: Uint8Array[] = [];
          for await (const chunk of stream) chunks.push(chunk);
          return Buffer.concat(chunks);
        }),
      save: (path) =>
        act("message.files.save", async () => {
          const { stream, ...info } = await open(url, stated);
          const part = `${path}.${process.pid}-${++saves}.part`;
          try {
            await pipeline(stream, createWriteStream(part), { signal });
            await rename(part, path);
          } catch (error) {
            await rm(part, { force: true });
            throw error;
          }
          return info;
        }),
    };
  });
}

/** The size of the bytes that come is the true one. */
function completed(stated: FileInfo, found: FileInfo): FileInfo {
  return {
    name: stated.name ?? found.name,
    type: stated.type ?? found.type,
    size: found.size ?? stated.size,
  };
}

/** Two handlers that save to one path at once do not write to one part. */
let saves = 0;

/** What a platform says of a length need not be true, and some say nothing. */
function limited(stream: Readable, maxBytes: number): Readable {
  async function* counted(): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  }
  const readable = Readable.from(counted(), { objectMode: false });
  // Whoever lets go of it before the first byte has not begun the generator, which would let go of the source.
  readable.once("close", () => stream.destroy());
  return readable;
}

function tooLarge(maxBytes: number, size?: number): FileError {
  const found = size === undefined ? "longer" : `${size} bytes long`;
  return new FileError("file-too-large", `the file is ${found}; up to ${maxBytes} bytes are taken`);
}

function isOfType(type: string | undefined, wanted: string): boolean {
  if (type === undefined) return false;
  const [given, rule] = [type.toLowerCase(), wanted.toLowerCase()];
  return rule.endsWith("/*") ? given.startsWith(rule.slice(0, -1)) : given === rule;
}
