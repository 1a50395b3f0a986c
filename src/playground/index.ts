import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import express from "express";
import { type Logger, silentLogger } from "../core/logger";
import type { CardPreviews } from "./cards-page";
import { chatPage } from "./chat-page";
import { createConnect, type ProgramEnvironment } from "./connect";
import { controlRoutes } from "./control";
import { createDoor } from "./door/door";
import { exportRoutes } from "./export/routes";
import type { Project } from "./export/test-file";
import { Faults } from "./faults/faults";
import { createIntercomPlayground, type IntercomPlayground } from "./intercom/playground";
import { StateFolder } from "./keeping/folder";
import { Keeper, keepWhatChanges } from "./keeping/keeper";
import type { PlaygroundState } from "./keeping/state";
import { Later } from "./later";
import { Mercury } from "./mercury/mercury";
import { serviceRoutes, serviceUrls } from "./mercury/routes";
import { observeProgram, type ProgramObserver } from "./program";
import { recordChange } from "./record-change";
import { saysRoutes } from "./says";
import { type NextMessageOptions, type Said, type SaysOptions, Simulation, type Who } from "./simulate";
import { createSpikaPlayground, type SpikaPlayground } from "./spika/playground";
import { startWebexOver } from "./start-over";
import { Timeline } from "./timeline";
import { noteUnheard } from "./unheard";
import { toId, US, uuidFor } from "./webex/ids";
import { addPerson } from "./webex/people";
import type { AttachmentAction, Content, Message, Person } from "./webex/records";
import { castOf, giveTokens, seed } from "./webex/seed";
import { stateOfStore, storeOf } from "./webex/state";
import { Store } from "./webex/store";
import type { Webex } from "./webex/webex";
import { webexApi } from "./webex-api";
import { Courier } from "./webhooks/courier";
import { Deliveries } from "./webhooks/deliveries";
import { toOccurrence } from "./webhooks/occurrence";
import { WebhookRegistry } from "./webhooks/registry";
import { Sender } from "./webhooks/sender";

export type { CardPreviews, PreviewedCard } from "./cards-page";
export type { NextMessageOptions, Said, SaysOptions, Who } from "./simulate";
export type { ApiCall, Delivery, Timeline, TimelineEntry } from "./timeline";
export type { AttachmentAction, Message, Person } from "./webex/records";

/** How a playground is set up. */
export interface PlaygroundOptions {
  /**
   * Where `app` is reachable, without a slash at the end: `"http://127.0.0.1:3000/playground"`. File URLs and
   * `Link` headers start with it.
   */
  readonly publicUrl: string;
  /** A folder in which everything is kept over a restart, tokens too. @default everything is in memory only */
  readonly stateDir?: string | undefined;
  /** The bot's access token. @default the one before the restart, or a random one */
  readonly botToken?: string | undefined;
  /** The access token of the first person, Ada Lovelace. @default as the bot's */
  readonly userToken?: string | undefined;
  /**
   * Lets whoever knows it use the page, from anywhere, and nobody else; at least 12 characters.
   * @default this computer may, by its own names, and nobody else
   */
  readonly password?: string | undefined;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** How long a webhook's receiver may take to answer, in milliseconds. Webex documents no number. @default 10_000 */
  readonly deliveryTimeoutMs?: number;
  /** Where rooms are kept, as their ids say it: `"urn:TEAM:us-west-2_r"` for a region. @default "us" */
  readonly cluster?: string;
  /** How long a client of the websocket may take to say who it is, in milliseconds. @default 30_000 */
  readonly authorisationMs?: number;
  /** What the page of cards shows. @default there is no such page */
  readonly cards?: CardPreviews;
  /** Where a test that is exported finds the bots and cards. @default "bots" and "cards" */
  readonly project?: Project;
  /** @default says nothing */
  readonly logger?: Logger;
}

/** Somebody who can be played. */
export interface PlaygroundPerson {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly token: string;
}

/** A second Webex on this computer: its API, its webhooks, people to play, and a chat page. */
export interface Playground {
  /** To be mounted at the path of `publicUrl`. Nothing listens by itself. */
  readonly app: express.Express;
  readonly webex: {
    /** Path of the API below `app`. */
    readonly apiPath: "/webex/v1";
    readonly bot: PlaygroundPerson;
    readonly botToken: string;
    /** Ada Lovelace, Grace Hopper, Alan Turing. */
    readonly people: readonly PlaygroundPerson[];
    /** The room with everybody in it. */
    readonly lobbyId: string;
    /** Where clients that listen by websocket begin: Webex's is `https://u2c.wbx2.com/u2c/api/v1/catalog`. */
    readonly catalogUrl: string;
  };
  /** A Spika server, below `app` too. */
  readonly spika: SpikaPlayground;
  /** An Intercom workspace, too. */
  readonly intercom: IntercomPlayground;
  /** The websockets of clients that registered a device. */
  readonly sockets: {
    /** How many are on the line. */
    readonly connected: number;
    /** Ends them with a code that says why. */
    closeAll(code: number, reason?: string): void;
    /** Breaks them, as when a cable is pulled. */
    breakAll(): void;
  };
  /** What is to go wrong. */
  readonly faults: Pick<Faults, "add" | "list" | "clear">;
  /** For the `upgrade` event of the server that `app` is mounted in. @returns `false` when it is about something else */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** The bytes behind a message's file URL. */
  file(url: string): Content | undefined;
  /** One more bot, in no room yet; the same name has the same id at every start. */
  addBot(displayName: string): PlaygroundPerson;
  /** One more person, in no room yet. @param email nobody else's. @default made of the name, and a number if need be */
  addPerson(displayName: string, email?: string): PlaygroundPerson;
  /** What people do besides writing and clicking. @throws ApiError as the API would answer. */
  readonly acts: Omit<Simulation, "says" | "presses" | "clicks" | "nextMessageFrom" | "lately" | "forget">;
  /** Somebody writes, to the bot directly unless `roomId` says otherwise. @throws ApiError as the API would answer. */
  says(who: Who, what: Said, options?: SaysOptions): Promise<Message>;
  /** Somebody presses the card's button with this title, having entered this by id. @throws Error when there is no such button. */
  presses(
    who: Who,
    messageId: string,
    title: string,
    entered?: Readonly<Record<string, unknown>>,
  ): Promise<AttachmentAction>;
  /** Somebody sends a click straight to the API, with any inputs. @throws ApiError as the API would answer. */
  clicks(who: Who, messageId: string, inputs: Readonly<Record<string, unknown>>): Promise<AttachmentAction>;
  /** The next message of somebody, usually `"bot"`, that this has not returned before. @throws Error after `timeoutMs`. */
  nextMessageFrom(who: Who, options?: NextMessageOptions): Promise<Message>;
  /** What went over the wire lately, a line each, for whoever waits in vain. */
  lately(): string;
  /** Every message, delivery and API call so far; the newest 2,000. */
  readonly timeline: Timeline;
  /**
   * Lets a program receive what happens here.
   * @param programUrl where it listens, without a slash at the end; its receiver is at `/webhooks` there
   * @returns the variables of the environment that the program is to be started with
   */
  connect(programUrl: string): ProgramEnvironment;
  /** What the program that the bots run in says of its work, for the timeline: its `observer`. */
  readonly observer: ProgramObserver;
  /**
   * Makes everything what it was at the start, on all platforms, and takes faults away. Bots keep their tokens and webhooks;
   * people get new tokens, unless they were given. Resolves when it is kept so.
   */
  startOver(): Promise<void>;
  /** Breaks off deliveries and ends the page's event streams. The server is closed by who opened it. */
  close(): Promise<void>;
  /**
   * Resolves when all that happened is in the folder, where there is one. It is kept while it happens; this is for the
   * end, when nobody calls any more.
   */
  save(): Promise<void>;
}

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
  let isSeeded = false;
  const webex: Webex & { store: Store } = {
    store: kept === undefined ? new Store() : storeOf(kept.webex, apiUrl),
    orgId: toId("ORGANIZATION", uuidFor("organisation")),
    cluster: options.cluster ?? US,
    apiUrl,
    now,
    publish: (change) => {
      recordChange(timeline, change);
      const unheard =
        isSeeded &&
        noteUnheard(
          { webex, registry, isConnected: (personId) => mercury.isConnected(personId) },
          toOccurrence(webex, change),
        );
      if (unheard) timeline.add("unheard", unheard);
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
  const spika = createSpikaPlayground({ courier, timeline, faults, now }, kept?.spika);
  const intercom = createIntercomPlayground(
    { url: `${publicUrl}/intercom`, courier, later, timeline, faults, now },
    kept?.intercom,
  );
  const { webhookSecret = randomSecret(), passSecret = randomSecret() } = kept ?? {};
  const tokens = { bot: options.botToken, user: options.userToken };
  if (kept === undefined) seed(webex, tokens);
  else registry.restore(kept.webhooks);
  const cast = castOf(webex);
  giveTokens(webex, cast, tokens);
  isSeeded = true;
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

  const door = createDoor({ password: options.password, secret: passSecret, now });
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple");
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
    door.calls,
    saysRoutes({ spika, intercom }),
    controlRoutes({ faults, courier, startOver }),
    exportRoutes(recording, project),
  );
  app.use(
    chatPage({
      ...{ webex, cast, spika, intercom, timeline, cards: options.cards, door },
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
    upgrade: (request, socket, head) => mercury.upgrade(request, socket, head),
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
