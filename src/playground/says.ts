import { json } from "body-parser";
import { type ErrorRequestHandler, Router } from "express";
import { fieldsOf } from "./fields-of";
import type { IntercomPlayground } from "./intercom/playground";
import type { SpikaPlayground } from "./spika/playground";

/** People in Spika and Intercom, played from outside: somebody says something, and one reads what was answered. */
export function saysRoutes({
  spika,
  intercom,
}: {
  spika: SpikaPlayground;
  intercom: IntercomPlayground;
}): Router {
  const router = Router();
  router.use(json({ limit: "200kb" }));
  router
    .route("/spika/messages")
    .get((_request, response) => void response.json({ items: spika.messages }))
    .post((request, response) => {
      const { who, text, roomId, replyId } = read(request.body, request.is("json"));
      response.json(
        spika.says(who, text, { ...optional("roomId", roomId), ...optional("replyId", replyId) }),
      );
    });
  router.post("/intercom/messages", (request, response) => {
    const { who, text, conversationId } = read(request.body, request.is("json"));
    response.json(intercom.says(who, text, typeof conversationId === "string" ? conversationId : undefined));
  });
  router.get("/intercom/conversations/:id", (request, response) => {
    response.json(intercom.conversation(request.params.id));
  });
  router.use(answerError);
  return router;
}

class UnreadableError extends Error {}

function read(
  body: unknown,
  isJson: unknown,
): { readonly who: string; readonly text: string; readonly [name: string]: unknown } {
  const given = fieldsOf(body);
  const { who, text } = given;
  if (!isJson || typeof who !== "string" || typeof text !== "string" || text === "")
    throw new UnreadableError('expected JSON: {"who": "Ada", "text": "hello"}');
  return { ...given, who, text };
}

function optional<Name extends string>(name: Name, value: unknown): { readonly [N in Name]?: number } {
  return typeof value === "number" ? ({ [name]: value } as { [N in Name]: number }) : {}; // a computed name loses its type
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  response.status(400).json({ message: error instanceof Error ? error.message : "it cannot be said" });
};
