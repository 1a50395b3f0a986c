import { dirname, sep } from "node:path";

/** The folder that a card's parts may come from: that of all cards, or its own when it is elsewhere. Both absolute. */
export function rootOf(file: string, cardsDir: string): string {
  return file.startsWith(cardsDir + sep) ? cardsDir : dirname(file);
}
