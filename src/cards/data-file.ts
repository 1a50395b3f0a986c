import type { JsonObject, JsonValue } from "../core/contract/notice";
import type { Finding } from "./finding";
import type { JsonSource } from "./json-source";
import { isObject, shown } from "./json-values";

/** What `<name>.data.json` says. */
export interface CardData {
  /** What the card looks like in the preview and in tests, without the defaults. */
  readonly sample: JsonObject;
  /** What is filled in when the handler gives nothing: its `$defaults`. */
  readonly defaults: JsonObject;
}

const DEFAULTS = "$defaults";

export function readCardData(source: JsonSource): {
  readonly data: CardData;
  readonly findings: readonly Finding[];
} {
  if (!isObject(source.value)) return { data: NO_DATA, findings: [bad([], source.value)] };
  const { [DEFAULTS]: defaults = {}, ...sample } = source.value;
  if (!isObject(defaults)) return { data: { sample, defaults: {} }, findings: [bad([DEFAULTS], defaults)] };
  return { data: { sample, defaults }, findings: [] };
}

const NO_DATA: CardData = { sample: {}, defaults: {} };

function bad(path: readonly string[], value: JsonValue): Finding {
  const message = path.length === 0 ? `sample data is ${shown(value)}` : `is ${shown(value)}`;
  const remedy = "expected an object in { }, with the fields that the card shows";
  return { code: "bad-data", severity: "error", path, message, remedy };
}
