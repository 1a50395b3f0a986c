import type { RawAnswer } from "./answer";
import { createTransport, type TransportRequest } from "./transport";

export interface SinglePost extends Pick<TransportRequest, "timeoutMs" | "maxAnswerBytes" | "signal"> {
  readonly url: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, as text. */
  readonly body: string;
}

/**
 * Posts to an address once, over a connection of its own and without any token: behind a load balancer, each post may
 * meet another process. Proxies are those of every call.
 * @throws TransportError when there is no whole answer
 */
export async function postOnce({ url, headers, ...request }: SinglePost): Promise<RawAnswer> {
  const { origin, pathname, search } = new URL(url);
  const transport = createTransport({ baseUrl: origin, credentials: headers });
  try {
    return await transport.send({ method: "POST", path: pathname + search, ...request });
  } finally {
    await transport.close();
  }
}
