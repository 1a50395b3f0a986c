import { Router } from "express";
import { listDirectMessages, listMessages } from "../webex/message-lists";
import { createMessage, deleteMessage, getMessage, updateMessage } from "../webex/messages";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";

/** `/messages` */
export function messageRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(
      answer(webex, (call) => {
        const { items, beforeMessage } = listMessages(webex, call.caller, call.query);
        if (beforeMessage !== undefined) call.linkNext({ beforeMessage });
        return { items };
      }),
    )
    .post(
      answer(webex, (call) => {
        const { fields, upload } = call.form();
        return createMessage(webex, call.caller, fields, upload);
      }),
    )
    .all(methodNotAllowed);
  router
    .route("/direct")
    .get(answer(webex, (call) => ({ items: listDirectMessages(webex, call.caller, call.query) })))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getMessage(webex, call.caller, call.id)))
    .put(answer(webex, (call) => updateMessage(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteMessage(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
