import type { Request, Response } from "express";
import type { Timeline, TimelineEntry } from "./timeline";

const pingMs = 15_000;

/** One event of a stream. */
interface StreamedEvent {
  /** What a client that comes back says it has seen; absent: nothing is kept for it. */
  readonly id?: number;
  readonly name: string;
  readonly data: unknown;
}

/**
 * Answers with server-sent events until the client goes, or the playground is closed.
 *
 * @param begin Is given what sends an event; returns what ends the sending.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openEventStream(
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
): void {
  openEventStream(response, stopped, (send) => {
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
