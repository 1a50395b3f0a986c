import type { CardButton } from "../core/cards";
import { shownPath } from "../core/load-error";
import type { JsonValue } from "../core/notice";
import type { CardFile } from "./card-file";
import type { JsonPath } from "./json-source";
import { isList, isObject, members } from "./json-values";

/** Finds the submit buttons of a card whose action is a constant, wherever they are nested. */
export function findButtons(card: CardFile): CardButton[] {
  return card.content === undefined ? [] : buttonsIn(card.content, [], card);
}

function buttonsIn(value: JsonValue, path: JsonPath, card: CardFile): CardButton[] {
  if (isList(value)) return value.flatMap((item, index) => buttonsIn(item, [...path, index], card));
  if (!isObject(value)) return [];
  const action = value.type === "Action.Submit" && isObject(value.data) ? value.data.action : undefined;
  const own =
    typeof action === "string" && !action.includes("${")
      ? [{ action, at: placeOf(card, [...path, "data", "action"]) }]
      : [];
  return [...own, ...members(value).flatMap(([key, child]) => buttonsIn(child, [...path, key], card))];
}

function placeOf(card: CardFile, path: JsonPath): string {
  const { file, line } = card.locate(path);
  return `${shownPath(file)}:${line ?? 1}`;
}
