import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CardSource } from "../core/contract/card-source";
import { CardError } from "../core/contract/errors";
import { LoadError, type LoadFault, shownPath } from "../core/contract/load-error";
import type { JsonObject } from "../core/contract/notice";
import { didYouMean } from "../core/util/suggest-name";
import { findButtons } from "./card-buttons";
import {
  type CardFile,
  DATA_END,
  type PlacedFinding,
  placeFinding,
  readCardFile,
  TEMPLATE_END,
  toSentence,
} from "./card-file";
import { toCard } from "./fill-card";
import { sentence } from "./finding";
import { toCardFromJson } from "./json-card";
import { withPlainTexts } from "./plain-texts";
import { textRules } from "./text-rules";

/** The cards of a folder. */
export interface LoadedCards extends CardSource {
  /** What `cards/<name>.data.json` says, to preview and to test the card with; its defaults are not in it. */
  sampleOf(name: string): JsonObject | undefined;
  /** What is odd about the cards and does not keep them from being used, one sentence each with file and line. */
  readonly warnings: readonly string[];
  /** What is lost where the cards are written as text, one sentence each with file and line. */
  losses(): readonly string[];
}

/**
 * Loads the card templates of a folder: `<name>.json`, and `<name>.data.json` with sample data and defaults beside it.
 * A folder that does not exist has no cards.
 * @param dir absolute
 * @throws LoadError that lists every fault in every file
 */
export function loadCards(dir: string): LoadedCards {
  const { cards: files, orphans } = readCards(dir);
  const findings = [...files.flatMap((card) => card.findings), ...orphans];
  const faults = findings.filter(({ severity }) => severity === "error").map(toFault);
  if (faults.length > 0) throw new LoadError(faults);
  const cards = new Map(files.map((card) => [card.name, card]));
  // A warning has no data in it, so there are as many as there are places in the templates.
  const warned = new Set<string>();
  return {
    names: [...cards.keys()],
    buttons: files.flatMap(findButtons),
    warnings: findings.map(toSentence),
    losses: () => files.flatMap((card) => findLosses(card).map(toSentence)),
    sampleOf: (name) => cards.get(name)?.sample,
    render(name, data, warn = () => {}) {
      const card = cards.get(name);
      // A card without content would have been a fault.
      if (card?.content === undefined)
        throw new CardError("card-unknown", unknownCard(name, dir, [...cards.keys()]));
      return toCard(card, card.content, data, (warning) => {
        if (warned.has(warning)) return;
        warned.add(warning);
        warn(warning);
      });
    },
    fromJson: toCardFromJson,
    withPlainTexts,
  };
}

/** The cards of a folder with all that was found in them, sorted by name, and data files that belong to none. */
export function readCards(dir: string): {
  readonly cards: readonly CardFile[];
  readonly orphans: readonly PlacedFinding[];
} {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => /^[^_.].*\.json$/.test(name)) : [];
  const templates = names
    .filter((name) => !name.endsWith(DATA_END))
    .map((name) => name.slice(0, -TEMPLATE_END.length))
    .sort((a, b) => (a < b ? -1 : 1));
  const orphans = names
    .filter(
      (name) => name.endsWith(DATA_END) && !names.includes(name.slice(0, -DATA_END.length) + TEMPLATE_END),
    )
    .map((name) => orphan(join(dir, name)));
  return { cards: templates.map((name) => readCardFile(join(dir, `${name}${TEMPLATE_END}`), dir)), orphans };
}

/** What is lost where a card is written as text. */
export function findLosses(card: CardFile): readonly PlacedFinding[] {
  return card.content === undefined
    ? []
    : textRules(card.content).map((finding) => placeFinding(card, finding));
}

function orphan(file: string): PlacedFinding {
  const message = "there is no card of this name for the sample data";
  return { code: "bad-data", severity: "error", file, path: [], message, remedy: "rename or delete it" };
}

function toFault({ file, line, ...finding }: PlacedFinding): LoadFault {
  return { file, line, message: sentence(finding) };
}

function unknownCard(name: string, dir: string, names: readonly string[]): string {
  if (names.length === 0)
    return `there is no card "${name}": ${shownPath(dir)} has none; CARDS_DIR says where they are`;
  const shown = names.slice(0, 10).map((other) => `"${other}"`);
  const more = names.length > 10 ? " …" : "";
  return `there is no card "${name}" in ${shownPath(dir)}; there are ${shown.join(", ")}${more}${didYouMean(name, names)}`;
}
