import { json } from "body-parser";
import { type ErrorRequestHandler, type Request, Router } from "express";
import type { IntercomPlayground } from "./intercom/playground";
import { fieldsOf } from "./read-fields";
import type { SpikaMessage, SpikaPlayground, SpikaSaysOptions } from "./spika/playground";

/** People in Spika and Intercom, played by the page or from outside: somebody says something, and one reads what was answered. */
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
    .get(({ query }, response) => void response.json(pageOf(spika.messages, query)))
    .post((request, response) => {
      const { who, text, roomId, replyId, fileId, type } = read(request.body, request.is("json"), "fileId");
      response.json(
        spika.says(who, text, {
          ...optional("roomId", roomId),
          ...optional("replyId", replyId),
          ...(typeof fileId === "number" ? { content: file(type, fileId, text) } : {}),
        }),
      );
    });
  router.get("/spika/rooms", (_request, response) => void response.json({ items: spika.rooms }));
  router.post("/intercom/messages", (request, response) => {
    const { who, text, conversationId } = read(request.body, request.is("json"));
    response.json(intercom.says(who, text, typeof conversationId === "string" ? conversationId : undefined));
  });
  router.post("/intercom/presses", (request, response) => {
    const { who, conversationId, optionId } = fieldsOf(request.body);
    if (!request.is("json") || typeof who !== "string" || typeof optionId !== "string")
      throw new UnreadableError(
        'expected JSON: {"who": "Ada", "conversationId": "215…", "optionId": "1f0c…"}',
      );
    response.json(intercom.presses(who, String(conversationId), optionId));
  });
  router.get("/intercom/conversations", ({ query }, response) => {
    response.json({ items: intercom.conversationsOf(String(query.contactId)) });
  });
  router.get("/intercom/conversations/:id", (request, response) => {
    response.json(intercom.conversation(request.params.id));
  });
  router.use(answerError);
  return router;
}

class UnreadableError extends Error {}

/** @param instead What may stand in the place of a text. */
function read(
  body: unknown,
  isJson: unknown,
  instead?: string,
): { readonly who: string; readonly text: string; readonly [name: string]: unknown } {
  const given = fieldsOf(body);
  const { who, text } = given;
  const says = text !== "" || (instead !== undefined && given[instead] !== undefined);
  if (!isJson || typeof who !== "string" || typeof text !== "string" || !says)
    throw new UnreadableError('expected JSON: {"who": "Ada", "text": "hello"}');
  return { ...given, who, text };
}

/** A file that has been uploaded, and what is said about it. */
function file(type: unknown, fileId: number, text: string): NonNullable<SpikaSaysOptions["content"]> {
  const body = text === "" ? { fileId } : { fileId, text };
  return { type: typeof type === "string" ? type : "file", body };
}

/** The newest of a room, oldest first, that came before a message; all when nothing narrows them down. */
function pageOf(
  messages: readonly SpikaMessage[],
  { roomId, before, max }: Request["query"],
): { readonly items: readonly SpikaMessage[]; readonly hasOlder: boolean } {
  const found = messages.filter(
    (message) =>
      (roomId === undefined || message.roomId === Number(roomId)) &&
      (before === undefined || message.id < Number(before)),
  );
  const items = max === undefined ? found : found.slice(-Number(max));
  return { items, hasOlder: items.length < found.length };
}

function optional<Name extends string>(name: Name, value: unknown): { readonly [N in Name]?: number } {
  return typeof value === "number" ? ({ [name]: value } as { [N in Name]: number }) : {}; // a computed name loses its type
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  response.status(400).json({ message: error instanceof Error ? error.message : "it cannot be said" });
};
