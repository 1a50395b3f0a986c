import { Router } from "express";
import type { EventStreams } from "./event-stream";

/** A card as the page of cards shows it. */
export interface PreviewedCard {
  readonly name: string;
  /** Where it is written, as people at the terminal would write it. */
  readonly file: string;
  /** Filled with sample data; absent where it cannot be filled. */
  readonly content?: Readonly<Record<string, unknown>> | undefined;
  /** The text of notifications. */
  readonly fallbackText?: string | undefined;
  /** The message that platforms get which draw no cards. */
  readonly asText?: string | undefined;
  readonly findings: readonly PreviewedFinding[];
}

export interface PreviewedFinding {
  readonly severity: "error" | "warning";
  /** File and line. */
  readonly place: string;
  /** What is wrong, where in the card, and what to do instead. */
  readonly text: string;
}

/** Where the page of cards has them from. */
export interface CardPreviews {
  /** As they are now. */
  list(): Promise<readonly PreviewedCard[]>;
  /** Calls when they may have changed. @returns ends it */
  watch(changed: () => void): () => void;
}

/** The page that shows every card as it is drawn, with what is wrong with it, anew whenever a file changes. */
export function cardsPage(
  cards: CardPreviews,
  webFolder: string,
  stopped: AbortSignal,
  streams: EventStreams,
): Router {
  const router = Router();
  router.get("/cards", (_request, response) => response.sendFile("cards.html", { root: webFolder }));
  router.get("/api/cards", async (_request, response) => {
    response.setHeader("Cache-Control", "no-store");
    response.json({ cards: await cards.list() });
  });
  router.get("/api/cards/events", (_request, response) =>
    streams.open(response, stopped, (send) => cards.watch(() => send({ name: "cards.changed", data: {} }))),
  );
  return router;
}
