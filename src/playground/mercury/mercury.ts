import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Faults } from "../faults/faults";
import { UnsteadyLine } from "../faults/on-deliveries";
import type { Timeline } from "../timeline";
import type { Person } from "../webex/records";
import type { Change, Webex } from "../webex/webex";
import { toOccurrence } from "../webhooks/occurrence";
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

/** Webex's websocket: tells what webhooks tell, to whoever has registered a device and holds the line. */
export class Mercury {
  readonly devices = new Devices();
  readonly #options: MercuryOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1_048_576 });
  readonly #connections = new Map<string, Connection>();
  readonly #unacknowledged = new Map<string, Map<string, object>>();
  /** By device. */
  readonly #lines = new Map<string, UnsteadyLine>();
  #changes: Change[] = [];

  constructor(options: MercuryOptions) {
    this.#options = options;
  }

  /** For a server's `upgrade` event. @returns `false` when it is about something else */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (!url.pathname.startsWith(this.#options.path)) return false;
    const device = this.devices.find(url.pathname.slice(this.#options.path.length));
    // What clients take for a registration that is over.
    if (device === undefined) refuse(socket, "404 Not Found");
    else
      this.#server.handleUpgrade(request, socket, head, (connected) =>
        this.#connect(connected, device, url.searchParams.get("outboundWireFormat") === "text"),
      );
    return true;
  }

  /** Returns at once. What happens in one turn is told together: who is in a new room is part of its being made. */
  announce(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length === 1) queueMicrotask(() => this.#tellAll());
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
    const changes = this.#changes;
    this.#changes = [];
    const made = new Set<string>();
    for (const change of changes) {
      if (change.kind === "room.created") made.add(change.room.id);
      const isPartOfMaking = change.kind === "membership.created" && made.has(change.membership.roomId);
      if (!isPartOfMaking) this.#tell(change);
    }
  }

  #tell(change: Change): void {
    const { webex, conversationUrl } = this.#options;
    const listening = this.#connectionsOf().filter(({ isAuthorised }) => isAuthorised);
    if (listening.length === 0) return;
    const activity = toActivity(webex, conversationUrl, change);
    if (activity === undefined) return;
    const occurrence = toOccurrence(webex, change);
    for (const connection of listening) {
      const { owner } = connection.device;
      const isConcerned =
        change.kind === "room.created"
          ? webex.store.membership(change.room.id, owner.id) !== undefined
          : occurrence.concerns(owner);
      if (!isConcerned) continue;
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

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
