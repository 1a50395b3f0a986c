import { type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";

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

/**
 * Makes the connections to one host. Proxies are taken from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; there is none to
 * this computer itself.
 * @param origin `https://webexapis.com`
 * @param connections how many at once
 * @throws TypeError when a proxy is not a URL
 */
export function createDispatcher(origin: string, connections: number): Dispatcher {
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
