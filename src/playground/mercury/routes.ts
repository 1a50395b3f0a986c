import { json } from "body-parser";
import { Router } from "express";
import { type FrameParts, framed } from "../api-frame";
import { keepSent } from "../record-call";
import { callerOf } from "../routes/call";
import { notFound } from "../webex/api-error";
import { keyOf, US } from "../webex/ids";
import { canRead } from "../webex/visibility";
import { newId } from "../webex/webex";
import type { Device } from "./devices";
import type { Mercury } from "./mercury";

export interface ServiceUrls {
  /** Root of everything below, no slash at its end. */
  readonly base: string;
  /** Where devices are registered. */
  readonly wdm: string;
  readonly conversation: string;
  /** Where sockets are, with a slash at its end. */
  readonly sockets: string;
}

/** @param base where {@link serviceRoutes} are mounted, as others reach it */
export function serviceUrls(base: string): ServiceUrls {
  return {
    base,
    wdm: `${base}/wdm/api/v1`,
    conversation: `${base}/conversation/api/v1`,
    sockets: `${base.replace(/^http/, "ws")}/mercury/`,
  };
}

/** The services around the websocket: the catalog, the devices, and from a UUID to a public id. */
export function serviceRoutes(parts: FrameParts, mercury: Mercury, urls: ServiceUrls): Router {
  const catalog = toCatalog(urls, parts.webex.cluster);
  const open = Router();
  // Where to sign in has to be known before anybody has.
  open.get("/u2c/api/v1/limited/catalog", (_request, response) => void response.json(catalog));
  return open.use(
    framed(parts, (router) => {
      router.use(json({ limit: "100kb", verify: keepSent }));
      router.get("/u2c/api/v1/catalog", (_request, response) => void response.json(catalog));
      addDevices(router, mercury, urls);
      addLookUps(router, parts.webex);
      // Clients report how they fare, and some end when nobody listens.
      router.post("/metrics/api/v1/:kind", (_request, response) => void response.sendStatus(204));
    }),
  );
}

function toCatalog(urls: ServiceUrls, cluster: string): object {
  // Clients take this one for "us".
  const team = cluster === US ? "urn:TEAM:us-east-2_a" : cluster;
  // As Webex's has them: clients add the port of a service's address themselves.
  const { hostname } = new URL(urls.base);
  const entry = (service: string): object => ({
    host: hostname,
    ttl: -1,
    priority: 1,
    id: `${team}:${service}`,
  });
  return {
    serviceLinks: {
      wdm: urls.wdm,
      conversation: urls.conversation,
      hydra: `${urls.base}/v1`,
      metrics: `${urls.base}/metrics/api/v1`,
    },
    hostCatalog: { [hostname]: [entry("conversation"), entry("wdm"), entry("hydra")] },
  };
}

function addDevices(router: Router, mercury: Mercury, urls: ServiceUrls): void {
  const shown = ({ id, owner, description }: Device): object => ({
    ...description,
    url: `${urls.wdm}/devices/${id}`,
    webSocketUrl: `${urls.sockets}${id}`,
    userId: keyOf(owner.id),
    orgId: keyOf(owner.orgId),
    userEmail: owner.emails[0],
    services: { conversationServiceUrl: urls.conversation },
  });
  router
    .route("/wdm/api/v1/devices")
    .get((_request, response) => {
      response.json({ devices: mercury.devices.of(callerOf(response)).map(shown) });
    })
    .post((request, response) => {
      response.json(shown(mercury.devices.create(callerOf(response), descriptionIn(request.body))));
    })
    .delete((_request, response) => {
      for (const device of mercury.devices.of(callerOf(response))) mercury.forget(device);
      response.sendStatus(204);
    });
  router
    .route("/wdm/api/v1/devices/:id")
    .put((request, response) => {
      const device = mercury.devices.get(callerOf(response), request.params.id);
      device.description = { ...device.description, ...descriptionIn(request.body) };
      response.json(shown(device));
    })
    .delete((request, response) => {
      mercury.forget(mercury.devices.get(callerOf(response), request.params.id));
      response.sendStatus(204);
    });
}

/** What a client asks for to learn a public id. */
function addLookUps(router: Router, webex: FrameParts["webex"]): void {
  router.get("/conversation/api/v1/messages/:uuid", (request, response) => {
    const record = webex.store.messages.get(newId(webex, "MESSAGE", request.params.uuid));
    if (record === undefined || !canRead(webex, callerOf(response), record.message)) throw notFound();
    response.json(record.message);
  });
  router.get("/conversation/api/v1/attachment/actions/:uuid", (request, response) => {
    const found = webex.store.actions.get(newId(webex, "ATTACHMENT_ACTION", request.params.uuid));
    if (found === undefined || found.posterId !== callerOf(response).id) throw notFound();
    response.json(found.action);
  });
}

function descriptionIn(body: unknown): Readonly<Record<string, unknown>> {
  const given = typeof body === "object" && body !== null ? { ...body } : {};
  // What the service says of a device is not the client's to say.
  const { url: _, webSocketUrl: _s, userId: _u, ...description } = given as Record<string, unknown>;
  return description;
}
