import type { InputType } from "../../core/contract/input-schema";
import { type CardMarkdown, toCardMarkdown } from "./card-markdown";
import type { Node } from "./node";
import { node } from "./node";
import type { OptionsOf } from "./properties";

/** One input as a schema says it. What is not required may be left empty, and the handler is given `undefined`. */
type One<Id extends string, Type extends InputType, Required> = {
  readonly [Key in Id]: true extends Required
    ? { readonly type: Type }
    : { readonly type: Type; readonly optional: true };
};

/** `isRequired` apart: whether the handler is given `undefined` depends on it. */
interface Requirement<Required> {
  /** Whether it must be filled in before a button can be pressed. @default false */
  readonly isRequired?: Required | undefined;
}

type Options<Name extends Parameters<typeof inputOf>[0], More extends string = never> = Omit<
  OptionsOf<Name>,
  "id" | "isRequired" | More
>;

/** A line of text, or several. */
export function inputText<const Id extends string, const Required extends boolean = false>(
  id: Id,
  options: Options<"Input.Text"> & Requirement<Required> = {},
): Node<"element", One<Id, "string", Required>> {
  return inputOf("Input.Text", id, options);
}

export function inputNumber<const Id extends string, const Required extends boolean = false>(
  id: Id,
  options: Options<"Input.Number"> & Requirement<Required> = {},
): Node<"element", One<Id, "number", Required>> {
  return inputOf("Input.Number", id, options);
}

/** A day; `value`, `min` and `max` are written `2026-01-31`. */
export function inputDate<const Id extends string, const Required extends boolean = false>(
  id: Id,
  options: Options<"Input.Date"> & Requirement<Required> = {},
): Node<"element", One<Id, "date", Required>> {
  return inputOf("Input.Date", id, options);
}

/** A time of the day; `value`, `min` and `max` are written `14:30`. */
export function inputTime<const Id extends string, const Required extends boolean = false>(
  id: Id,
  options: Options<"Input.Time"> & Requirement<Required> = {},
): Node<"element", One<Id, "time", Required>> {
  return inputOf("Input.Time", id, options);
}

/**
 * Something to tick. The handler is given `true` or `false`.
 * @param options `isRequired`: it must be ticked
 */
export function inputToggle<const Id extends string>(
  id: Id,
  title: string | CardMarkdown,
  options: Options<"Input.Toggle", "title" | "value" | "valueOn" | "valueOff"> &
    Requirement<boolean> & { readonly value?: boolean | undefined } = {},
): Node<"element", One<Id, "boolean", true>> {
  const { value, ...others } = options;
  return inputOf("Input.Toggle", id, {
    title: toCardMarkdown(title),
    ...others,
    value: value === undefined ? undefined : String(value),
  });
}

export interface ChoiceOption {
  /** Shown unchanged. */
  readonly title: string;
  /** What the handler is given; without a comma where several can be chosen. */
  readonly value: string;
}

/** One of several choices. */
export function inputChoice<const Id extends string, const Required extends boolean = false>(
  id: Id,
  choices: readonly ChoiceOption[],
  options: Options<"Input.ChoiceSet", "choices" | "isMultiSelect"> & Requirement<Required> = {},
): Node<"element", One<Id, "string", Required>> {
  const isExpanded = options.style === "expanded";
  return inputOf("Input.ChoiceSet", id, {
    choices: isExpanded ? choices.map(toChoice) : choices,
    ...options,
  });
}

/** Any number of several choices; the handler is given a list. */
export function inputChoices<const Id extends string, const Required extends boolean = false>(
  id: Id,
  choices: readonly ChoiceOption[],
  options: Options<"Input.ChoiceSet", "choices" | "isMultiSelect" | "value"> &
    Requirement<Required> & { readonly value?: readonly string[] | undefined } = {},
): Node<"element", One<Id, "list", Required>> {
  const { value, ...others } = options;
  return inputOf("Input.ChoiceSet", id, {
    choices: choices.map(toChoice),
    isMultiSelect: true,
    ...others,
    value: value?.join(","),
  });
}

/** A choice whose title clients read as Markdown: not in a list that opens. */
function toChoice({ title, value }: ChoiceOption): object {
  return { title: toCardMarkdown(title), value };
}

function inputOf<Id extends string, Type extends InputType, Required>(
  type: "Input.Text" | "Input.Number" | "Input.Date" | "Input.Time" | "Input.Toggle" | "Input.ChoiceSet",
  id: Id,
  options: Readonly<Record<string, unknown>> | { readonly errorMessage?: string | CardMarkdown | undefined },
): Node<"element", One<Id, Type, Required>> {
  return node({ type, id, ...options, errorMessage: toCardMarkdown(options.errorMessage) });
}
