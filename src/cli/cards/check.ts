import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  type CardFile,
  DATA_END,
  type PlacedFinding,
  readCardFile,
  TEMPLATE_END,
} from "../../cards/card-file";
import { hasErrors } from "../../cards/finding";
import { findLosses, readCards } from "../../cards/load";
import { examine } from "../../cards/validate-all";
import { readCardsDir } from "../../config";
import { EXIT, NotFoundError, UsageError } from "../output";
import type { Terminal } from "../terminal";
import { rootOf } from "./root-of";
import { toJson, toLine, toSummary } from "./show";

export interface CheckFlags {
  readonly json?: boolean;
  readonly text?: boolean;
}

/** `bellhop cards check`: everything that is wrong with these cards, or with all of them. */
export function check(
  terminal: Terminal,
  paths: readonly string[],
  { json = false, text = false }: CheckFlags,
): void {
  const cardsDir = readCardsDir(terminal.env);
  if (paths.length === 0 && !existsSync(cardsDir))
    throw new NotFoundError(`there is no folder "${cardsDir}"; CARDS_DIR says where the cards are`);
  const found = paths.length === 0 ? [readCards(cardsDir)] : paths.map((path) => readPath(path, cardsDir));
  const cards = new Map(
    found.flatMap((one) => one.cards.map((card): [string, CardFile] => [card.file, card])),
  );
  const findings = [
    ...[...cards.values()].flatMap((card) => [...examine(card).findings, ...(text ? findLosses(card) : [])]),
    ...found.flatMap((one) => one.orphans),
  ];
  for (const finding of findings)
    terminal.writeLine(json ? JSON.stringify(toJson(finding)) : toLine(finding));
  if (!json) terminal.writeLine(toSummary(cards.size, findings));
  if (hasErrors(findings)) terminal.exitCode = EXIT.failed;
}

function readPath(
  path: string,
  cardsDir: string,
): { readonly cards: readonly CardFile[]; readonly orphans: readonly PlacedFinding[] } {
  const given = resolve(path);
  if (!existsSync(given)) throw new NotFoundError(`there is no file "${path}"`);
  if (statSync(given).isDirectory()) return readCards(given);
  if (!given.endsWith(TEMPLATE_END))
    throw new UsageError(`"${path}" is no card; a card's name ends with ${TEMPLATE_END}`);
  // Sample data is looked at with its card.
  const file = given.endsWith(DATA_END)
    ? join(dirname(given), `${basename(given, DATA_END)}${TEMPLATE_END}`)
    : given;
  if (!existsSync(file)) throw new NotFoundError(`there is no card "${file}" for the data in "${path}"`);
  return { cards: [readCardFile(file, rootOf(file, cardsDir))], orphans: [] };
}
