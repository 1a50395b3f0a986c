import { existsSync } from "node:fs";
import path from "node:path";
import { Router, static as serveFiles } from "express";
import { type CardPreviews, cardsPage } from "./cards-page";
import { EventStreams, streamEvents } from "./event-stream";
import type { IntercomPlayground } from "./intercom/playground";
import { pageHeaders } from "./page-headers";
import type { SpikaPlayground } from "./spika/playground";
import type { Timeline } from "./timeline";
import type { Cast } from "./webex/seed";
import type { Webex } from "./webex/webex";

/** The page's script is bundled into this folder by the build; its sources are beside the compiled one. */
const webFolder = path.join(__dirname, "web");

/** The chat page, and what it asks of the playground itself: who can be played, and what happens. */
export function chatPage(parts: {
  webex: Webex;
  cast: Cast;
  spika: SpikaPlayground;
  intercom: IntercomPlayground;
  timeline: Timeline;
  cards: CardPreviews | undefined;
  stopped: AbortSignal;
  /** Aborted when all that the page shows is gone. */
  roundOver(): AbortSignal;
}): Router {
  const { webex, cast, spika, intercom, timeline, cards, stopped, roundOver } = parts;
  const router = Router();
  const streams = new EventStreams();
  router.use(pageHeaders());
  router.get("/api/session", (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({
      ...session(webex, cast),
      spika: { people: spika.people.map(({ id, displayName }) => ({ id, displayName })) },
      intercom: { people: intercom.people, adminId: intercom.adminId, assignees: intercom.assignees },
      hasCards: cards !== undefined,
    });
  });
  router.get("/api/events", (request, response) =>
    streamEvents(request, response, timeline, roundOver(), streams),
  );
  if (cards !== undefined) router.use(cardsPage(cards, webFolder, stopped, streams));
  router.get("/", (request, response, next) => {
    const [pathname = "", query] = request.originalUrl.split("?");
    if (pathname.endsWith("/")) next();
    // Without the slash the page would look for its script one folder up.
    else response.redirect(308, `${pathname}/${query === undefined ? "" : `?${query}`}`);
  });
  router.get(/^\/(?:main|cards)\.js$/, (request, response, next) => {
    if (existsSync(path.join(webFolder, request.path))) next();
    else
      response.status(404).type("text/plain").send("The page has not been built yet: run `npm run build`.\n");
  });
  router.get(
    /^\/(?:[\w-]+\.(?:html|js|css|map|svg|png|woff2))?$/,
    serveFiles(webFolder, { redirect: false }),
  );
  return router;
}

function session(webex: Webex, { people, bot }: Cast): object {
  return {
    apiBase: new URL(webex.apiUrl).pathname,
    bot: { id: bot.id, displayName: bot.displayName, email: bot.emails[0] },
    people: people.map((person) => ({
      id: person.id,
      displayName: person.displayName,
      email: person.emails[0],
      token: webex.store.tokenOf(person),
    })),
  };
}
