import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { routeOf } from "../core/contract/account";
import { describeError, InboxError, MalformedDeliveryError, SignatureError } from "../core/contract/errors";
import type { Logger } from "../core/contract/logger";
import type { Metrics } from "../core/contract/metrics";
import type { Platform } from "../core/contract/platform";
import { type AcceptNotice, OUTCOMES, receive } from "../core/receive/receive";
import { failpoint } from "../core/util/failpoints";
import { type BodyProblem, createBodyReader } from "./raw-body";
import { createRefusalLog } from "./refusal-log";

export interface ReceiverParts {
  readonly platforms: readonly Platform[];
  readonly accept: AcceptNotice;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Longest body that is read, in bytes. @default 1_048_576 */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Bytes that are held for all bodies together before their signatures are checked.
   * @default 16_777_216, or `maxBodyBytes` if that is more
   */
  readonly maxUnverifiedBytes?: number | undefined;
  /** How long one body may take to arrive, in milliseconds. @default 30_000 */
  readonly maxBodyMs?: number | undefined;
}

/**
 * Receives webhooks at `/<platform>` and `/<platform>/<account>` below where it is mounted.
 * An ordinary Express handler: `app.use("/webhooks", receiver)`, before any body parser.
 */
export interface Receiver {
  (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  /**
   * A listener for `http.createServer` that receives below `prefix` and leaves all else to `app`. About twice the
   * deliveries of an Express route, because Express does nothing for them.
   * @param prefix @default "/webhooks"
   */
  or(app: RequestListener, prefix?: string): RequestListener;
}

const MAX_UNVERIFIED_BYTES = 16 * 1_048_576;

/** How long a platform may wait before it sends again what we could not store, in seconds. */
const RETRY_AFTER_S = "5";

/** Makes a receiver. A delivery is answered 200 once it is stored, and not before. */
export function createReceiver({
  platforms,
  accept,
  log,
  metrics,
  maxBodyBytes = 1_048_576,
  maxUnverifiedBytes = Math.max(MAX_UNVERIFIED_BYTES, maxBodyBytes),
  maxBodyMs,
}: ReceiverParts): Receiver {
  const readBody = createBodyReader({
    maxBytes: maxBodyBytes,
    maxHeldBytes: maxUnverifiedBytes,
    maxMs: maxBodyMs,
  });
  const routes = new Map<string, Route>();
  for (const platform of platforms) {
    const account = { platform: platform.name, account: platform.account };
    routes.set(`/${platform.name}/${platform.account}`, { platform });
    routes.set(routeOf(account), { platform });
  }
  const refusals = createRefusalLog(log);

  function answer(request: IncomingMessage, response: ServerResponse, route: Route): void {
    const { platform } = route;
    if (request.method === "HEAD" && platform.probesWithHead === true) {
      response.writeHead(200, ACCEPTED).end();
      return;
    }
    const refusal = refusalByHead(request, route);
    if (refusal !== undefined) {
      refuse(platform, response, refusal, isLittleLeft(request));
      return;
    }
    readBody(request, (body) => {
      if (Buffer.isBuffer(body)) void keep(request, response, route, body);
      else if (body === "already-read") {
        metrics.delivery(platform.name, "failed");
        log.error("a body parser before the receiver has consumed the body; mount the receiver before it");
        respond(response, 500, "body-already-read");
      } else refuse(platform, response, BODY_REFUSALS[body], false);
    });
  }

  /** @param keepsConnection otherwise the rest of the body, however long it is, is not read */
  function refuse(
    { name }: Platform,
    response: ServerResponse,
    { status, code, reason, headers }: Refusal,
    keepsConnection: boolean,
  ): void {
    metrics.delivery(name, "refused");
    refusals.add(name, code, reason);
    respond(response, status, code, keepsConnection ? headers : { ...headers, connection: "close" });
  }

  async function keep(
    request: IncomingMessage,
    response: ServerResponse,
    { platform, pathSecret }: Route,
    body: Buffer,
  ): Promise<void> {
    try {
      const delivery = { headers: request.headersDistinct, body, pathSecret };
      const outcome = await receive(delivery, platform, accept);
      if (typeof outcome === "object") {
        metrics.delivery(platform.name, "ignored");
        response.writeHead(200, { "content-type": "text/plain" });
        response.end(outcome.pong);
        return;
      }
      metrics.delivery(platform.name, OUTCOMES[outcome]);
      response.writeHead(200, ACCEPTED);
      response.end();
      failpoint("receive.answered");
    } catch (error) {
      if (error instanceof SignatureError) refuseDelivery(platform, response, error, "refused", 401);
      else if (error instanceof MalformedDeliveryError)
        refuseDelivery(platform, response, error, "malformed", 400);
      else fail(platform, response, error);
    }
  }

  function refuseDelivery(
    { name }: Platform,
    response: ServerResponse,
    { code, message }: SignatureError | MalformedDeliveryError,
    outcome: "refused" | "malformed",
    status: number,
  ): void {
    metrics.delivery(name, outcome);
    refusals.add(name, code, message);
    respond(response, status, code);
  }

  function fail({ name }: Platform, response: ServerResponse, error: unknown): void {
    metrics.delivery(name, "failed");
    log.error("the delivery could not be stored; the platform sends it again", {
      platform: name,
      error: describeError(error),
    });
    if (error instanceof InboxError) respond(response, 503, error.code, { "retry-after": RETRY_AFTER_S });
    else respond(response, 500, "receiver-failed");
  }

  const receiver = (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ): void => {
    const route = findRoute(routes, pathOf(request.url ?? "/"));
    if (route !== undefined) answer(request, response, route);
    else if (next !== undefined) next();
    else respond(response, 404, "route-unknown");
  };

  const or = (app: RequestListener, prefix = "/webhooks"): RequestListener => {
    const mounted = new Map([...routes].map(([path, route]) => [prefix + path, route]));
    return (request, response) => {
      const route = findRoute(mounted, pathOf(request.url ?? "/"));
      if (route === undefined) app(request, response);
      else answer(request, response, route);
    };
  };
  return Object.assign(receiver, { or });
}

/** Whose a request is. */
interface Route {
  readonly platform: Platform;
  readonly pathSecret?: string;
}

/** A secret is no part of what is looked up: how long that takes would tell of it. */
function findRoute(routes: ReadonlyMap<string, Route>, path: string): Route | undefined {
  const route = routes.get(path);
  if (route !== undefined) return route;
  const slash = path.lastIndexOf("/");
  const above = routes.get(path.slice(0, slash));
  if (above?.platform.takesPathSecret !== true) return undefined;
  return { ...above, pathSecret: path.slice(slash + 1) };
}

/** Why a delivery is refused before its signature is checked. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  /** For the log. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is wrong with a request that can be seen before its body is read. */
function refusalByHead({ method, headers }: IncomingMessage, route: Route): Refusal | undefined {
  const { "content-type": type, "content-encoding": encoding } = headers;
  if (method !== "POST")
    return {
      status: 405,
      code: "method-refused",
      reason: `method ${method}`,
      headers: { allow: "POST" },
    };
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    return {
      status: 415,
      code: "encoding-refused",
      reason: "the body is compressed",
      headers: { "accept-encoding": "identity" },
    };
  if (!isJson(type))
    return { status: 415, code: "type-refused", reason: "the content type is not JSON in UTF-8" };
  const { signatureHeaders } = route.platform;
  if (route.pathSecret !== undefined || signatureHeaders === undefined) return undefined;
  if (signatureHeaders.some((name) => headers[name] !== undefined)) return undefined;
  return {
    status: 401,
    code: "signature-refused",
    reason: `there is no ${signatureHeaders.join(" or ")}. Was the webhook created without a secret?`,
  };
}

const BODY_REFUSALS: Readonly<Record<Exclude<BodyProblem, "already-read">, Refusal>> = {
  "too-large": {
    status: 413,
    code: "body-too-large",
    reason: "the body is longer than MAX_BODY_BYTES",
  },
  aborted: { status: 400, code: "body-cut-off", reason: "the connection ended within the body" },
  "too-slow": { status: 408, code: "body-too-slow", reason: "the body did not end in time" },
  "crowded-out": {
    status: 503,
    code: "receiver-overloaded",
    reason: "too many bytes are being received whose signatures are not checked yet",
    headers: { "retry-after": RETRY_AFTER_S },
  },
};

/** Up to so many bytes Node may read and drop to keep the connection. */
const LITTLE = 65_536;

/** Whether the body that is not read is known to be short. */
function isLittleLeft({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= LITTLE;
}

const ACCEPTED = { "content-length": "0" } as const;

function respond(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify({ error: code });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(body);
}

/** The path without query and trailing slash. */
function pathOf(url: string): string {
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function isJson(type: string | undefined): boolean {
  if (type === undefined) return false;
  if (type === "application/json") return true;
  const [media = "", ...parameters] = type.toLowerCase().split(";");
  if (!/^application\/([\w.-]+\+)?json$/.test(media.trim())) return false;
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith("charset="));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}
