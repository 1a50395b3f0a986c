import { type Request, Router } from "express";
import { SpikaError, success } from "./answers";
import type { SpikaApiKey, SpikaUser } from "./records";
import type { SpikaServer } from "./server";

type PersonOf = (request: Request) => SpikaUser;

/** As Spika takes an address: a dotted name or an IPv4 address, nothing else. */
const TARGET =
  /^(?:https?:\/\/)?(?:(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:\/[-a-z\d%_.~+]*)*(?:\?[;&a-z\d%_.~+=-]*)?$/i;

/** Webhooks of rooms. */
export function webhookRoutes(server: SpikaServer, personOf: PersonOf): Router {
  const router = Router();
  router
    .route("/roomId/:id")
    .get((request, response) => {
      const roomId = administered(server, personOf(request), Number(request.params.id));
      const webhooks = [...server.webhooks.values()].filter((webhook) => webhook.roomId === roomId);
      response.json(success({ webhooks }));
    })
    .post((request, response) => {
      const roomId = administered(server, personOf(request), Number(request.params.id));
      response.json(success({ webhook: server.addWebhook(roomId, readUrl(request.body)) }));
    });
  router
    .route("/:id")
    .put((request, response) => {
      const webhook = found(server.webhooks.get(Number(request.params.id)));
      administered(server, personOf(request), webhook.roomId);
      webhook.url = readUrl(request.body);
      webhook.modifiedAt = server.now();
      response.json(success({ webhook }));
    })
    .delete((request, response) => {
      const webhook = found(server.webhooks.get(Number(request.params.id)));
      administered(server, personOf(request), webhook.roomId);
      server.webhooks.delete(webhook.id);
      response.json(success({ deleted: true }));
    });
  return router;
}

/** API keys of rooms, each with a bot. */
export function apiKeyRoutes(server: SpikaServer, personOf: PersonOf): Router {
  const router = Router();
  router
    .route("/roomId/:id")
    .get((request, response) => {
      const roomId = administered(server, personOf(request), Number(request.params.id));
      const apiKeys = [...server.apiKeys.values()].filter((key) => key.roomId === roomId);
      response.json(success({ apiKeys: apiKeys.map(shown) }));
    })
    .post((request, response) => {
      const roomId = administered(server, personOf(request), Number(request.params.id));
      const { displayName: _, ...apiKey } = shown(server.addApiKey(roomId, readName(request.body)));
      response.json(success({ apiKey }));
    });
  router
    .route("/:id")
    .put((request, response) => {
      const key = found(server.apiKeys.get(Number(request.params.id)));
      administered(server, personOf(request), key.roomId);
      key.displayName = readName(request.body);
      key.modifiedAt = server.now();
      const { displayName: _, ...apiKey } = shown(key);
      response.json(success({ apiKey }));
    })
    .delete((request, response) => {
      const key = found(server.apiKeys.get(Number(request.params.id)));
      administered(server, personOf(request), key.roomId);
      server.apiKeys.delete(key.id);
      response.json(success({ deleted: true, roomId: key.roomId }));
    });
  return router;
}

/** Whose bot it is, no answer tells. */
function shown({ userId: _, ...key }: SpikaApiKey): Omit<SpikaApiKey, "userId"> {
  return key;
}

function administered(server: SpikaServer, { id }: SpikaUser, roomId: number): number {
  const room = server.rooms.get(roomId);
  const may = room?.type === "private" ? room.members.includes(id) : room?.members[0] === id;
  if (!may) throw new SpikaError(403, "User is not in room or he is not admin in this room");
  return roomId;
}

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new SpikaError(404, "Not found");
  return value;
}

function readUrl(body: unknown): string {
  const url = typeof body === "object" && body !== null && "url" in body ? body.url : undefined;
  if (typeof url !== "string" || !TARGET.test(url)) throw new SpikaError(400, "Url not valid");
  return url;
}

function readName(body: unknown): string {
  const name =
    typeof body === "object" && body !== null && "displayName" in body ? body.displayName : undefined;
  if (typeof name !== "string" || name === "")
    throw new SpikaError(400, "Invalid params ValidationError: body.displayName is a required field");
  return name;
}
