import { fieldsOf } from "../read-fields";

/**
 * What can be read on a card, from top to bottom: texts, titles and values of facts, labels and choices of inputs, and the
 * titles of buttons.
 */
export function textsOf(card: unknown): readonly string[] {
  return partsOf(card).flatMap(ownTexts);
}

/** Titles of the buttons that send something, in the order of the card. */
export function buttonsOf(card: unknown): readonly string[] {
  return partsOf(card).flatMap(({ type, title }) => (type === "Action.Submit" ? texts(title) : []));
}

type Part = Readonly<Record<string, unknown>>;

/** Properties that hold other parts, in the order in which they are shown, and what those are that do not say it. */
const INNER: Readonly<Record<string, string | undefined>> = {
  body: undefined,
  items: undefined,
  columns: "Column",
  images: "Image",
  inlines: "TextRun",
  facts: "Fact",
  choices: "Input.Choice",
  card: "AdaptiveCard",
  actions: undefined,
};

/** The part itself and all that are in it. */
function partsOf(value: unknown, implied?: string): readonly Part[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => partsOf(one, implied));
  if (typeof value === "string") return [{ type: implied, text: value }];
  const fields = fieldsOf(value);
  if (Object.keys(fields).length === 0 || fields.isVisible === false) return [];
  const part = { type: implied, ...fields };
  return [part, ...Object.entries(INNER).flatMap(([name, of]) => partsOf(fields[name], of))];
}

function ownTexts({ type, text, title, value, label, altText }: Part): readonly string[] {
  if (type === "TextBlock" || type === "TextRun") return texts(text);
  if (type === "Image") return texts(altText);
  // What a choice sends is not shown.
  if (type === "Fact") return [...texts(title), ...texts(value)];
  if (typeof type === "string" && /^(?:Action|Input)\./.test(type)) return [...texts(label), ...texts(title)];
  return [];
}

function texts(value: unknown): readonly string[] {
  return typeof value === "string" && value.trim() !== "" ? [value] : [];
}

/** The button whose data is all among what was sent: the one with the most data. */
export function submitOf(
  card: unknown,
  inputs: Readonly<Record<string, unknown>>,
): { readonly title: string; readonly data: Readonly<Record<string, unknown>> } | undefined {
  const sent = (data: Readonly<Record<string, unknown>>): boolean =>
    Object.entries(data).every(([name, value]) => JSON.stringify(inputs[name]) === JSON.stringify(value));
  return partsOf(card)
    .flatMap(({ type, title, data }) =>
      type === "Action.Submit" && typeof title === "string" ? [{ title, data: fieldsOf(data) }] : [],
    )
    .filter(({ data }) => sent(data))
    .toSorted((a, b) => Object.keys(b.data).length - Object.keys(a.data).length)[0];
}
