import { randomUUID } from "node:crypto";
import { type RawData, WebSocket } from "ws";
import type { Activity } from "./activity";
import type { Device } from "./devices";

export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly device: Device;
  /** Whether frames are wanted as text; they come as bytes otherwise. */
  readonly asText: boolean;
  /** How long a client may take to say who it is, in milliseconds. */
  readonly authorisationMs: number;
  /** What was sent and not acknowledged, by frame; outlives the connection. */
  readonly unacknowledged: Map<string, object>;
  isTokenOf(device: Device, authorization: string): boolean;
  now(): number;
  onAuthorised(): void;
  onAcknowledged(messageId: string): void;
}

/** Close codes that clients tell apart. */
export const CLOSE = { replaced: 4000, badRequest: 4400, unauthorised: 4401 } as const;

/** A client that reads so slowly that more than this waits for it is disconnected; it is sent the rest when it is back. */
const MOST_WAITING_BYTES = 2 * 1024 * 1024;

/** One client on the line. */
export class Connection {
  readonly device: Device;
  readonly #parts: ConnectionParts;
  #isAuthorised = false;
  #sequence = 0;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.device = parts.device;
    const { socket, authorisationMs } = parts;
    const timer = setTimeout(() => {
      if (!this.#isAuthorised) this.close(CLOSE.unauthorised, "authentication timeout");
    }, authorisationMs);
    socket.once("close", () => clearTimeout(timer));
    socket.on("message", (data) => this.#receive(data));
    // A reset is followed by close; without a listener it would end the program.
    socket.on("error", () => undefined);
  }

  get isAuthorised(): boolean {
    return this.#isAuthorised && this.#parts.socket.readyState === WebSocket.OPEN;
  }

  /** Sends an event; it counts as received when the client says so. @returns when it has left, or the line is gone */
  tell(activity: Activity): Promise<void> {
    const id = randomUUID();
    const frame = {
      id,
      data: { activity, eventType: "conversation.activity" },
      timestamp: this.#parts.now(),
      trackingId: `PLAYGROUND_${randomUUID()}`,
      headers: {},
      sequenceNumber: ++this.#sequence,
      filterMessage: false,
    };
    const { unacknowledged } = this.#parts;
    unacknowledged.set(id, frame);
    // About what Webex has been seen to keep; nobody counts on more.
    for (const oldest of unacknowledged.keys()) {
      if (unacknowledged.size <= 500) break;
      unacknowledged.delete(oldest);
    }
    return this.#send(frame);
  }

  close(code: number, reason: string): void {
    this.#parts.socket.close(code, reason);
  }

  /** As when a cable is pulled. */
  break(): void {
    this.#parts.socket.terminate();
  }

  #receive(data: RawData): void {
    const frame = readFrame(data);
    if (frame === undefined) {
      this.close(1003, "not a JSON object");
      return;
    }
    const { type, id, messageId } = frame;
    if (type === "authorization") this.#authorise(frame.data);
    else if (!this.#isAuthorised) this.close(CLOSE.unauthorised, "authentication failed");
    else if (type === "ping") void this.#send({ id, type: "pong" });
    else if (type === "ack" && typeof messageId === "string") {
      this.#parts.unacknowledged.delete(messageId);
      this.#parts.onAcknowledged(messageId);
    }
  }

  #authorise(data: unknown): void {
    const token = typeof data === "object" && data !== null && "token" in data ? data.token : undefined;
    if (typeof token !== "string") this.close(CLOSE.badRequest, "bad credentials");
    else if (!this.#parts.isTokenOf(this.device, token))
      this.close(CLOSE.unauthorised, "authentication failed");
    else if (!this.#isAuthorised) {
      this.#isAuthorised = true;
      void this.#send({
        id: randomUUID(),
        data: { eventType: "mercury.buffer_state", bufferStates: {} },
        timestamp: this.#parts.now(),
        trackingId: `PLAYGROUND_${randomUUID()}`,
      });
      for (const frame of this.#parts.unacknowledged.values()) void this.#send(frame);
      this.#parts.onAuthorised();
    }
  }

  #send(frame: object): Promise<void> {
    const text = JSON.stringify(frame);
    const { socket, asText } = this.#parts;
    if (socket.bufferedAmount > MOST_WAITING_BYTES) socket.terminate();
    return new Promise((resolve) => {
      socket.send(asText ? text : Buffer.from(text), { binary: !asText }, () => resolve());
    });
  }
}

function readFrame(data: RawData): Record<string, unknown> | undefined {
  try {
    const frame: unknown = JSON.parse(String(data));
    return typeof frame === "object" && frame !== null ? { ...frame } : undefined;
  } catch {
    return undefined;
  }
}
