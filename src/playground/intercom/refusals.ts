import { randomUUID } from "node:crypto";
import type { ErrorRequestHandler, Response } from "express";

/** A refusal in Intercom's form. */
export class IntercomError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A refusal of which only the status is given. */
export function refuseWith(response: Response, status: number, message: string): void {
  const code = CODES[status] ?? (status < 500 ? "client_error" : "server_error");
  if (status === 429) response.setHeader("X-RateLimit-Remaining", "0");
  refuse(response, new IntercomError(status, code, message));
}

/** Answers what a route has thrown. */
export const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const refused =
    error instanceof IntercomError
      ? error
      : error instanceof Error && "status" in error
        ? new IntercomError(400, "bad_request", "The request could not be read")
        : undefined;
  if (refused === undefined) {
    next(error);
    return;
  }
  refuse(response, refused);
};

function refuse(response: Response, { status, code, message }: IntercomError): void {
  response.status(status).json({
    type: "error.list",
    request_id: randomUUID(),
    errors: [{ code, message }],
  });
}

/** What Intercom calls a refusal with a status alone. */
const CODES: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "request_timeout",
  409: "conflict",
  429: "rate_limit_exceeded",
  503: "service_unavailable",
};
