import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type express from "express";
import type { Logger } from "../core/contract/logger";
import type { ProgramObserver } from "./bot-observer";
import type { CardPreviews } from "./cards-page";
import type { ProgramEnvironment } from "./connect";
import type { Project } from "./export/test-file";
import type { Faults } from "./faults/faults";
import type { IntercomPlayground } from "./intercom/playground";
import type { NextMessageOptions, Said, SaysOptions, Simulation, Who } from "./simulate";
import type { SpikaPlayground } from "./spika/playground";
import type { Timeline } from "./timeline";
import type { AttachmentAction, Content, Message } from "./webex/records";

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
  /** Breaks off deliveries and ends the page's event streams; from then on only `save` writes. The server is closed by who opened it. */
  close(): Promise<void>;
  /**
   * Resolves when all that happened is in the folder, where there is one. It is kept while it happens; this is for the
   * end, when nobody calls any more.
   */
  save(): Promise<void>;
}
