import type { RequestHandler } from "express";

/**
 * Lets a request through only when it was sent to this computer by name. A page elsewhere can make its own
 * host name point here (DNS rebinding) and would otherwise read everybody's tokens.
 */
export const loopbackOnly: RequestHandler = (request, response, next) => {
  if (isLoopback(request.headers.host ?? "")) next();
  else
    response
      .status(403)
      .type("text/plain")
      .send(
        "The playground answers on this computer only: open it at http://127.0.0.1 or http://localhost, or set PLAYGROUND_PASSWORD to let others in.\n",
      );
};

/** Whether a Host header, with any port, names this computer. */
export function isLoopback(host: string): boolean {
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i.test(host);
}
