import { json } from "body-parser";
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from "express";
import type { GuardedApi } from "../auth/auth";
import type { Faults } from "../faults/faults";
import { faultsOnCalls } from "../faults/on-calls";
import { fieldsOf } from "../read-fields";
import { keepSent, recordCall } from "../record-call";
import type { Timeline } from "../timeline";
import { apiKeyRoutes, webhookRoutes } from "./administration";
import { SpikaError, success } from "./answers";
import { fileRoutes, refuseWithoutRoom } from "./files";
import type { SpikaUser } from "./records";
import type { NewMessage, SpikaServer } from "./server";

/** How a Spika server tells programs with a person's token or an API key from others. */
export function spikaGuard(server: SpikaServer): GuardedApi {
  return {
    path: "/spika",
    isAuthorised(request) {
      const token = request.get("accesstoken") ?? "";
      return server.bot(token) !== undefined || server.person(token) !== undefined;
    },
    refuse(response, status, message) {
      if (status === 401) response.status(status).type("text/html").send("Invalid access token");
      else response.status(status).json({ status: "error", message });
    },
  };
}

/** A Spika server's API: what a room's API key may do, what a person may, and files, which need no token. */
export function spikaApi(server: SpikaServer, timeline: Timeline, faults: Faults): Router {
  const router = Router();
  router.use(
    track(server, timeline),
    faultsOnCalls(faults, {
      platform: "spika",
      byOf: (request) => callerOf(server, request),
      refuse: (response, status, message) => response.status(status).json({ status: "error", message }),
    }),
    refuseWithoutRoom(server),
    json({ limit: "50mb", verify: keepSent }),
  );

  router.get("/api/messaging/test/auth", (request, response) => {
    const { id, displayName, isBot } = asBot(server, request);
    response.json(success({ user: { id, displayName, isBot } }));
  });
  router.post("/api/messaging/messages", (request, response) => {
    const author = asBot(server, request);
    response.json(success({ message: server.post(author, readMessage(request.body)) }));
  });
  router.post("/api/messenger/messages", (request, response) => {
    const author = asPerson(server, request);
    response.json(success({ message: server.post(author, readMessage(request.body)) }));
  });
  router.get("/api/messenger/messages/roomId/:id", (request, response) => {
    const room = server.rooms.get(Number(request.params.id));
    const reader = asPerson(server, request);
    if (room === undefined || !room.members.includes(reader.id)) throw new SpikaError(404, "Room not found");
    const list = server.messages.filter(({ roomId }) => roomId === room.id).reverse();
    response.json(success({ list: list.slice(0, 50), count: list.length, limit: 50, nextCursor: null }));
  });
  router.get("/api/messenger/me", (request, response) => {
    const { token: _, ...user } = asPerson(server, request);
    response.json(success({ user }));
  });
  router.get("/api/messenger/rooms", (request, response) => {
    const reader = asPerson(server, request);
    response.json(
      success({ list: [...server.rooms.values()].filter((room) => room.members.includes(reader.id)) }),
    );
  });
  const person = (request: Request): SpikaUser => asPerson(server, request);
  router.use("/api/messenger/webhooks", webhookRoutes(server, person));
  router.use("/api/messenger/api-keys", apiKeyRoutes(server, person));
  router.use("/api/upload/files", fileRoutes(server));
  router.use(answerError);
  return router;
}

/** @throws SpikaError in a word, as Spika refuses a token */
function asBot(server: SpikaServer, request: Request): SpikaUser {
  return known(server.bot(tokenOf(request)));
}

function asPerson(server: SpikaServer, request: Request): SpikaUser {
  return known(server.person(tokenOf(request)));
}

function tokenOf(request: Request): string {
  const token = request.get("accesstoken");
  if (token === undefined || token === "") throw new SpikaError(401, "No access token", true);
  return token;
}

function known(user: SpikaUser | undefined): SpikaUser {
  if (user === undefined) throw new SpikaError(401, "Invalid access token", true);
  return user;
}

function readMessage(body: unknown): NewMessage {
  const { roomId, type, body: content, replyId, localId } = fieldsOf(body);
  if (typeof roomId !== "number") throw invalid("body.roomId must be a `number` type");
  if (typeof type !== "string") throw invalid("body.type is a required field");
  if (typeof content !== "object" || content === null) throw invalid("body.body is a required field");
  if (replyId !== undefined && replyId !== null && typeof replyId !== "number")
    throw invalid("body.replyId must be a `number` type");
  return {
    roomId,
    type,
    body: { ...content },
    replyId: replyId ?? undefined,
    localId: typeof localId === "string" ? localId : undefined,
  };
}

function invalid(what: string): SpikaError {
  return new SpikaError(400, `Invalid params ValidationError: ${what}`);
}

/** Enters the call into the timeline. */
function track(server: SpikaServer, timeline: Timeline): RequestHandler {
  return (request, response, next) => {
    const path = `/spika${request.url}`;
    recordCall(timeline, request, response, () => ({
      id: `spika-call-${server.nextId("call")}`,
      at: new Date(server.now()).toISOString(),
      path,
      by: callerOf(server, request),
    }));
    next();
  };
}

/** As the timeline names them. */
function callerOf(server: SpikaServer, request: Request): string {
  const token = request.get("accesstoken") ?? "";
  return server.bot(token) ? "bot" : (server.person(token)?.displayName ?? "unknown");
}

const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof SpikaError && error.isPlain)
    response.status(error.status).type("text/html").send(error.message);
  else if (error instanceof SpikaError)
    response.status(error.status).json({ status: "error", message: error.message });
  // What cannot be read, or is too long, is its own fault to Spika.
  else if (error instanceof Error && "status" in error)
    response.status(500).type("text/html").send(`Server Error ${error.message}`);
  else next(error);
};
