import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** What Webex answers to a call: a body for 200, or a status with one. */
export type Answer = object | (() => { readonly status: number; readonly body?: object });

/** A frame that the client sent. */
export interface ClientFrame {
  readonly id?: string;
  readonly type: string;
  readonly messageId?: string;
  readonly data?: { readonly token: string };
}

/** How Webex behaves towards the next clients; what is absent is done as it should be. */
export interface Manners {
  /** A status other than 101 for the next handshakes. */
  handshakes?: number[];
  isSilent?: boolean;
  pong?: "right" | "wrong" | "none";
  /** Frames that every client is sent again until it acknowledges them. */
  keepsUnacknowledged?: boolean;
}

/** One client on the line, as Webex sees it. */
export class Line {
  readonly frames: ClientFrame[] = [];
  readonly url: string;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly socket: WebSocket;
  #wake: (() => void)[] = [];

  constructor(socket: WebSocket, url: string, onFrame: (line: Line, frame: ClientFrame) => void) {
    this.socket = socket;
    this.url = url;
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      const frame: ClientFrame = JSON.parse(String(data));
      this.frames.push(frame);
      onFrame(this, frame);
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.closed = new Promise((resolve) =>
      socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })),
    );
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** @returns the frame's id */
  tell(activity: object, id: string = randomUUID(), more: object = {}): string {
    this.send({ id, data: { eventType: "conversation.activity", activity }, ...more });
    return id;
  }

  async heard(fits: (frame: ClientFrame) => boolean): Promise<ClientFrame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  acknowledged(id: string): Promise<ClientFrame> {
    return this.heard(({ type, messageId }) => type === "ack" && messageId === id);
  }

  get acknowledgements(): string[] {
    return this.frames.flatMap(({ type, messageId }) => (type === "ack" && messageId ? [messageId] : []));
  }
}

/** Webex's catalog, devices and websocket on a free port, from the description of their protocol. */
export interface MercuryServer {
  readonly url: string;
  readonly catalogUrl: string;
  readonly devicesUrl: string;
  readonly calls: string[];
  readonly manners: Manners;
  readonly answers: Record<string, Answer>;
  /** Clients in the order in which they connected and were authorised. */
  line(number: number): Promise<Line>;
  readonly lines: readonly Line[];
  close(): Promise<void>;
}

export const TOKEN = "t0ken-of-the-bot";

export async function openMercuryServer(cluster = "urn:TEAM:us-west-2_r"): Promise<MercuryServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const url = `http://127.0.0.1:${port}`;
  const devicesUrl = `${url}/wdm/api/v1/devices`;
  const calls: string[] = [];
  const lines: Line[] = [];
  const manners: Manners = {};
  let wake: (() => void)[] = [];
  let registered = 0;
  const device = (name: string) => ({
    url: `${devicesUrl}/${++registered}`,
    name,
    webSocketUrl: `ws://127.0.0.1:${port}/mercury/${registered}?extra=1`,
  });
  const answers: Record<string, Answer> = {
    "GET /u2c/api/v1/catalog": {
      serviceLinks: { wdm: `${url}/wdm/api/v1` },
      hostCatalog: { "conv-r.wbx2.com": [{ id: `${cluster}:conversation` }] },
    },
    "GET /wdm/api/v1/devices": () => ({ status: 404 }),
  };

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const call = `${request.method} ${request.url?.replace(/\?.*/, "")}`;
    calls.push(call);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const given = chunks.length === 0 ? {} : JSON.parse(String(Buffer.concat(chunks)));
      const answer = answers[call] ?? (call === "POST /wdm/api/v1/devices" ? device(given.name) : undefined);
      const { status, body } =
        answer === undefined
          ? { status: 404, body: { message: "none" } }
          : typeof answer === "function"
            ? answer()
            : { status: 200, body: answer };
      const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
      response.writeHead(isKnown ? status : 401, { "content-type": "application/json" });
      response.end(JSON.stringify(isKnown ? (body ?? {}) : { message: "unauthorised" }));
    });
  });

  const unacknowledged = new Map<string, object>();
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    const refused = manners.handshakes?.shift();
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connected) => {
      new Line(connected, request.url ?? "", (line, frame) => {
        if (frame.type === "ack" && frame.messageId) unacknowledged.delete(frame.messageId);
        if (frame.type === "ping" && manners.pong !== "none")
          line.send({ type: "pong", id: manners.pong === "wrong" ? "another" : frame.id });
        if (frame.type !== "authorization" || manners.isSilent) return;
        line.send({ id: randomUUID(), data: { eventType: "mercury.buffer_state" } });
        if (manners.keepsUnacknowledged) {
          const tell = line.tell.bind(line);
          line.tell = (activity, id = randomUUID(), more = {}) => {
            unacknowledged.set(id, activity);
            return tell(activity, id, more);
          };
          for (const [id, activity] of unacknowledged) tell(activity, id);
        }
        lines.push(line);
        for (const one of wake.splice(0)) one();
      });
    });
  });

  return {
    url,
    catalogUrl: `${url}/u2c/api/v1/catalog`,
    devicesUrl,
    calls,
    manners,
    answers,
    lines,
    async line(number) {
      for (;;) {
        const line = lines[number - 1];
        if (line !== undefined) return line;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    async close() {
      wake = [];
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ROOM = "11111111-2222-4333-8444-555555555555";
const ADA = "ada00000-0000-4000-8000-000000000002";

/** A message that somebody wrote. @param number of the message: small ones make small uuids */
export function posted(number: number, more: object = {}): object {
  return {
    id: messageUuid(number),
    objectType: "activity",
    verb: "post",
    published: "2026-01-02T03:04:05.678Z",
    actor: { objectType: "person", id: ADA, entryUUID: ADA, emailAddress: "ada@example.com", type: "PERSON" },
    object: { objectType: "comment", displayName: "eyJhbGciOiJkaXIi" },
    target: {
      id: ROOM,
      objectType: "conversation",
      url: `https://conv-r.wbx2.com/conversation/api/v1/conversations/${ROOM}`,
      tags: ["ONE_ON_ONE"],
    },
    ...more,
  };
}

export function messageUuid(number: number): string {
  return `55555555-2222-4333-8444-${String(number).padStart(12, "0")}`;
}
