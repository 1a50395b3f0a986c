import { randomBytes } from "node:crypto";
import express from "express";
import { silentLogger } from "../core/contract/logger";
import { webexGuard } from "./api-frame";
import { createDoor } from "./auth/auth";
import { limitBodies } from "./body-budget";
import { observeProgram } from "./bot-observer";
import { chatPage } from "./chat-page";
import { createConnect } from "./connect";
import { controlRoutes } from "./control";
import { exportRoutes } from "./export/routes";
import { Faults } from "./faults/faults";
import { createIntercomPlayground } from "./intercom/playground";
import { Mercury, refuseUpgrade } from "./mercury/mercury";
import { serviceRoutes, serviceUrls } from "./mercury/routes";
import { StateFolder } from "./persistence/folder";
import { Keeper, keepWhatChanges } from "./persistence/persister";
import type { PlaygroundState } from "./persistence/state";
import type { Playground, PlaygroundOptions, PlaygroundPerson } from "./playground";
import { recordChange } from "./record-change";
import { seedWebex, startWebexOver } from "./reset";
import { saysRoutes } from "./say-routes";
import { Later } from "./scheduler";
import { Simulation } from "./simulate";
import { createSpikaPlayground } from "./spika/playground";
import { Timeline } from "./timeline";
import { noteUnheard } from "./undelivered";
import { toId, US, uuidFor } from "./webex/ids";
import { addPerson } from "./webex/people";
import type { Person } from "./webex/records";
import { castOf, giveTokens } from "./webex/seed";
import { stateOfStore, storeOf } from "./webex/state";
import { Store } from "./webex/store";
import type { Webex } from "./webex/webex";
import { webexApi } from "./webex-api";
import { Deliveries } from "./webhooks/deliveries";
import { Courier } from "./webhooks/delivery-queue";
import { toOccurrence } from "./webhooks/occurrence";
import { WebhookRegistry } from "./webhooks/registry";
import { Sender } from "./webhooks/sender";

export type { CardPreviews, PreviewedCard } from "./cards-page";
export type { Playground, PlaygroundOptions, PlaygroundPerson } from "./playground";
export type { NextMessageOptions, Said, SaysOptions, Who } from "./simulate";
export type { ApiCall, Delivery, Timeline, TimelineEntry } from "./timeline";
export type { AttachmentAction, Message, Person } from "./webex/records";

/** Makes a playground with three people and a bot in it, or goes on with the one that is kept in the folder. */
export function createPlayground(options: PlaygroundOptions): Playground {
  const { stateDir, logger = silentLogger } = options;
  if (stateDir === undefined) return assemble(options);
  const folder = new StateFolder(stateDir, logger);
  const kept = folder.read();
  try {
    return assemble(options, folder, kept);
  } catch (error) {
    if (kept === undefined) throw error;
    // Whole, and still nothing that can be gone on with.
    folder.setAside(error);
    return assemble(options, folder);
  }
}

function assemble(options: PlaygroundOptions, folder?: StateFolder, kept?: PlaygroundState): Playground {
  const { publicUrl, now = Date.now, logger = silentLogger, deliveryTimeoutMs = 10_000 } = options;
  const timeline = new Timeline();
  const faults = new Faults(timeline, now);
  const stop = new AbortController();
  let round = new AbortController();
  const sender = new Sender(deliveryTimeoutMs);
  const apiUrl = `${publicUrl}/webex/v1`;
  const webex: Webex & { store: Store } = {
    store: kept === undefined ? new Store() : storeOf(kept.webex, apiUrl),
    orgId: toId("ORGANIZATION", uuidFor("organisation")),
    cluster: options.cluster ?? US,
    apiUrl,
    now,
    publish: (change) => {
      recordChange(timeline, change);
      const unheard = noteUnheard(
        { webex, registry, isConnected: (personId) => mercury.isConnected(personId) },
        toOccurrence(webex, change),
      );
      if (unheard !== undefined) timeline.add("unheard", unheard);
      deliveries.announce(change);
      mercury.announce(change);
    },
  };
  const registry = new WebhookRegistry(webex);
  const courier = new Courier({ sender, timeline, faults, now });
  const later = new Later(now);
  const deliveries = new Deliveries({ webex, registry, courier, logger });
  const services = serviceUrls(`${publicUrl}/webex`);
  const mercury = new Mercury({
    webex,
    timeline,
    faults,
    conversationUrl: services.conversation,
    path: new URL(services.sockets).pathname,
    authorisationMs: options.authorisationMs,
  });
  const spika = createSpikaPlayground({ courier, later, timeline, faults, now }, kept?.spika);
  const intercom = createIntercomPlayground(
    { url: `${publicUrl}/intercom`, courier, later, timeline, faults, now },
    kept?.intercom,
  );
  const { webhookSecret = randomSecret(), passSecret = randomSecret() } = kept ?? {};
  const tokens = { bot: options.botToken, user: options.userToken };
  if (kept === undefined) seedWebex(webex, timeline, tokens);
  else registry.restore(kept.webhooks);
  const cast = castOf(webex);
  giveTokens(webex, cast, tokens);
  /** Where people begin to act. */
  let begun = timeline.lastId;
  const keeper =
    folder &&
    new Keeper(
      folder,
      () => ({
        webex: stateOfStore(webex.store),
        webhooks: registry.state(),
        spika: spika.state(),
        intercom: intercom.state(),
        webhookSecret,
        passSecret,
      }),
      logger,
    );
  if (keeper !== undefined) keepWhatChanges(keeper, timeline);
  const simulation = new Simulation(webex, cast.bot, timeline);
  const startOver = async (): Promise<void> => {
    faults.clear();
    later.clear();
    timeline.clear();
    simulation.forget();
    startWebexOver({ webex, registry, timeline, cast, tokens });
    begun = timeline.lastId;
    spika.startOver();
    intercom.startOver();
    keeper?.changed();
    await keeper?.save();
    // Pages come back, see that the tokens are others, and load anew.
    round.abort();
    round = new AbortController();
  };

  const door = createDoor({
    ...{ password: options.password, secret: passSecret, now },
    apis: [webexGuard(webex), spika.guard, intercom.guard],
  });
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
  app.use(door.requests, door.signIn, limitBodies());
  app.use("/webex/v1", webexApi({ webex, registry, timeline, logger, faults }));
  app.use(spika.path, spika.router);
  app.use(intercom.path, intercom.router);
  app.use("/webex", serviceRoutes({ webex, timeline, logger, faults }, mercury, services));
  const recording = {
    ...{ webex, timeline, bot: cast.bot },
    get since() {
      return begun;
    },
  };
  const { project = { bots: "bots", cards: "cards" } } = options;
  app.use(
    "/api",
    saysRoutes({ spika, intercom }),
    controlRoutes({ faults, courier, startOver }),
    exportRoutes(recording, project),
  );
  app.use(
    chatPage({
      ...{ webex, cast, spika, intercom, timeline, cards: options.cards },
      stopped: stop.signal,
      roundOver: () => round.signal,
    }),
  );

  const toPlayed = (person: Person): PlaygroundPerson => ({
    id: person.id,
    email: person.emails[0] ?? "",
    displayName: person.displayName,
    token: webex.store.tokenOf(person),
  });
  const webexHere = {
    apiPath: "/webex/v1",
    bot: toPlayed(cast.bot),
    botToken: webex.store.tokenOf(cast.bot),
    get people() {
      return cast.people.map(toPlayed);
    },
    lobbyId: cast.lobbyId,
    catalogUrl: `${services.base}/u2c/api/v1/catalog`,
  } as const;
  return {
    app,
    webex: webexHere,
    spika,
    intercom,
    sockets: {
      get connected() {
        return mercury.connected;
      },
      closeAll: (code, reason = "") => mercury.closeAll(code, reason),
      breakAll: () => mercury.breakAll(),
    },
    faults,
    upgrade(request, socket, head) {
      if (!mercury.serves(request)) return false;
      if (door.admitsUpgrade(request)) mercury.upgrade(request, socket, head);
      else refuseUpgrade(socket, "403 Forbidden");
      return true;
    },
    addBot(displayName) {
      const email = `${displayName.toLowerCase().replace(/[^a-z\d]+/g, "-")}@webex.bot`;
      return toPlayed(
        webex.store.personByEmail(email) ?? addPerson(webex, { email, displayName, type: "bot" }),
      );
    },
    file: (url) => webex.store.contents.get(url.slice(url.lastIndexOf("/") + 1)),
    addPerson(displayName, email) {
      const { store } = webex;
      if (email !== undefined && store.personByEmail(email) !== undefined)
        throw new Error(`playground: somebody has the address ${email} already`);
      return toPlayed(
        addPerson(webex, { email: email ?? freeAddress(store, displayName), displayName, type: "person" }),
      );
    },
    acts: simulation,
    says: (who, what, saysOptions) => simulation.says(who, what, saysOptions),
    presses: (who, messageId, title, entered) => simulation.presses(who, messageId, title, entered),
    clicks: (who, messageId, inputs) => simulation.clicks(who, messageId, inputs),
    lately: () => simulation.lately(),
    nextMessageFrom: (who, nextOptions) => simulation.nextMessageFrom(who, nextOptions),
    timeline,
    connect: createConnect({ publicUrl, webex: webexHere, spika, intercom, webhookSecret }),
    observer: observeProgram(timeline, now),
    startOver,
    close: async () => {
      stop.abort();
      round.abort();
      courier.close();
      later.clear();
      sender.close();
      mercury.close();
      keeper?.stop();
    },
    save: async () => keeper?.save(),
  };
}

function randomSecret(): string {
  return randomBytes(24).toString("hex");
}

function freeAddress(store: Store, displayName: string): string {
  const name = displayName.toLowerCase().replace(/[^a-z\d]+/g, ".");
  for (let number = 1; ; number++) {
    const email = `${name}${number === 1 ? "" : number}@example.com`;
    if (store.personByEmail(email) === undefined) return email;
  }
}
