import type { CardInput, ClickedForm, InputProblem } from "../../contract/clicked-form";
import { isObject } from "../../contract/json";
import type { JsonObject, JsonValue } from "../../contract/notice";
import { fullTime, type TimeLeft } from "../../util/bounded-regexp";
import { cardActions, cardInputs } from "./card-actions";
import { checkInput, type Misfit } from "./check-input";

/** The values of a click. */
export interface ClickedValues {
  /** By id, as the platform sent them. */
  readonly entered: JsonObject;
  /** The data of the button, as the bot wrote it. */
  readonly data: JsonObject;
}

/**
 * Checks the values of a click against the card.
 * @param isClicked whether a button's data is that of the click
 */
export function checkForm(
  content: JsonObject,
  isClicked: (data: JsonObject) => boolean,
  clicked: ClickedValues,
): ClickedForm {
  const isShadowed = ({ id }: CardInput): boolean => Object.hasOwn(clicked.data, id);
  const candidates = buttonsOf(content, isClicked).map((inputs) =>
    inputs.filter((input) => !isShadowed(input)),
  );
  const [first = [], ...others] = mostCovering(candidates, clicked);
  const time = fullTime();
  let best = checkInputs(first, clicked, time);
  // Buttons with the same data are one to the bot: a click is right if it is right for one of them.
  for (const inputs of others) {
    if (best.problems.length === 0) break;
    const other = checkInputs(inputs, clicked, time);
    if (other.problems.length < best.problems.length) best = other;
  }
  return best;
}

/** The inputs of each button that may have been clicked. */
function buttonsOf(
  content: JsonObject,
  isClicked: (data: JsonObject) => boolean,
): readonly (readonly CardInput[])[] {
  const buttons = cardActions(content).filter(
    ({ action: { type, data = {} } }) => type === "Action.Submit" && isObject(data) && isClicked(data),
  );
  if (buttons.length > 0) return buttons.map(({ inputs }) => inputs);
  // The button is genuine, and yet not found: all of the card's rules hold, and nothing has to be filled in.
  return [cardInputs(content).map((input) => ({ ...input, required: false }))];
}

/** The buttons whose inputs the click has most of. A client sends every input of the button. */
function mostCovering(
  candidates: readonly (readonly CardInput[])[],
  { entered }: ClickedValues,
): readonly (readonly CardInput[])[] {
  if (candidates.length === 1) return candidates;
  const covered = candidates.map((inputs) => inputs.filter(({ id }) => Object.hasOwn(entered, id)).length);
  const most = Math.max(...covered);
  return candidates.filter((_inputs, index) => covered[index] === most);
}

function checkInputs(
  inputs: readonly CardInput[],
  { entered, data }: ClickedValues,
  time: TimeLeft,
): ClickedForm {
  const values: [string, JsonValue][] = [];
  const problems: InputProblem[] = [];
  const unchecked: CardInput[] = [];
  for (const input of inputs) {
    const given = Object.hasOwn(entered, input.id) ? entered[input.id] : undefined;
    const checked = checkInput(input, given, time);
    if (checked.kind === "fit") values.push([input.id, checked.value]);
    else problems.push(toProblem(input, checked));
    if (checked.kind === "misfit" && checked.isUnchecked) unchecked.push(input);
  }
  return { inputs, values: { ...Object.fromEntries(values), ...data }, problems, unchecked };
}

function toProblem({ id, label, errorMessage }: CardInput, { problem, isUnchecked }: Misfit): InputProblem {
  // The card's own text says how a value has to be, and not that it could not be checked.
  const message = isUnchecked ? undefined : errorMessage;
  return { id, label, problem, ...(message !== undefined && { message }) };
}
