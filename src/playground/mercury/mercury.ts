import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Faults } from "../faults/faults";
import { UnsteadyLine } from "../faults/on-deliveries";
import type { Timeline } from "../timeline";
import type { Person, Room } from "../webex/records";
import type { Change, Webex } from "../webex/webex";
import { type Occurrence, toOccurrence } from "../webhooks/occurrence";
import { toActivity, toReadReceipt } from "./activity";
import { CLOSE, Connection } from "./connection";
import { type Device, Devices } from "./devices";

export interface MercuryOptions {
  readonly webex: Webex;
  readonly timeline: Timeline;
  readonly faults: Faults;
  /** Root of the conversation service, whose host tells the region. */
  readonly conversationUrl: string;
  /** Path of the sockets, with a slash at its end. */
  readonly path: string;
  /** How long a client may take to say who it is, in milliseconds. @default 30_000 */
  readonly authorisationMs?: number | undefined;
}

/** Clients send a token, pings and acknowledgements, in bytes. */
const LARGEST_FRAME = 64 * 1024;
/** Connections at the same time, also those that have not said who they are. */
const MOST_CONNECTIONS = 500;

/** A change, with the state at its time that is needed to tell of it a moment later. */
interface Announced {
  readonly change: Change;
  readonly occurrence: Occurrence;
  readonly room: Room | undefined;
  /** The connections whose owners are to hear of it. */
  readonly concerned: readonly Connection[];
}

/** Webex's websocket: tells what webhooks tell, to whoever has registered a device and holds the line. */
export class Mercury {
  readonly devices = new Devices();
  readonly #options: MercuryOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME });
  readonly #connections = new Map<string, Connection>();
  readonly #unacknowledged = new Map<string, Map<string, object>>();
  /** By device. */
  readonly #lines = new Map<string, UnsteadyLine>();
  #announced: Announced[] = [];

  constructor(options: MercuryOptions) {
    this.#options = options;
  }

  /** Whether the request asks for a websocket of this service. */
  serves(request: IncomingMessage): boolean {
    return urlOf(request)?.pathname.startsWith(this.#options.path) === true;
  }

  /** Opens the websocket of a device, for a server's `upgrade` event. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = urlOf(request);
    const device = url && this.devices.find(url.pathname.slice(this.#options.path.length));
    // What clients take for a registration that is over.
    if (url === undefined || device === undefined) refuseUpgrade(socket, "404 Not Found");
    else if (this.#server.clients.size >= MOST_CONNECTIONS) refuseUpgrade(socket, "503 Service Unavailable");
    else
      this.#server.handleUpgrade(request, socket, head, (connected) =>
        this.#connect(connected, device, url.searchParams.get("outboundWireFormat") === "text"),
      );
  }

  /** Returns at once. What happens in one turn is told together: who is in a new room is part of its being made. */
  announce(change: Change): void {
    if (this.#connections.size === 0) return;
    const { webex } = this.#options;
    const occurrence = toOccurrence(webex, change);
    const room = webex.store.rooms.get(roomIdOf(change));
    this.#announced.push({
      ...{ change, occurrence },
      // A copy: the last member to leave takes the room along.
      room: room && { ...room },
      concerned: this.#connectionsOf().filter(
        ({ isAuthorised, device }) => isAuthorised && occurrence.concerns(device.owner),
      ),
    });
    if (this.#announced.length === 1) queueMicrotask(() => this.#tellAll());
  }

  /** Ends every connection, or those of one person, with a code that says why. */
  closeAll(code: number, reason: string, owner?: Person): void {
    for (const connection of this.#connectionsOf(owner)) connection.close(code, reason);
  }

  /** Breaks every connection, as when a cable is pulled. */
  breakAll(owner?: Person): void {
    for (const connection of this.#connectionsOf(owner)) connection.break();
  }

  /** Whether a client of this person is on the line and has said who it is. */
  isConnected(personId: string): boolean {
    return this.#connectionsOf().some(
      ({ isAuthorised, device }) => isAuthorised && device.owner.id === personId,
    );
  }

  /** How many clients are on the line and have said who they are. */
  get connected(): number {
    return this.#connectionsOf().filter(({ isAuthorised }) => isAuthorised).length;
  }

  forget(device: Device): void {
    this.devices.delete(device);
    this.#unacknowledged.delete(device.id);
    this.#lines.delete(device.id);
    this.#connections.get(device.id)?.close(1000, "device deleted");
  }

  close(): void {
    for (const line of this.#lines.values()) line.close();
    this.breakAll();
    this.#server.close();
  }

  #connectionsOf(owner?: Person): Connection[] {
    const all = [...this.#connections.values()];
    return owner === undefined ? all : all.filter(({ device }) => device.owner.id === owner.id);
  }

  #connect(socket: WebSocket, device: Device, asText: boolean): void {
    const { webex, timeline, authorisationMs = 30_000 } = this.#options;
    const note = (what: string): void =>
      timeline.add("socket", { at: new Date(webex.now()).toISOString(), by: device.owner.displayName, what });
    const unacknowledged = this.#unacknowledged.get(device.id) ?? new Map<string, object>();
    this.#unacknowledged.set(device.id, unacknowledged);
    const connection = new Connection({
      socket,
      device,
      asText,
      authorisationMs,
      unacknowledged,
      isTokenOf: ({ owner }, authorization) =>
        webex.store.personByToken(authorization.replace(/^Bearer /i, ""))?.id === owner.id,
      now: () => webex.now(),
      onAuthorised: () => note("connected"),
      onAcknowledged: () => note("acknowledged an event"),
    });
    this.#connections.get(device.id)?.close(CLOSE.replaced, "replaced");
    this.#connections.set(device.id, connection);
    socket.once("close", (code) => {
      note(`disconnected (${code})`);
      if (this.#connections.get(device.id) === connection) this.#connections.delete(device.id);
    });
  }

  #tellAll(): void {
    const all = this.#announced;
    this.#announced = [];
    const made = new Set<string>();
    for (const announced of all) {
      const { change } = announced;
      if (change.kind === "room.created") made.add(change.room.id);
      const isPartOfMaking = change.kind === "membership.created" && made.has(change.membership.roomId);
      if (!isPartOfMaking) this.#tell(announced);
    }
  }

  #tell({ change, occurrence, room, concerned }: Announced): void {
    const { webex, conversationUrl } = this.#options;
    // Who is in a new room is known only now.
    const listening =
      change.kind === "room.created"
        ? this.#connectionsOf().filter(
            ({ isAuthorised, device }) =>
              isAuthorised && webex.store.membership(change.room.id, device.owner.id) !== undefined,
          )
        : concerned;
    if (listening.length === 0) return;
    const activity = toActivity(webex, conversationUrl, change, room);
    if (activity === undefined) return;
    for (const connection of listening) {
      const { resource, event } = occurrence;
      const author = webex.store.people.get(change.actorId);
      const isRead = change.kind === "message.created" && author?.type === "person";
      const receipt = isRead ? toReadReceipt(webex, conversationUrl, author, change.message) : undefined;
      this.#lineTo(connection.device).pass(
        this.#options.faults.onDelivery("socket", "webex", resource, event),
        {
          async send(isCut) {
            await connection.tell(activity);
            if (isCut) connection.break();
            else if (receipt !== undefined) await connection.tell(receipt);
          },
          lose: () => undefined,
          deactivate: () => this.forget(connection.device),
        },
      );
    }
  }

  #lineTo({ id }: Device): UnsteadyLine {
    const line = this.#lines.get(id) ?? new UnsteadyLine();
    this.#lines.set(id, line);
    return line;
  }
}

function roomIdOf(change: Change): string {
  if ("message" in change) return change.message.roomId;
  if ("membership" in change) return change.membership.roomId;
  if ("action" in change) return change.action.roomId;
  return change.room.id;
}

function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  return URL.canParse(url, "http://localhost") ? new URL(url, "http://localhost") : undefined;
}

/** Answers a request for a websocket with a status such as `"404 Not Found"`, and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  // The server has let go of the socket: without a listener, a reset by the client would end the program.
  socket.on("error", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
