import { Axios } from "axios";
import { stripLastSlashes } from "../../core/util/strip-slashes";
import type { RawAnswer } from "./answer";
import { createConnections } from "./connections";
import type { Form } from "./form";
import type { TransportError } from "./http-request";
import type { Method } from "./retry";
import { userAgent } from "./user-agent";

export interface TransportOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Headers that say who calls, by name in lower case. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface TransportRequest {
  readonly method: Method;
  /** Below the base URL, with the query. */
  readonly path: string;
  /** JSON, as text. */
  readonly body?: string | undefined;
  /** Sent in the place of `body`. */
  readonly form?: Form | undefined;
  /** In milliseconds: for the whole exchange, or, where there is a form or a stream, without a byte moving. */
  readonly timeoutMs: number;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
  /** Asks for what is granted as a stream, which fails with what this makes of its error. */
  readonly toStreamError?: ((error: TransportError) => Error) | undefined;
  readonly signal: AbortSignal;
  /** Asked in the event-loop turn in which the request is written; `false`: it is not written. @default it is written */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** One try at one call, with no opinion on its answer. */
export interface Transport {
  /** @throws TransportError when there is no whole answer */
  send(request: TransportRequest): Promise<RawAnswer>;
  close(): Promise<void>;
}

/** Makes the one door to axios. It leads to one host, for one caller. */
export function createTransport({ baseUrl, credentials }: TransportOptions): Transport {
  const base = new URL(baseUrl);
  const basePath = stripLastSlashes(base.pathname);
  const { adapter, close } = createConnections({
    origin: base.origin,
    // Given to the adapter rather than to axios, which would merge, normalise and copy them for every call.
    headers: { ...credentials, accept: "application/json", "user-agent": userAgent },
  });
  // Not axios.create(), whose defaults (transforms, status check, form encoding) we would have to switch off again.
  const axios = new Axios();

  return {
    async send(request) {
      const { data } = await axios.request<RawAnswer>({
        method: request.method,
        url: basePath + request.path,
        data: request.body,
        adapter: adapter(request),
      });
      return data;
    },
    close,
  };
}
