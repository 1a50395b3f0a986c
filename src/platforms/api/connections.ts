import type { AxiosAdapter, InternalAxiosRequestConfig } from "axios";
import type { Dispatcher } from "undici";
import type { RawAnswer } from "./answer";
import { createDispatcher } from "./dispatcher";
import type { Form } from "./form";
import { Exchange, type ExchangeOptions } from "./http-request";

export interface ConnectionsOptions {
  /** Where everything is sent: `https://webexapis.com`. */
  readonly origin: string;
  /** Sent with every request, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What an exchange needs besides what axios hands on. */
export interface AdapterOptions extends ExchangeOptions {
  /** Sent in the place of axios' data. */
  readonly form?: Form | undefined;
}

/** The way to one host, as axios adapters. */
export interface Connections {
  /**
   * An adapter that resolves with any status and a {@link RawAnswer} as data, follows no redirect, and rejects with a
   * `TransportError`. The signal is not given to axios, which would put an error of its own in the place of
   * ours, and ours tells whether anything was sent.
   */
  adapter(options: AdapterOptions): AxiosAdapter;
  close(): Promise<void>;
}

/**
 * Lets axios speak through a pool of undici connections. What axios adds to its own adapter for browsers and
 * redirects is not needed for one host, and costs more than the request itself.
 * @throws TypeError when a proxy in the environment is not a URL
 */
export function createConnections({ origin, headers }: ConnectionsOptions): Connections {
  // More calls than that wait for a connection that is free.
  const dispatcher = createDispatcher(origin, 64);
  return {
    adapter: (options) => (config) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange(
          options,
          // axios would check and copy each of the headers; nobody reads more than a few.
          (data: RawAnswer) => resolve({ data, status: data.status, statusText: "", headers: {}, config }),
          reject,
        );
        dispatcher.dispatch(
          {
            origin,
            path: config.url ?? "/",
            method: (config.method ?? "get").toUpperCase() as Dispatcher.HttpMethod, // axios writes it in lower case
            ...contentOf(config, headers, options.form, exchange.onProgress),
            // One clock for the whole exchange instead of one for each of its parts.
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          exchange,
        );
      }),
    close: () => dispatcher.destroy(),
  };
}

function contentOf(
  { data }: InternalAxiosRequestConfig,
  headers: ConnectionsOptions["headers"],
  form: Form | undefined,
  onProgress: () => void,
): Pick<Dispatcher.DispatchOptions, "headers" | "body"> {
  if (form !== undefined) {
    const { contentType, size } = form;
    const length = size === undefined ? {} : { "content-length": String(size) };
    return {
      headers: { ...headers, "content-type": contentType, ...length },
      body: form.open(onProgress),
    };
  }
  const body: unknown = data;
  return typeof body === "string"
    ? { headers: { ...headers, "content-type": "application/json" }, body }
    : { headers, body: null };
}
