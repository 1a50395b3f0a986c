/** The types of a card's inputs, and the values that they are converted to. */
export interface InputTypes {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  /** Midnight UTC of the day that was chosen. */
  date: Date;
  /** `HH:MM`, of 24 hours. */
  time: string;
  /** The values chosen in a set of choices that takes several. */
  list: readonly string[];
}

export type InputType = keyof InputTypes;

/** How one input is read. */
export interface InputRule {
  readonly type: InputType;
  /** Whether it may be left empty; the handler is then given `undefined`. @default false */
  readonly optional?: boolean;
  /** The name of the input in messages to people. @default the label that the card has; the id if the card is unknown */
  readonly label?: string;
}

/** Inputs by their ids: `{ amount: "number", day: { type: "date", optional: true } }`. A type alone is required. */
export type InputSchema = Readonly<Record<string, InputType | InputRule>>;

/** The inputs that a handler gets for a schema. */
export type InputsOf<Schema extends InputSchema> = {
  readonly [Id in keyof Schema]: Schema[Id] extends InputType
    ? InputTypes[Schema[Id]]
    : Schema[Id] extends InputRule
      ? InputTypes[Schema[Id]["type"]] | (Schema[Id] extends { readonly optional: true } ? undefined : never)
      : never;
};
