import type { AxiosAdapter, InternalAxiosRequestConfig } from "axios";
import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import type { RawAnswer } from "./answer";
import { Exchange, type ExchangeOptions } from "./exchange";
import type { Form } from "./form";

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
 * Proxies are taken from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; there is none to this computer itself.
 * @throws TypeError when one is not a URL
 */
export function createConnections({ origin, headers }: ConnectionsOptions): Connections {
  const dispatcher = createDispatcher(origin);
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

/** The proxies that the environment names. */
function readProxies(origin: string): {
  httpProxy: string;
  httpsProxy: string;
  proxy: string;
  noProxy: string;
} {
  const { env } = process;
  // Read here, because undici takes an empty variable for one that is set, and then HTTPS_PROXY would not count.
  const httpProxy = env.http_proxy || env.HTTP_PROXY || "";
  const httpsProxy = env.https_proxy || env.HTTPS_PROXY || httpProxy;
  const applies = !LOOPBACK.test(new URL(origin).hostname);
  const proxy = origin.startsWith("https:") ? httpsProxy : httpProxy;
  return { httpProxy, httpsProxy, proxy: applies ? proxy : "", noProxy: env.no_proxy || env.NO_PROXY || "" };
}

/** Host and port of the proxy that the environment names for an origin; NO_PROXY may except it. There may be a password in the rest. */
export function proxyHostFor(origin: string): string | undefined {
  const { proxy } = readProxies(origin);
  return URL.canParse(proxy) ? new URL(proxy).host : undefined;
}

function createDispatcher(origin: string): Dispatcher {
  // More calls than that wait for a connection that is free.
  const connections = 64;
  const { httpProxy, httpsProxy, proxy, noProxy } = readProxies(origin);
  if (proxy === "") return new Pool(origin, { connections });
  // It is not told what it is: there may be a password in it.
  if (!/^(https?|socks5?):\/\//i.test(proxy) || !URL.canParse(proxy))
    throw new TypeError(
      "HTTPS_PROXY or HTTP_PROXY is not a URL that begins with http://, https:// or socks5://",
    );
  return new EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy, connections });
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

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
