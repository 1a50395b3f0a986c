import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CardSource } from "../core/cards";
import { CardError, describe } from "../core/errors";
import { LoadError, type LoadFault, shownPath } from "../core/load-error";
import type { JsonObject, JsonValue } from "../core/notice";
import type { Card } from "../core/platform";
import { checkCard } from "./check-card";
import { fallbackText } from "./fallback-text";
import { type JsonSource, JsonSourceError, parseJsonSource } from "./json-source";
import { type FillTemplate, prepareTemplate, TemplateError } from "./template";

/** The cards of a folder. */
export interface LoadedCards extends CardSource {
  /** What `cards/<name>.data.json` says, to preview and to test the card with. */
  sampleOf(name: string): JsonObject | undefined;
  /** What is odd about the cards and does not keep them from being used, one sentence each with file and line. */
  readonly warnings: readonly string[];
}

interface CardFile {
  readonly file: string;
  readonly content: JsonObject;
  /** Made when the card is used first. */
  fill?: FillTemplate;
}

const SAMPLE = ".data.json";
/** A card is a message on a telephone; beyond this it was meant to be a document. In bytes. */
const MAX_FILE_BYTES = 100_000;

/**
 * Loads the card templates of a folder: `<name>.json`, and `<name>.data.json` with sample data beside it. A folder that
 * does not exist has no cards.
 * @param dir absolute
 * @throws LoadError that lists every fault in every file
 */
export function loadCards(dir: string): LoadedCards {
  const names = existsSync(dir) ? readdirSync(dir).filter((name) => /^[^_.].*\.json$/.test(name)) : [];
  const cards = new Map<string, CardFile>();
  const samples = new Map<string, JsonObject>();
  const faults: LoadFault[] = [];
  const warnings: string[] = [];

  for (const name of names.sort((a, b) => (a < b ? -1 : 1))) {
    const file = join(dir, name);
    const source = readJson(file, faults);
    if (source === undefined) continue;
    if (name.endsWith(SAMPLE)) {
      if (isObject(source.value)) samples.set(name.slice(0, -SAMPLE.length), source.value);
      else
        faults.push({
          file,
          line: 1,
          message: "sample data is an object in { }, with the fields that the card shows",
        });
      if (!names.includes(`${name.slice(0, -SAMPLE.length)}.json`))
        faults.push({ file, message: "there is no card of this name for the sample data" });
      continue;
    }
    const check = checkCard(source.value);
    for (const { path, message } of check.faults) faults.push({ file, line: source.lineOf(path), message });
    for (const { path, message } of check.warnings)
      warnings.push(`${shownPath(file)}:${source.lineOf(path)}: ${message}`);
    if (isObject(source.value)) cards.set(name.slice(0, -".json".length), { file, content: source.value });
  }
  if (faults.length > 0) throw new LoadError(faults);
  return {
    names: [...cards.keys()],
    warnings,
    sampleOf: (name) => samples.get(name),
    render(name, data) {
      const card = cards.get(name);
      if (card === undefined) throw new CardError("card-unknown", unknownCard(name, dir, [...cards.keys()]));
      return render(name, card, data);
    },
  };
}

function readJson(file: string, faults: LoadFault[]): JsonSource | undefined {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_FILE_BYTES)
      throw new Error(`has ${bytes.length} bytes; a card may have ${MAX_FILE_BYTES}`);
    return parseJsonSource(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof JsonSourceError) faults.push({ file, line: error.line, message: error.message });
    else faults.push({ file, message: describe(error) });
    return undefined;
  }
}

function render(name: string, card: CardFile, data: JsonObject): Card {
  try {
    card.fill ??= prepareTemplate(card.content);
    const filled = card.fill(data);
    if (!isObject(filled))
      throw new CardError("card-invalid", `card "${name}": its own "$when" leaves nothing of it`);
    // Webex knows no such property; it is ours to say what is shown instead.
    const { fallbackText: own, ...content } = filled;
    const text = typeof own === "string" && own.trim() !== "" ? own : fallbackText(content, name);
    return { kind: "card", name, content, fallbackText: text };
  } catch (error) {
    throw error instanceof TemplateError ? toCardError(name, card.file, error) : error;
  }
}

function toCardError(name: string, file: string, error: TemplateError): CardError {
  const missing = error.missing.map(({ field, at }) => `the data has no "${field}", which ${at} shows`);
  const remedy =
    missing.length === 0
      ? ""
      : `. Pass it, or allow for its absence: "$when": "\${exists(field)}", or \${if(exists(field), field, '')}`;
  const problems = [...missing, ...error.broken].join("; ");
  return new CardError(
    missing.length > 0 ? "card-incomplete" : "card-invalid",
    `card "${name}" (${shownPath(file)}): ${problems}${remedy}`,
    error,
  );
}

function unknownCard(name: string, dir: string, names: readonly string[]): string {
  if (names.length === 0)
    return `there is no card "${name}": ${shownPath(dir)} has none; CARDS_DIR says where they are`;
  const shown = names.slice(0, 10).map((other) => `"${other}"`);
  return `there is no card "${name}" in ${shownPath(dir)}; there are ${shown.join(", ")}${names.length > 10 ? " …" : ""}`;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
