// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how card templates are written

import fc from "fast-check";
import { checkCard } from "../../src/cards/check-card";
import { conform } from "../../src/cards/conform";
import { sentence } from "../../src/cards/finding";
import { OBJECTS } from "../../src/cards/schema/objects";
import type { JsonObject, JsonValue } from "../../src/core/contract/notice";

/** Anything that has a card's keys and types in places where they may, and may not, stand. */
const cardLike = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  object: fc
    .dictionary(
      fc.constantFrom(
        "body",
        "items",
        "columns",
        "actions",
        "card",
        "text",
        "id",
        "data",
        "selectAction",
        "$when",
        "facts",
      ),
      tie("value"),
      { maxKeys: 5 },
    )
    .chain((members) =>
      fc
        .constantFrom(undefined, ...Object.keys(OBJECTS), "Table", "Chart")
        .map((type) => ({ type, ...members })),
    ),
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, 5, "a", "${a}", "", "auto"),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
})).value;

it("whatever it is, it is looked at to its end, and each finding is a sentence", () => {
  fc.assert(
    fc.property(cardLike, fc.boolean(), (value, isTemplate) => {
      for (const finding of checkCard(value, { isTemplate })) {
        expect(sentence(finding).length).toBeGreaterThan(10);
        expect(finding.remedy).not.toBe("");
      }
    }),
  );
});

it("what has been made as Webex wants it stays so, and says what it said", () => {
  const object = cardLike.filter(
    (value): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value),
  );
  fc.assert(
    fc.property(object, (value) => {
      const once = conform({ type: "AdaptiveCard", ...value });
      expect(conform(once)).toEqual(once);
      const errors = (card: JsonObject): number =>
        checkCard(card, { isTemplate: false }).filter(({ severity }) => severity === "error").length;
      expect(errors(once)).toBeLessThanOrEqual(errors({ type: "AdaptiveCard", ...value }));
    }),
  );
});
