import { Router } from "express";
import {
  createTeamMembership,
  deleteTeamMembership,
  getTeamMembership,
  listTeamMemberships,
  updateTeamMembership,
} from "../webex/team-memberships";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/team/memberships` */
export function teamMembershipRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(answer(webex, (call) => page(call, listTeamMemberships(webex, call.caller, call.query))))
    .post(answer(webex, (call) => createTeamMembership(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getTeamMembership(webex, call.caller, call.id)))
    .put(answer(webex, (call) => updateTeamMembership(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteTeamMembership(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
