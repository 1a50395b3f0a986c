/** The API refuses a request, the way Webex words it: a status, a sentence, and what is wrong in detail. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** Elements of the body's `errors`; each has at least a `description`. */
  readonly details: readonly ErrorDetail[];

  constructor(status: number, message: string, details: readonly ErrorDetail[] = [{ description: message }]) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/** One element of `errors` in an error's body. */
export interface ErrorDetail {
  readonly description: string;
  readonly [key: string]: unknown;
}

/** 400: the request itself is at fault. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/** 403: known, but not theirs to do. */
export function forbidden(message: string): ApiError {
  return new ApiError(403, message);
}

/** 404: not there, or not for this caller to see; Webex does not tell which. */
export function notFound(): ApiError {
  return new ApiError(404, "The requested resource could not be found.");
}
