import type { OpenedFile } from "../../core/contract/files";
import type { Logger } from "../../core/contract/logger";
import { createCaller } from "../api/api-client";
import { fileInfoOf } from "../api/file-info";

/** Hosts that Intercom keeps files at, for all regions. */
const FILE_HOSTS = /(?:^|\.)(?:intercomcdn\.(?:com|eu)|intercom-attachments(?:-\d{1,3})?\.(?:com|eu))$/;

/**
 * Whether the file at an address in a body is one that Intercom stores. Anyone who writes to the workspace, for example by
 * e-mail, chooses the other addresses of a body, and this computer must not read them.
 */
export function isKeptByIntercom(url: string, apiBaseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin } = new URL(url);
  return (protocol === "https:" && FILE_HOSTS.test(hostname)) || origin === new URL(apiBaseUrl).origin;
}

/**
 * Opens an attachment. They are kept at other hosts than the API, where its token has no business: the address itself is
 * what lets one read.
 * @throws ApiError, NetworkError; TypeError for what is no web address
 */
export async function openAttachment(url: string, log: Logger, signal: AbortSignal): Promise<OpenedFile> {
  const { protocol, origin, pathname, search } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:")
    throw new TypeError(`attachments: an address that begins with ${protocol} cannot be read`);
  const caller = createCaller({ platform: "intercom", baseUrl: origin, credentials: {}, log });
  const path = pathname + search;
  try {
    const opened = await caller.download({ method: "GET", path, maxBytes: Number.MAX_SAFE_INTEGER, signal });
    opened.stream.once("close", () => void caller.close());
    return { ...fileInfoOf(opened), stream: opened.stream };
  } catch (error) {
    await caller.close();
    throw error;
  }
}
