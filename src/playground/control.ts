import { json } from "body-parser";
import { type ErrorRequestHandler, Router } from "express";
import type { AddedFault, Faults } from "./faults/faults";
import { readFault } from "./faults/read-fault";
import { ApiError, notFound } from "./webex/api-error";
import type { Courier } from "./webhooks/delivery-queue";

/**
 * What a page, or curl, asks of the playground itself: faults, deliveries once more, and to start over. Mounted for this
 * computer only.
 */
export function controlRoutes({
  faults,
  courier,
  startOver,
}: {
  faults: Faults;
  courier: Courier;
  startOver(): Promise<void>;
}): Router {
  const router = Router();
  // A page elsewhere cannot send JSON, or delete, here without asking first, and is not answered when it asks.
  router.use(json({ limit: "20kb" }));
  router
    .route("/faults")
    .get((_request, response) => void response.json({ items: faults.list().map(shown) }))
    .post((request, response) => {
      if (!request.is("json")) throw new ApiError(415, "The body must be application/json.");
      response.status(201).json(shown(faults.add(readFault(request.body))));
    })
    .delete((_request, response) => {
      faults.clear();
      response.sendStatus(204);
    });
  router.delete("/faults/:id", (request, response) => {
    if (!faults.remove(Number(request.params.id))) throw notFound();
    response.sendStatus(204);
  });
  router.post("/deliveries/:id/again", (request, response, next) => {
    if (!request.is("json")) throw new ApiError(415, "The body must be application/json.");
    const isForged = request.query.signature === "wrong";
    courier
      .again(request.params.id, isForged)
      .then((delivery) => response.json(delivery))
      .catch(next);
  });
  router.delete("/state", (_request, response, next) => {
    startOver()
      .then(() => response.sendStatus(204))
      .catch(next);
  });
  router.use(answerError);
  return router;
}

function shown({ id, fault, happened }: AddedFault): object {
  return { id, ...fault, happened };
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof ApiError) response.status(error.status).json({ message: error.message });
  else next(error);
};
