import { Router } from "express";
import { findPeople, getPerson, refuseAdministration } from "../webex/people";
import type { Webex } from "../webex/webex";
import { answer } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/people` */
export function peopleRoutes(webex: Webex): Router {
  const router = Router();
  router
    .route("/")
    .get(
      answer(webex, (call) => {
        const found = findPeople(webex, call.query);
        return { ...found, ...page(call, found.items) };
      }),
    )
    .post(refuseAdministration)
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => getPerson(webex, call.caller, call.id)))
    .put(refuseAdministration)
    .delete(refuseAdministration)
    .all(methodNotAllowed);
  return router;
}
