import type { AxiosResponse, InternalAxiosRequestConfig } from "axios";
import { AxiosHeaders } from "axios";
import type { RawAnswer } from "./answer";
import { createConnections } from "./connections";
import { userAgent } from "./user-agent";

export interface SinglePost {
  readonly url: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, as text. */
  readonly body: string;
  /** For the whole exchange, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Posts to an address once, over a connection of its own and without any token: behind a load balancer, each post may
 * meet another process. Proxies are those of every call.
 * @throws TransportError when there is no whole answer
 */
export async function postOnce({ url, headers, body, ...limits }: SinglePost): Promise<RawAnswer> {
  const { origin, pathname, search } = new URL(url);
  const { adapter, close } = createConnections({ origin, headers: { "user-agent": userAgent, ...headers } });
  try {
    const request: InternalAxiosRequestConfig = {
      url: pathname + search,
      method: "post",
      data: body,
      headers: new AxiosHeaders(),
    };
    const { data }: AxiosResponse<RawAnswer> = await adapter(limits)(request);
    return data;
  } finally {
    await close();
  }
}
