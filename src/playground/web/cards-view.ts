import { drawCard } from "./card-view";
import { h, setChildren } from "./dom";
import { countFindings, type Finding, type PreviewedCard } from "./previewed-card";

interface Drawn {
  /** What it was drawn from, to draw anew only what has changed. */
  readonly source: string;
  readonly section: HTMLElement;
}

/** Draws the cards below each other; one that did not change keeps what was typed into it. */
export class CardsView {
  readonly #list: HTMLElement;
  readonly #place: HTMLElement;
  #drawn = new Map<string, Drawn>();

  constructor(list: HTMLElement, place: HTMLElement) {
    this.#list = list;
    this.#place = place;
  }

  render(cards: readonly PreviewedCard[]): void {
    const drawn = new Map<string, Drawn>();
    for (const card of cards) {
      const source = JSON.stringify(card);
      const before = this.#drawn.get(card.name);
      drawn.set(card.name, before?.source === source ? before : { source, section: drawSection(card) });
    }
    this.#drawn = drawn;
    setChildren(
      this.#list,
      cards.map((card) => h("li", {}, drawLink(card))),
    );
    const sections = [...drawn.values()].map(({ section }) => section);
    setChildren(this.#place, sections.length > 0 ? sections : [drawNone()]);
  }
}

function drawLink({ name, findings }: PreviewedCard): HTMLElement {
  const counts = countFindings(findings);
  return h(
    "a",
    { class: "room cards-link", href: `#${encodeURIComponent(name)}` },
    name,
    counts !== "" && h("span", { class: `cards-count ${worst(findings)}` }, counts),
  );
}

function drawSection({ name, file, content, fallbackText, asText, findings }: PreviewedCard): HTMLElement {
  const entered = h("pre", {
    class: "cards-entered",
    tabindex: 0,
    "aria-label": "What the button sends",
    hidden: true,
  });
  const submit = async (inputs: Readonly<Record<string, unknown>>): Promise<string> => {
    entered.textContent = JSON.stringify(inputs, undefined, 2);
    entered.hidden = false;
    return "This is what the button sends:";
  };
  const heading = h("h2", { id: `title-${name}` }, name);
  return h(
    "section",
    { class: "cards-one", id: name, "aria-labelledby": heading.id },
    h("div", { class: "cards-head" }, heading, h("code", {}, file)),
    h(
      "div",
      { class: "cards-drawn" },
      content === undefined
        ? h("p", { class: "cards-nothing" }, whyNothing(name, findings))
        : drawCard(content, fallbackText, submit),
      entered,
    ),
    h(
      "div",
      { class: "cards-notes" },
      h("h3", {}, "Findings"),
      findings.length === 0
        ? h(
            "p",
            { class: "cards-fine" },
            content === undefined ? "None so far." : "Webex draws it as it stands.",
          )
        : h("ul", { class: "cards-findings" }, ...findings.map(drawFinding)),
      asText !== "" && h("h3", {}, "Where cards are not drawn"),
      asText !== "" && h("p", { class: "cards-words" }, asText),
      fallbackText !== "" && h("h3", {}, "In notifications"),
      fallbackText !== "" && h("p", { class: "cards-words" }, fallbackText),
    ),
  );
}

function whyNothing(name: string, findings: readonly Finding[]): string {
  return findings.length === 0
    ? `It shows data, and there is no sample of it: write one to ${name}.data.json.`
    : "It cannot be filled, so there is nothing to draw.";
}

function drawFinding({ severity, place, text }: Finding): HTMLElement {
  return h(
    "li",
    {},
    h("strong", { class: `cards-severity ${severity}` }, severity),
    " ",
    h("code", {}, place),
    h("p", {}, text),
  );
}

function drawNone(): HTMLElement {
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, "There are no cards yet"),
    h("p", {}, "Write one to cards/hello.json, and it appears here."),
  );
}

function worst(findings: readonly Finding[]): "error" | "warning" {
  return findings.some(({ severity }) => severity === "error") ? "error" : "warning";
}
