import type { Readable } from "node:stream";
import type { FileInfo } from "../../../core/contract/files";
import type { ApiDownload } from "../../api/answer";
import type { Caller } from "../../api/api-client";
import { fileInfoOf } from "../../api/file-info";
import type { WebexCallOptions } from "./requests";

/** A file on its way. */
export interface WebexFile extends FileInfo {
  /** Fails with a NetworkError. It holds a connection until it is read to its end or destroyed. */
  readonly stream: Readable;
  /** Reads the stream to its end, into memory. */
  bytes(): Promise<Buffer>;
}

export interface WebexFileOptions extends WebexCallOptions {
  /** Takes also what Webex cannot look into for malware, an encrypted archive say; refused with 428 otherwise. @default false */
  readonly allowUnscannable?: boolean | undefined;
}

export interface WebexDownloadOptions extends WebexFileOptions {
  /** Of a longer file nothing, or no more than this, is read. @default 104_857_600, what Webex takes */
  readonly maxBytes?: number | undefined;
}

/**
 * The files of messages. While Webex scans one for malware (423), the call waits as long as it is told to; what it
 * found infected is refused with 410.
 * @see https://developer.webex.com/docs/basics#message-attachments
 */
export interface WebexFiles {
  /**
   * Name, type and size, without the bytes.
   * @param url from a message's `files`
   * @throws TypeError for a URL that is not below the client's base URL: the token is not sent there
   */
  info(url: string, options?: WebexFileOptions): Promise<FileInfo>;
  /**
   * Resolves when the bytes begin to come.
   * @param url from a message's `files`
   * @throws TypeError for a URL that is not below the client's base URL: the token is not sent there
   */
  download(url: string, options?: WebexDownloadOptions): Promise<WebexFile>;
}

/** What Webex takes, in bytes. */
const MAX_FILE_BYTES = 100 * 1_048_576;

const ADVICE = {
  410: "When it is a file, it was found infected or was deleted",
  423: "It is still being scanned for malware: ask again later",
  428: "It cannot be scanned for malware: pass allowUnscannable to take it all the same",
};

export function createFiles(caller: Caller): WebexFiles {
  async function ask(
    method: "GET" | "HEAD",
    url: string,
    options: WebexDownloadOptions = {},
  ): Promise<ApiDownload> {
    const path = URL.canParse(url) ? caller.pathBelow(url) : undefined;
    if (path === undefined)
      throw new TypeError(`files: "${url}" is not below the API's base URL; the token is sent nowhere else`);
    const { allowUnscannable, maxBytes = MAX_FILE_BYTES, signal, timeoutMs } = options;
    const query = { allow: allowUnscannable ? "unscannable" : undefined };
    return caller.download({ method, path, query, maxBytes, signal, timeoutMs, advice: ADVICE });
  }

  return {
    async info(url, options) {
      const download = await ask("HEAD", url, { ...options, maxBytes: Number.POSITIVE_INFINITY });
      download.stream.destroy();
      return fileInfoOf(download);
    },
    async download(url, options) {
      const download = await ask("GET", url, options);
      const { stream } = download;
      return {
        ...fileInfoOf(download),
        stream,
        async bytes() {
          const chunks: Uint8Array[] = [];
          for await (const chunk of stream) chunks.push(chunk);
          return Buffer.concat(chunks);
        },
      };
    },
  };
}
