import { setMaxListeners } from "node:events";
import type { Request, Response } from "express";
import type { Timeline, TimelineEntry } from "./timeline";

const pingMs = 15_000;
/** Streams that are open at the same time; a page has one or two. */
const mostStreams = 100;
/** A client that reads so slowly that more than this waits for it is disconnected; it comes back for the rest. */
const mostWaitingBytes = 2 * 1024 * 1024;

/** One event of a stream. */
interface StreamedEvent {
  /** What a client that comes back says it has seen; absent: nothing is kept for it. */
  readonly id?: number;
  readonly name: string;
  readonly data: unknown;
}

/** Counts the open streams of a playground. */
export class EventStreams {
  #open = 0;

  /**
   * Answers with server-sent events until the client goes, or the playground is closed; with 503 if too many are open.
   * @param begin gets the function that sends an event, and returns the one that ends the sending
   */
  open(
    response: Response,
    stopped: AbortSignal,
    begin: (send: (event: StreamedEvent) => void) => () => void,
  ): void {
    if (this.#open >= mostStreams) {
      response.setHeader("Retry-After", "5");
      response
        .status(503)
        .json({ message: `${mostStreams} event streams are open, and more are not served.` });
      return;
    }
    this.#open++;
    // One of each stream.
    setMaxListeners(mostStreams + 1, stopped);
    response.once("close", () => {
      this.#open--;
    });
    openEventStream(response, stopped, begin);
  }
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
function openEventStream(
  response: Response,
  stopped: AbortSignal,
  begin: (send: (event: StreamedEvent) => void) => () => void,
): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    // A proxy that collects before it passes on would make the page look dead.
    "X-Accel-Buffering": "no",
  });
  response.write(": here\n\n");
  const finish = begin(({ id, name, data }) => {
    const seen = id === undefined ? "" : `id: ${id}\n`;
    response.write(`${seen}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  });
  const ping = setInterval(() => response.write(": ping\n\n"), pingMs);
  const end = (): unknown => response.end();
  stopped.addEventListener("abort", end);
  response.once("close", () => {
    finish();
    clearInterval(ping);
    stopped.removeEventListener("abort", end);
  });
  if (stopped.aborted) end();
}

/**
 * Streams the timeline, from after the `Last-Event-ID` when there is one. Calls that people make, by the page mostly, are
 * left out, and that no bot was told of what needs no answer.
 */
export function streamEvents(
  request: Request,
  response: Response,
  timeline: Timeline,
  stopped: AbortSignal,
  streams: EventStreams,
): void {
  streams.open(response, stopped, (send) => {
    const sendShown = (entry: TimelineEntry): void => {
      if (isShown(entry)) send(entry);
    };
    const lastId = request.get("Last-Event-ID");
    if (lastId !== undefined && /^\d{1,15}$/.test(lastId))
      for (const entry of timeline.since(Number(lastId))) sendShown(entry);
    return timeline.listen(sendShown);
  });
}

function isShown(entry: TimelineEntry): boolean {
  if (entry.name === "unheard")
    return (
      entry.data.event === "created" &&
      entry.data.resource !== "memberships" &&
      entry.data.resource !== "rooms"
    );
  return entry.name !== "call" || entry.data.by === "bot" || entry.data.by === "unknown";
}
