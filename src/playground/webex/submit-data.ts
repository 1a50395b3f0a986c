/** What a client sends when a button is pressed. */
export interface Submitted {
  /** The button's own data. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The values that its inputs have as long as nobody changes them, by id. A client sends no input that is empty. */
  readonly presets: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

/** Finds the card's button with this title, wherever it stands; `undefined` if there is none. */
export function submittedBy(card: unknown, title: string): Submitted | undefined {
  return isObject(card) ? submittedIn(card, title, []) : undefined;
}

/** @param above the inputs of the cards around this one, which are sent with its buttons */
function submittedIn(card: Json, title: string, above: readonly Json[]): Submitted | undefined {
  const parts = [...partsOf(card)];
  const inputs = [...above, ...parts.filter(({ type }) => String(type).startsWith("Input."))];
  for (const part of parts) {
    if (part.type === "Action.Submit" && part.title === title)
      return {
        data: isObject(part.data) ? part.data : {},
        presets: part.associatedInputs === "none" ? {} : presetsOf(inputs),
      };
    const inside = isObject(part.card) ? submittedIn(part.card, title, inputs) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** All objects in a card, but those in a card that it opens, and in data. */
function* partsOf(object: Json): Generator<Json> {
  for (const [key, value] of Object.entries(object)) {
    if (key === "data" || key === "card") continue;
    for (const part of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (!isObject(part)) continue;
      yield part;
      yield* partsOf(part);
    }
  }
}

function presetsOf(inputs: readonly Json[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inputs.flatMap(({ type, id, value, valueOff = "false" }): [string, string][] => {
      const preset = value ?? (type === "Input.Toggle" ? valueOff : "");
      const isScalar = ["string", "number", "boolean"].includes(typeof preset);
      return typeof id === "string" && isScalar && preset !== "" ? [[id, String(preset)]] : [];
    }),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
