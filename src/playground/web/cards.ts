import { CardsView } from "./cards-view";
import { byId } from "./dom";
import { followEvents } from "./events";
import { countFindings, parseCards } from "./previewed-card";

/** Shows the cards as they are, and again whenever a file of them changes. */
async function start(): Promise<void> {
  const view = new CardsView(byId("card-list"), byId("cards"));
  let isFirst = true;
  const show = async (): Promise<void> => {
    const response = await fetch("api/cards", { cache: "no-store" });
    if (!response.ok) throw new Error(`The playground answered ${response.status}.`);
    const cards = parseCards(await response.json());
    view.render(cards);
    const findings = cards.flatMap((card) => card.findings);
    byId("summary").textContent = countFindings(findings) || "Nothing is wrong with the cards.";
    // The browser looked for what the address names before there was anything.
    if (isFirst && location.hash !== "") document.getElementById(named(location.hash))?.scrollIntoView();
    isFirst = false;
  };
  const showSafely = (): void =>
    void show().catch((error: unknown) => {
      console.error(error);
      byId("summary").textContent = error instanceof Error ? error.message : String(error);
    });
  await followEvents("api/cards/events", {
    onEvent: showSafely,
    onOpen: () => {
      byId("connection").hidden = true;
      showSafely();
    },
    onLost: () => {
      byId("connection").hidden = false;
    },
  });
}

/** Somebody may have written the hash by hand. */
function named(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
}

void start();
