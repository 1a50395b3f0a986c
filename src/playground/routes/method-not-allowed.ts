import type { RequestHandler } from "express";
import { ApiError } from "../webex/api-error";

/** Last on a path: the path is right, the method is not. */
export const methodNotAllowed: RequestHandler = (request) => {
  throw new ApiError(405, `${request.method} is not allowed here.`);
};
