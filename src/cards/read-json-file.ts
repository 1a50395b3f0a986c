import { readFileSync } from "node:fs";
import { describeError } from "../core/contract/errors";
import { MAX_CARD_BYTES } from "./card-rules";
import { type JsonSource, JsonSourceError, parseJsonSource } from "./json-source";

/** A file of JSON, or why it cannot be used; the line, counted from 1, where there is one. */
export type ReadJson =
  | { readonly kind: "read"; readonly source: JsonSource }
  | { readonly kind: "unusable"; readonly line?: number | undefined; readonly problem: string };

export function readJsonFile(file: string): ReadJson {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MAX_CARD_BYTES)
      return { kind: "unusable", problem: `has ${bytes.length} bytes; a card may have ${MAX_CARD_BYTES}` };
    return { kind: "read", source: parseJsonSource(bytes.toString("utf8")) };
  } catch (error) {
    if (error instanceof JsonSourceError)
      return { kind: "unusable", line: error.line, problem: error.message };
    return { kind: "unusable", problem: describeError(error) };
  }
}
