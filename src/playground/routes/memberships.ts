import { Router } from "express";
import {
  createMembership,
  deleteMembership,
  getMembership,
  listMemberships,
  updateMembership,
} from "../webex/memberships";
import type { Webex } from "../webex/webex";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/memberships` */
export function membershipRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(answer(webex, (call) => page(call, listMemberships(webex, call.caller, call.query))))
    .post(answer(webex, (call) => createMembership(webex, call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getMembership(webex, call.caller, call.id)))
    .put(answer(webex, (call) => updateMembership(webex, call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        deleteMembership(webex, call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
