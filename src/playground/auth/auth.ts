import type { IncomingMessage } from "node:http";
import { urlencoded } from "body-parser";
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from "express";
import { pageHeaders } from "../page-headers";
import { fieldsOf } from "../read-fields";
import { Attempts } from "./attempts";
import { isCrossSite, reasonNotLocal } from "./origin";
import { isSame, Passes } from "./pass";
import { signInPage } from "./sign-in-page";

/** A platform's API: programs that call it have its tokens, not the password. */
export interface GuardedApi {
  /** Where it is mounted: `"/webex"`. */
  readonly path: string;
  /** Whether the request has one of the platform's tokens, or an address that the platform gives only with one. */
  isAuthorised(request: Request): boolean;
  /** Answers in the platform's own form. */
  refuse(response: Response, status: number, message: string): void;
}

/** Decides which requests reach the playground. */
export interface Door {
  /** Comes before every route: passes on the requests that may go on, and answers all others with 401 or 403. */
  readonly requests: RequestHandler;
  /** `POST /sign-in`, where there is a password. */
  readonly signIn: RequestHandler;
  /** Whether a websocket may be opened. What is sent over it is authorised by its first frame. */
  admitsUpgrade(request: IncomingMessage): boolean;
}

/** Routes that answer without the password or a token: a person needs them to sign in, a program to find where to. */
const OPEN: ReadonlySet<string> = new Set([
  "POST /sign-in",
  // The sign-in page loads it.
  "GET /style.css",
  // Webex's clients ask it for the address to sign in at. It has addresses only.
  "GET /webex/u2c/api/v1/limited/catalog",
]);

const NO_PASSWORD = "Set PLAYGROUND_PASSWORD to let others use the playground.";
const CROSS_SITE =
  "This request was sent by a page of another site. Behind a proxy, let the proxy pass on the Host header.";

/**
 * With a password, every request needs it, or a token of the platform whose API it calls. Without one, only requests from
 * this computer are answered.
 */
export function createDoor(options: {
  /** At least 12 characters. */
  readonly password: string | undefined;
  /** What passes are signed with. */
  readonly secret: string;
  readonly apis: readonly GuardedApi[];
  readonly now: () => number;
}): Door {
  const { password, secret, apis, now } = options;
  if (password === undefined) return localDoor(apis);
  const passes = new Passes(secret, password, now);

  return {
    requests(request, response, next) {
      const isOpen = OPEN.has(`${request.method} ${request.path}`);
      if (!isOpen && isCrossSite(request, true)) refuse(apis, request, response, 403, CROSS_SITE);
      else if (isOpen || passes.isShown(request.get("cookie")) || hasToken(apis, request)) next();
      else askToSignIn(apis, request, response);
    },
    signIn: signInRoute(password, passes, now),
    admitsUpgrade: (request) => !isCrossSite(request, true),
  };
}

function localDoor(apis: readonly GuardedApi[]): Door {
  const reasonToRefuse = (request: IncomingMessage): string | undefined => {
    const reason = reasonNotLocal(request);
    if (reason !== undefined) return `The playground answers this computer only. ${reason} ${NO_PASSWORD}`;
    return isCrossSite(request, false) ? CROSS_SITE : undefined;
  };
  return {
    requests(request, response, next) {
      const reason = reasonToRefuse(request);
      if (reason === undefined) next();
      else refuse(apis, request, response, 403, reason);
    },
    signIn: Router(),
    admitsUpgrade: (request) => reasonToRefuse(request) === undefined,
  };
}

function apiOf(apis: readonly GuardedApi[], { path }: Request): GuardedApi | undefined {
  return apis.find((api) => path === api.path || path.startsWith(`${api.path}/`));
}

function hasToken(apis: readonly GuardedApi[], request: Request): boolean {
  return apiOf(apis, request)?.isAuthorised(request) === true;
}

function askToSignIn(apis: readonly GuardedApi[], request: Request, response: Response): void {
  const isForPrograms = apiOf(apis, request) !== undefined || request.path.startsWith("/api/");
  if (isForPrograms)
    refuse(apis, request, response, 401, "Sign in to the playground, or send an access token.");
  else signInHeaders(request, response, () => ask(request, response, 401));
}

function refuse(
  apis: readonly GuardedApi[],
  request: Request,
  response: Response,
  status: number,
  message: string,
): void {
  const api = apiOf(apis, request);
  if (api !== undefined) api.refuse(response, status, message);
  else if (request.path.startsWith("/api/")) response.status(status).json({ message });
  else response.status(status).type("text/plain").send(`${message}\n`);
}

function signInRoute(password: string, passes: Passes, now: () => number): RequestHandler {
  const attempts = new Attempts(now);
  const router = Router();
  router.post(
    "/sign-in",
    signInHeaders,
    urlencoded({ extended: false, limit: "2kb" }),
    (request, response) => {
      const address = request.socket.remoteAddress ?? "";
      const waitS = Math.ceil(attempts.waitMs(address) / 1_000);
      if (waitS > 0) {
        response.setHeader("Retry-After", String(waitS));
        ask(request, response, 429, `Too many wrong passwords. Try again in ${waitS} s.`);
      } else if (!isSame(String(fieldsOf(request.body).password ?? ""), password)) {
        attempts.failed(address);
        ask(request, response, 401, "That is not the password.");
      } else {
        attempts.succeeded(address);
        response.setHeader("Set-Cookie", passes.issue(request.baseUrl || "/", isOverHttps(request)));
        response.redirect(303, `${request.baseUrl}/`);
      }
    },
  );
  router.use("/sign-in", refuseUnreadable);
  return router;
}

const signInHeaders = pageHeaders({ formAction: ["'self'"] });

const refuseUnreadable: ErrorRequestHandler = (_error: unknown, request, response, _next) =>
  ask(request, response, 400, "That could not be read.");

function ask({ baseUrl }: Request, response: Response, status: number, refusal?: string): void {
  response.setHeader("Cache-Control", "no-store");
  response.status(status).type("html").send(signInPage(baseUrl, refusal));
}

/** What a proxy says is believed: the worst that a lie does is a cookie that the liar's own browser keeps back. */
function isOverHttps(request: Request): boolean {
  return request.secure || request.get("x-forwarded-proto") === "https";
}
