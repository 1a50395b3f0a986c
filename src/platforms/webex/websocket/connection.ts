import { randomUUID } from "node:crypto";
import { describeError } from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import type { JsonObject } from "../../../core/contract/notice";
import { openSocket, type Socket, type SocketEnd } from "../../api/socket";
import { acknowledgement, authorization, type Frame, ping, readFrame } from "./frames";

/** Time limits of one connection, in milliseconds. */
export interface ConnectionTimings {
  /** For the connection, and again for the answer to who we are. */
  readonly openWithinMs: number;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly closeWithinMs: number;
}

export const TIMINGS: ConnectionTimings = {
  openWithinMs: 30_000,
  pingEveryMs: 15_000,
  pongWithinMs: 14_000,
  closeWithinMs: 2_000,
};

export interface ConnectionParts {
  readonly webSocketUrl: string;
  readonly token: string;
  readonly timings: ConnectionTimings;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Puts what happened into the inbox. When it fails, the connection ends, and Webex sends the event again. */
  readonly take: (activity: JsonObject) => Promise<void>;
  readonly onAuthorised: () => void;
  /** Frames were left out. @param since when the last one before them came */
  readonly onGap: (since: number) => void;
}

export interface ConnectionEnd extends SocketEnd {
  readonly wasAuthorised: boolean;
  /** Until when everything that was sent has been kept, in milliseconds since 1970. */
  readonly completeUntil: number;
}

const MAX_MESSAGE_BYTES = 10 * 1_048_576;

/**
 * One connection, from its beginning to its end. An event is acknowledged when it is in the inbox.
 * @returns how it ended, when nothing of it is under way any more
 * @throws ApiError, NetworkError when it did not come about
 */
export async function runConnection(parts: ConnectionParts, signal: AbortSignal): Promise<ConnectionEnd> {
  const connection = new Connection(parts);
  const { openWithinMs, closeWithinMs } = parts.timings;
  const socket = await openSocket(
    {
      platform: "webex",
      url: withFormat(parts.webSocketUrl),
      maxMessageBytes: MAX_MESSAGE_BYTES,
      openWithinMs,
      closeWithinMs,
      onMessage: (bytes) => connection.onFrame(readFrame(bytes)),
    },
    signal,
  );
  return connection.run(socket, signal);
}

/** JSON as text, and what came while nobody was connected. */
function withFormat(webSocketUrl: string): string {
  const url = new URL(webSocketUrl);
  url.searchParams.set("outboundWireFormat", "text");
  url.searchParams.set("bufferStates", "true");
  url.searchParams.set("aliasHttpStatus", "true");
  return url.href;
}

class Connection {
  readonly #parts: ConnectionParts;
  readonly #underWay = new Set<Promise<void>>();
  #socket: Socket | undefined;
  /** Frames that came before the socket was handed over. */
  #early: Frame[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pingId: string | undefined;
  #wasAuthorised = false;
  #sequence: number | undefined;
  #heardAt: number;
  #failedAt: number | undefined;
  /** Why it is ended by us. */
  #leaving: string | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#heardAt = parts.now();
  }

  async run(socket: Socket, signal: AbortSignal): Promise<ConnectionEnd> {
    this.#socket = socket;
    socket.send(authorization(this.#parts.token));
    this.#within(this.#parts.timings.openWithinMs, () => this.#leave("not authorised in time"));
    for (const frame of this.#early) this.onFrame(frame);
    this.#early = [];
    const stop = (): void => void this.#stop();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    const end = await socket.ended;
    signal.removeEventListener("abort", stop);
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay);
    return {
      code: this.#leaving === undefined ? end.code : 1000,
      reason: this.#leaving ?? end.reason,
      wasAuthorised: this.#wasAuthorised,
      completeUntil: Math.min(this.#heardAt, this.#failedAt ?? this.#heardAt),
    };
  }

  onFrame(frame: Frame): void {
    if (this.#socket === undefined) {
      this.#early.push(frame);
      return;
    }
    // What is not acknowledged is sent again.
    if (this.#leaving !== undefined) return;
    const before = this.#heardAt;
    this.#heardAt = this.#parts.now();
    switch (frame.kind) {
      case "pong":
        this.#onPong(frame.id);
        return;
      case "unreadable":
        this.#parts.log.warn("a frame of Webex' websocket was not understood", { reason: frame.reason });
        return;
      case "event":
        this.#onEvent(frame, before);
        return;
      default:
        frame satisfies never;
    }
  }

  #onEvent({ id, sequence, isAuthorisation, activity }: Frame & { kind: "event" }, before: number): void {
    if (isAuthorisation && !this.#wasAuthorised) {
      this.#wasAuthorised = true;
      this.#parts.onAuthorised();
      this.#ping();
    }
    if (sequence !== undefined) {
      if (this.#sequence !== undefined && sequence > this.#sequence + 1) this.#parts.onGap(before);
      this.#sequence = sequence;
    }
    if (activity === undefined) this.#acknowledge(id);
    else this.#take(activity, id);
  }

  #take(activity: JsonObject, id: string | undefined): void {
    const since = this.#heardAt;
    const taking = this.#parts
      .take(activity)
      .then(
        () => this.#acknowledge(id),
        (error: unknown) => {
          this.#failedAt ??= since;
          this.#parts.log.error("an event could not be stored; Webex is asked to send it again", {
            error: describeError(error),
          });
          this.#leave("not stored");
        },
      )
      .finally(() => this.#underWay.delete(taking));
    this.#underWay.add(taking);
  }

  #acknowledge(id: string | undefined): void {
    if (id !== undefined) this.#socket?.send(acknowledgement(id));
  }

  #ping(): void {
    this.#pingId = randomUUID();
    this.#socket?.send(ping(this.#pingId));
    this.#within(this.#parts.timings.pongWithinMs, () => this.#leave("pong not received"));
  }

  #onPong(id: string | undefined): void {
    if (this.#pingId === undefined) return;
    if (id !== this.#pingId) {
      this.#leave("pong mismatch");
      return;
    }
    this.#pingId = undefined;
    this.#within(this.#parts.timings.pingEveryMs, () => this.#ping());
  }

  /** Has one thing to wait for at a time. */
  #within(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #leave(reason: string): void {
    if (this.#leaving !== undefined) return;
    this.#leaving = reason;
    clearTimeout(this.#timer);
    this.#socket?.close(1000, reason);
  }

  /** Takes nothing new, and acknowledges what was taken. */
  async #stop(): Promise<void> {
    if (this.#leaving !== undefined) return;
    this.#leaving = "done";
    clearTimeout(this.#timer);
    await Promise.all(this.#underWay);
    this.#socket?.close(1000, "done");
  }
}
