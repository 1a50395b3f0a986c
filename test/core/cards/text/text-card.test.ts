import fc from "fast-check";
import { chosen, menuText, toMenu } from "../../../../src/core/cards/text/text-card";
import type { JsonObject } from "../../../../src/core/contract/notice";

const submit = (title: string, data: JsonObject = {}): JsonObject => ({ type: "Action.Submit", title, data });
const card = (body: JsonObject[], actions: JsonObject[] = []): JsonObject => ({
  type: "AdaptiveCard",
  version: "1.3",
  body,
  actions,
});

describe("a card as a menu", () => {
  it("has the buttons of the card, of what is in it, and of the cards that it opens", () => {
    const inner = card([{ type: "Input.Text", id: "why", label: "Why" }], [submit("No", { action: "no" })]);
    const menu = toMenu(
      card(
        [
          { type: "Input.Text", id: "name", label: "Name" },
          { type: "Container", items: [{ type: "ActionSet", actions: [submit("Maybe")] }] },
        ],
        [submit("Yes", { action: "yes" }), { type: "Action.ShowCard", title: "No …", card: inner }],
      ),
    );
    expect(menu.actions.map(({ title, data, inputs }) => [title, data, inputs.map(({ id }) => id)])).toEqual([
      ["Maybe", {}, ["name"]],
      ["Yes", { action: "yes" }, ["name"]],
      // What stands around a card is sent with its buttons.
      ["No", { action: "no" }, ["name", "why"]],
    ]);
  });

  it("has no input for a button that takes none, and asks for none that is hidden", () => {
    const { actions } = toMenu(
      card(
        [
          { type: "Input.Text", id: "name" },
          { type: "Input.Text", id: "hidden", isVisible: false },
          {
            type: "Container",
            isVisible: false,
            items: [
              { type: "Input.Text", id: "inside" },
              { type: "ActionSet", actions: [submit("Unseen")] },
            ],
          },
        ],
        [submit("Send"), { ...submit("Cancel"), associatedInputs: "none" }],
      ),
    );
    expect(actions.map(({ inputs }) => inputs.map(({ id, isAsked }) => [id, isAsked]))).toEqual([
      [
        ["name", true],
        ["hidden", false],
        ["inside", false],
      ],
      [],
    ]);
  });

  it("is written with its links and numbers, in which nothing is Markdown", () => {
    const menu = toMenu(
      card(
        [{ type: "TextBlock", text: "**Shall** we?" }],
        [
          submit("*Yes*"),
          { type: "Action.OpenUrl", title: "More", url: "https://example.com/a_b" },
          submit("No"),
        ],
      ),
    );
    expect(menuText(menu)).toBe(
      "\\*\\*Shall\\*\\* we?\n\nMore: https://example.com/a\\_b\n\n1. \\*Yes\\*\n2. No\n\nAnswer with a number, 1 to 2.",
    );
  });

  it("has every title on one line, and no button without one", () => {
    const { actions } = toMenu(card([], [submit("Yes\n2. No"), submit(" "), submit("")]));
    expect(actions.map(({ title }) => title)).toEqual(["Yes 2. No"]);
  });

  it("is empty for a card that says nothing", () => {
    expect(menuText(toMenu(card([])))).toBe("");
  });
});

describe("what is chosen", () => {
  const actions = ["Approve", "Reject it", "Later", "later"].map((title) => ({ title }));

  it.each([
    ["1", "Approve"],
    [" 2. ", "Reject it"],
    ["#2", "Reject it"],
    ["2)", "Reject it"],
    ["approve", "Approve"],
    ["REJECT  it", "Reject it"],
    ["4", "later"],
  ])("by %j is %s", (text, title) => {
    expect(chosen(actions, text)?.title).toBe(title);
  });

  it.each(["0", "5", "-1", "1 2", "1,2", "later", "approve it", "", "١"])("by %j is nothing", (text) => {
    expect(chosen(actions, text)).toBeUndefined();
  });

  it("is by a title that is a number, where there is no such choice", () => {
    const ratings = ["10", "20", "1"].map((title) => ({ title }));
    expect(["10", "20", "1", "3"].map((text) => chosen(ratings, text)?.title)).toEqual([
      "10",
      "20",
      "10",
      "1",
    ]);
  });

  it("is each by its number, whatever they are called", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 }), (titles) => {
        const all = titles.map((title) => ({ title }));
        for (const [index, action] of all.entries()) expect(chosen(all, String(index + 1))).toBe(action);
      }),
    );
  });
});
