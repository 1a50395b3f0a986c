import { CardError } from "../core/contract/errors";
import type { JsonObject } from "../core/contract/notice";
import type { Card } from "../core/contract/platform";
import { checkCard } from "./check-card";
import { withConformDates } from "./conform";
import { toSent, wordsOf } from "./fill-card";
import { sentence } from "./finding";

/**
 * Makes a card of Adaptive Card JSON without expressions.
 * @param name what errors call it
 * @throws CardError that lists every error
 */
export function toCardFromJson(content: JsonObject, name = "inline"): Card {
  const errors = checkCard(content, { isTemplate: false }).filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new CardError("card-invalid", `card "${name}": ${errors.map(sentence).join("; ")}`);
  const conform = withConformDates(content);
  return { kind: "card", name, content: toSent(conform), fallbackText: wordsOf(conform, name) };
}
