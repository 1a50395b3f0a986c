import { Router } from "express";
import { createTeam, deleteTeam, listTeams, requireTeam, updateTeam } from "../webex/teams";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/teams` */
export function teamRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(answer(webex, (call) => page(call, listTeams(webex, call.caller))))
    .post(answer(webex, (call) => createTeam(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => requireTeam(webex, call.caller, call.id).team))
    .put(answer(webex, (call) => updateTeam(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteTeam(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
