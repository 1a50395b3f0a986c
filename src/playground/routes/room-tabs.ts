import { Router } from "express";
import { createTab, deleteTab, getTab, listTabs, updateTab } from "../webex/room-tabs";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/room/tabs` */
export function roomTabRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(answer(webex, (call) => page(call, listTabs(webex, call.caller, call.query))))
    .post(answer(webex, (call) => createTab(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getTab(webex, call.caller, call.id)))
    .put(answer(webex, (call) => updateTab(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteTab(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
