export { openUrl, showCard, submit, toggleVisibility } from "./actions";
export { type BuiltCard, type CardParts, card } from "./card";
export { type CardMarkdown, cardMarkdown } from "./card-markdown";
export {
  actionSet,
  backgroundImage,
  column,
  columnSet,
  container,
  factSet,
  image,
  imageSet,
  richTextBlock,
  textBlock,
  textRun,
} from "./elements";
export {
  type ChoiceOption,
  inputChoice,
  inputChoices,
  inputDate,
  inputNumber,
  inputText,
  inputTime,
  inputToggle,
} from "./inputs";
export { inputsOf } from "./inputs-of";
export type { Node as CardNode } from "./node";
