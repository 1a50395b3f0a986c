import { textRules } from "../../src/cards/text-rules";
import type { JsonObject } from "../../src/core/contract/notice";

const card = (body: JsonObject[], actions: JsonObject[] = []): JsonObject => ({
  type: "AdaptiveCard",
  body,
  actions,
});
const found = (content: JsonObject): string[] =>
  textRules(content).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("what a card loses as text", () => {
  it("is nothing, where it has words, labels and titles", () => {
    expect(
      found(
        card(
          [
            { type: "TextBlock", text: "Hello" },
            { type: "Image", url: "https://example.com/a.png", altText: "A lamp" },
            { type: "Input.Text", id: "a", label: "A" },
          ],
          [{ type: "Action.Submit", title: "Send", data: { isVisible: false } }],
        ),
      ),
    ).toEqual([]);
  });

  it.each<[JsonObject, JsonObject[], string]>([
    [{ type: "Image", url: "x" }, [], "body.0: as text, the image is left out"],
    [{ type: "Input.Text", id: "a" }, [], "body.0: as text, it is asked for by its id"],
    [
      { type: "TextBlock", text: "a", isVisible: false },
      [],
      "body.0: as text, it is hidden at first, and a text shows nothing later",
    ],
    [
      { type: "Container", items: [], selectAction: { type: "Action.Submit" } },
      [],
      "body.0.selectAction: as text, a text cannot be clicked",
    ],
    [
      { type: "TextBlock", text: "a" },
      [{ type: "Action.ToggleVisibility", title: "More" }],
      "actions.0: as text, the button is left out",
    ],
    [
      { type: "TextBlock", text: "a" },
      [{ type: "Action.Submit" }],
      "actions.0: as text, without a title it cannot be chosen",
    ],
    [
      { type: "TextBlock", text: "a" },
      [
        { type: "Action.Submit", title: "Go" },
        { type: "Action.ShowCard", title: "x", card: card([], [{ type: "Action.Submit", title: "GO" }]) },
      ],
      "actions.1.card.actions.0: as text, another button has the same title, so only its number tells them apart",
    ],
  ])("%j %j", (element, actions, finding) => {
    expect(found(card([element], actions))).toEqual([finding]);
  });
});
