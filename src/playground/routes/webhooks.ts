import { Router } from "express";
import type { Webex } from "../webex/webex";
import type { WebhookRegistry } from "../webhooks/registry";
import { answer, noContent } from "./call";
import { methodNotAllowed } from "./method-not-allowed";
import { page } from "./paging";

/** `/webhooks` */
export function webhookRoutes(webex: Webex, registry: WebhookRegistry): Router {
  const router = Router();
  router
    .route("/")
    .get(answer(webex, (call) => page(call, registry.list(call.caller, call.query))))
    .post(answer(webex, (call) => registry.create(call.caller, call.body())))
    .all(methodNotAllowed);
  router
    .route("/:id")
    .get(answer(webex, (call) => registry.get(call.caller, call.id)))
    .put(answer(webex, (call) => registry.update(call.caller, call.id, call.body())))
    .delete(
      answer(webex, (call) => {
        registry.delete(call.caller, call.id);
        return noContent;
      }),
    )
    .all(methodNotAllowed);
  return router;
}
