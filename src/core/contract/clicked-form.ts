import type { JsonObject } from "./notice";

/** An input of a card, as the card states it. Survives JSON. */
export interface CardInput {
  readonly id: string;
  readonly type: "text" | "number" | "date" | "time" | "toggle" | "choice" | "choices";
  /** The `label`; without one a toggle's `title`, or else the `placeholder`, and at last the id. */
  readonly label: string;
  readonly required: boolean;
  /** Whether the person sees it when the card is posted. A hidden input is sent unchanged, and need not be filled in. */
  readonly isAsked: boolean;
  /** The value that a client sends if the person leaves the input unchanged; empty for none. */
  readonly initial: string;
  /** Of a set of choices, all of them; of a toggle, the values for on and for off, in this order. */
  readonly options: readonly { readonly title: string; readonly value: string }[];
  /** Whether the choices are unknown, because the client looks them up. @default false */
  readonly isOpen?: true | undefined;
  /** Least and most, both allowed: of a number, a date or a time. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
  /** Longest text, in UTF-16 units, as clients count. */
  readonly maxLength?: number | undefined;
  readonly regex?: string | undefined;
  /** The card's own text for an invalid value. */
  readonly errorMessage?: string | undefined;
}

/** A click beside the card that it came from, as that card was sent. */
export interface ClickedForm {
  /** The inputs that the button sends. Those whose id is also a key of the button's data are left out: there the data counts. */
  readonly inputs: readonly CardInput[];
  /** The values of these inputs in the form that clients send, empty if left empty, and the button's data. */
  readonly values: JsonObject;
  /** The inputs whose values the card does not allow, all of them. They have no value in `values`. */
  readonly problems: readonly InputProblem[];
  /** The inputs that could not be checked, because their expression cannot be read or ran out of time. */
  readonly unchecked: readonly CardInput[];
}

/** An invalid input, in words for the person who filled it in. The words never repeat the value. */
export interface InputProblem {
  readonly id: string;
  readonly label: string;
  /** The predicate of a sentence about the input, such as "is more than 10; expected 0 to 10". */
  readonly problem: string;
  /** The card's own text for an invalid value. People read it instead of `problem`. */
  readonly message?: string | undefined;
}
