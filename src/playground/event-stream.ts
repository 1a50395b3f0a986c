import type { Request, Response } from "express";
import type { Timeline, TimelineEntry } from "./timeline";

const pingMs = 15_000;

/**
 * Streams the timeline as server-sent events, from after the `Last-Event-ID` when there is one.
 * Calls that people make, by the page mostly, are left out.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function streamEvents(
  request: Request,
  response: Response,
  timeline: Timeline,
  stopped: AbortSignal,
): void {
  response.writeHead(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    // A proxy that collects before it passes on would make the page look dead.
    "X-Accel-Buffering": "no",
  });
  response.write(": here\n\n");
  const send = (entry: TimelineEntry): void => {
    if (isShown(entry))
      response.write(`id: ${entry.id}\nevent: ${entry.name}\ndata: ${JSON.stringify(entry.data)}\n\n`);
  };
  const lastId = request.get("Last-Event-ID");
  if (lastId !== undefined && /^\d{1,15}$/.test(lastId))
    for (const entry of timeline.since(Number(lastId))) send(entry);
  const unlisten = timeline.listen(send);
  const ping = setInterval(() => response.write(": ping\n\n"), pingMs);
  const end = (): unknown => response.end();
  stopped.addEventListener("abort", end);
  response.once("close", () => {
    unlisten();
    clearInterval(ping);
    stopped.removeEventListener("abort", end);
  });
  if (stopped.aborted) end();
}

function isShown(entry: TimelineEntry): boolean {
  return entry.name !== "call" || entry.data.by === "bot" || entry.data.by === "unknown";
}
