import { Router } from "express";
import { createAction, getAction } from "../webex/attachment-actions";
import type { Webex } from "../webex/webex";
import { answer } from "./call";
import { methodNotAllowed } from "./method-not-allowed";

/** `/attachment/actions` */
export function attachmentActionRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .post(answer(webex, (call) => createAction(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getAction(webex, call.caller, call.id)))
    .all(methodNotAllowed);
  return router;
}
