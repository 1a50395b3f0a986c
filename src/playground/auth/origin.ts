import type { IncomingMessage } from "node:http";

/** Headers that proxies, tunnels and content networks add to the requests that they pass on. */
const PROXY_HEADERS: readonly RegExp[] = [
  // Apache, Caddy, cloudflared, ngrok, Traefik, Tailscale, VS Code's tunnels and most others; RFC 7239 and RFC 9110.
  /^(?:x-)?forwarded(?:-.+)?$/,
  /^via$/,
  // X-Real-IP, True-Client-IP, CF-Connecting-IP, X-Azure-ClientIP, X-Remote-Addr and the like.
  /(?:^|-)(?:client|cluster|connecting|originating|peer|real|remote|source)-?(?:ip|addr|address|host)$/,
  // What the request was before a proxy rewrote it.
  /^x-original-.+$/,
  /^x-(?:url-)?scheme$/,
  /^front-end-https$/,
  /^proxy-.+$/,
  // Networks and hosts by name.
  /^(?:cdn-loop|x-amz-cf-id|x-amzn-trace-id|x-cloud-trace-context)$/,
  /^(?:akamai|cf|cloudfront|fastly|fly|ngrok|tailscale)-.+$/,
  /^x-(?:appengine|arr|azure|envoy|github|ms-proxy|vercel)-.+$/,
];

/**
 * Says why a request cannot be trusted to come from this computer.
 *
 * A tunnel that forwards bytes without reading them (`ssh -R`, `socat`) leaves no trace but its Host header.
 * @returns a sentence, or `undefined` if the request comes from this computer
 */
export function reasonNotLocal(request: IncomingMessage): string | undefined {
  const { headers, httpVersion, socket } = request;
  if (!isLoopbackAddress(socket.remoteAddress ?? "")) return "This request comes from another computer.";
  if (!isLoopbackHost(headers.host ?? ""))
    return "This request was sent to another name. Open the playground at http://127.0.0.1 or http://localhost.";
  const proxied = Object.keys(headers).find((name) => PROXY_HEADERS.some((pattern) => pattern.test(name)));
  if (proxied !== undefined)
    return `This request came through a proxy or a tunnel: it has the header "${proxied}".`;
  // Browsers and clients speak HTTP/1.1. nginx speaks HTTP/1.0 to the servers behind it, and may add nothing else.
  if (httpVersion === "1.0") return "This request came through a proxy: it was sent with HTTP/1.0.";
  return undefined;
}

/** Whether a Host header, with any port, names this computer. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i.test(host);
}

function isLoopbackAddress(address: string): boolean {
  return /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address) || address === "::1";
}

/**
 * Whether a browser sent a request for a page of another site, or of another port of this host. A person who follows a
 * link to the playground is not refused. Programs that are not browsers send none of these headers.
 * @param trustsProxy whether `X-Forwarded-Host` counts as a name of this server
 */
export function isCrossSite(request: IncomingMessage, trustsProxy: boolean): boolean {
  const { headers } = request;
  const site = headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return false;
  if (site !== undefined) return !isNavigation(request);
  if (headers.origin === undefined) return false;
  const names = [headers.host, trustsProxy ? headers["x-forwarded-host"] : undefined];
  return !names.some((name) => name !== undefined && withoutPort(String(name)) === hostOf(headers.origin));
}

function isNavigation({ method, headers }: IncomingMessage): boolean {
  return (method === "GET" || method === "HEAD") && headers["sec-fetch-mode"] === "navigate";
}

function hostOf(origin: string | undefined): string | undefined {
  return origin !== undefined && URL.canParse(origin) ? withoutPort(new URL(origin).host) : undefined;
}

/** Without the port that the scheme has by itself. */
function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, "");
}
