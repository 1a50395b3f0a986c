import { Router } from "express";
import { getContent } from "../webex/contents";
import type { Webex } from "../webex/webex";
import { callerOf } from "./call";
import { methodNotAllowed } from "./method-not-allowed";

/** `/contents`: a message's file, always as a download. */
export function contentRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/:id")
    .get((request, response) => {
      const content = getContent(webex, callerOf(response), String(request.params.id));
      response.attachment(content.fileName);
      response.setHeader("Content-Type", content.mediaType);
      response.setHeader("Content-Length", content.bytes.length);
      response.setHeader("X-Content-Type-Options", "nosniff");
      response.end(request.method === "HEAD" ? undefined : content.bytes);
    })
    .all(methodNotAllowed);
  return router;
}
