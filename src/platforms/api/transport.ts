import { Axios } from "axios";
import type { RawAnswer } from "./answer";
import { createConnections } from "./connections";
import type { Method } from "./retry";
import { userAgent } from "./user-agent";

export interface TransportOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly maxAnswerBytes: number;
}

export interface TransportRequest {
  readonly method: Method;
  /** Below the base URL, with the query. */
  readonly path: string;
  /** JSON, as text. */
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** One try at one call, with no opinion on its answer. */
export interface Transport {
  /** @throws TransportError when there is no whole answer */
  send(request: TransportRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Makes the one door to axios. It leads to one host, with one token. */
export function createTransport({ baseUrl, token, maxAnswerBytes }: TransportOptions): Transport {
  const base = new URL(baseUrl);
  const basePath = base.pathname.replace(/\/+$/, "");
  const { adapter, close } = createConnections({
    origin: base.origin,
    maxAnswerBytes,
    // Given to the adapter rather than to axios, which would merge, normalise and copy them for every call.
    headers: { authorization: `Bearer ${token}`, accept: "application/json", "user-agent": userAgent },
  });
  // Not axios.create(), whose defaults (transforms, status check, form encoding) we would have to switch off again.
  const axios = new Axios();

  return {
    async send({ method, path, body, timeoutMs, signal }) {
      const { data } = await axios.request<RawAnswer>({
        method,
        url: basePath + path,
        data: body,
        timeout: timeoutMs,
        adapter: adapter(signal),
      });
      return data;
    },
    close,
  };
}
