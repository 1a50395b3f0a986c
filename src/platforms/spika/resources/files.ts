import { createHash, randomUUID } from "node:crypto";
import { ApiError } from "../../../core/contract/errors";
import type { OpenedFile } from "../../../core/contract/files";
import type { JsonObject } from "../../../core/contract/notice";
import type { ApiDownload } from "../../api/answer";
import type { Caller, DownloadRequest } from "../../api/api-client";
import { fileInfoOf } from "../../api/file-info";
import { number, object } from "../../api/wire";
import { ask, type SpikaCallOptions } from "../requests";

/** A file to be uploaded, before a message can name it. */
export interface NewSpikaFile {
  readonly data: Uint8Array;
  readonly name: string;
  /** Media type. @default "application/octet-stream" */
  readonly type?: string | undefined;
  /** Of a picture or a film, in pixels; of sound, in seconds. */
  readonly metaData?:
    | { readonly width?: number; readonly height?: number; readonly duration?: number }
    | undefined;
}

export interface SpikaFile {
  /** The unchanged answer. */
  readonly raw: JsonObject;
  /** What a message's body names as `fileId`. */
  readonly id: number;
}

export interface SpikaFiles {
  /** Sends the bytes in parts, then has the server put them together and compare their digest. */
  upload(file: NewSpikaFile, options?: SpikaCallOptions): Promise<SpikaFile>;
  /** Anybody who knows the id may read it; rejects with an ApiError of status 404 when it is not there. @param maxBytes a longer one is not read to its end. @default 104_857_600 */
  download(
    id: number,
    options?: SpikaCallOptions & { readonly maxBytes?: number | undefined },
  ): Promise<ApiDownload>;
  /**
   * Resolves when the bytes begin to come. Any length is taken.
   * @param url as a message has it
   * @throws TypeError for a URL that is not below the server's
   */
  open(url: string, options?: SpikaCallOptions): Promise<OpenedFile>;
}

/** Servers of 2023 read no more than 100 kB of JSON, and base64 makes four bytes of three. */
const CHUNK_BYTES = 66_000;

/** Where a file is. */
export function fileUrl(baseUrl: string, id: number): string {
  return `${baseUrl}/api/upload/files/${id}`;
}

/** What servers of 2024 send, with a 200, in the place of a file that they do not have. */
const PLACEHOLDER = "no-image-icon.png";

export function createFiles(caller: Caller): SpikaFiles {
  async function download(request: Omit<DownloadRequest, "method">): Promise<ApiDownload> {
    const opened = await caller.download({ method: "GET", ...request });
    if (fileInfoOf(opened).name !== PLACEHOLDER) return opened;
    opened.stream.destroy();
    const reason = "there is no such file; Spika sent a picture in its place";
    throw new ApiError({ call: opened.call, status: 404, reason });
  }

  return {
    async upload({ data, name, type = "application/octet-stream", metaData }, options) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      const clientId = randomUUID();
      // An empty file has one empty part.
      const total = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
      for (let offset = 0; offset < total; offset++) {
        const chunk = bytes.subarray(offset * CHUNK_BYTES, (offset + 1) * CHUNK_BYTES).toString("base64");
        const json = { chunk, offset, clientId };
        await ask(caller, { method: "POST", path: "/api/upload/files", json }, () => undefined, options);
      }
      const json: JsonObject = {
        total,
        size: bytes.length,
        mimeType: type,
        fileName: name,
        clientId,
        type: "message",
        fileHash: createHash("sha256").update(bytes).digest("hex"),
        ...(metaData && { metaData: { width: 0, height: 0, duration: 0, ...metaData } }),
      };
      return ask(caller, { method: "POST", path: "/api/upload/files/verify", json }, parseFile, options);
    },
    download: (id, { maxBytes = 104_857_600, ...options } = {}) =>
      download({ path: `/api/upload/files/${id}`, maxBytes, ...options }),
    async open(url, options) {
      const path = URL.canParse(url) ? caller.pathBelow(url) : undefined;
      if (path === undefined) throw new TypeError(`files: "${url}" is not below the server's address`);
      const opened = await download({ path, maxBytes: Number.MAX_SAFE_INTEGER, ...options });
      return { ...fileInfoOf(opened), stream: opened.stream };
    },
  };
}

function parseFile(data: JsonObject): SpikaFile {
  const raw = object(data.file);
  return { raw, id: number(raw, "id") };
}
