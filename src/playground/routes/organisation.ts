import { Router } from "express";
import { notFound } from "../webex/api-error";
import { refuseAdministration } from "../webex/people";
import type { Webex } from "../webex/webex";
import { answer } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/organizations`, `/licenses` and `/roles`: what clients read at their start, as somebody who administers nothing is told. */
export function organisationRoutes(webex: Webex): Router {
  const router = Router();
  const organisation = { id: webex.orgId, displayName: "Playground", created: "2016-01-01T00:00:00.000Z" };
  router
    .route("/organizations")
    .get(answer(webex, (call) => page(call, [organisation])))
    .all(methodNotAllowed);
  router
    .route("/organizations/:id")
    .get(
      answer(webex, (call) => {
        if (call.id !== organisation.id) throw notFound();
        return organisation;
      }),
    )
    .delete(refuseAdministration)
    .all(methodNotAllowed);
  for (const path of ["/licenses", "/roles"])
    router
      .route(path)
      .get(answer(webex, (call) => page(call, [])))
      .all(methodNotAllowed);
  return router;
}
