import { urlencoded } from "body-parser";
import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from "express";
import { fieldsOf } from "../fields-of";
import { pageHeaders } from "../page-headers";
import { Attempts } from "./attempts";
import { loopbackOnly } from "./loopback-only";
import { isSame, Passes } from "./pass";
import { signInPage } from "./sign-in-page";

/** Who is let in to the page and to what it asks of the playground itself: everybody's tokens are behind it. */
export interface Door {
  /** For calls. A page elsewhere, which does not get past it, is answered 401 or 403. */
  readonly calls: RequestHandler;
  /** For pages: asks for the password where there is one. */
  readonly pages: RequestHandler;
}

/**
 * Opens the page to this computer, or to whoever knows the password, wherever they are: with one, this computer's name is no
 * reason to let anybody in, because a proxy on it asks for everybody.
 */
export function createDoor(options: {
  /** At least 12 characters. */
  readonly password: string | undefined;
  /** What passes are signed with. */
  readonly secret: string;
  readonly now: () => number;
}): Door {
  const { password, secret, now } = options;
  if (password === undefined) return { calls: loopbackOnly, pages: loopbackOnly };
  const passes = new Passes(secret, password, now);
  const attempts = new Attempts(now);

  const calls: RequestHandler = (request, response, next) => {
    if (passes.isShown(request.get("cookie"))) next();
    else response.status(401).json({ message: "Sign in to the playground first." });
  };

  const pages = Router();
  // It is what the form looks like.
  const isOpenToAll = ({ path }: Request): boolean => path === "/style.css";
  pages.post(
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
  pages.use("/sign-in", refuseUnreadable);
  pages.use((request, response, next) => {
    if (isOpenToAll(request) || passes.isShown(request.get("cookie"))) next();
    else signInHeaders(request, response, () => ask(request, response, 401));
  });
  return { calls, pages };
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
