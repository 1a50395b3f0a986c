import type { ObjectType } from "./shapes";

const HORIZONTAL = ["left", "center", "right"] as const;
const VERTICAL = ["top", "center", "bottom"] as const;
const COLORS = ["default", "dark", "light", "accent", "good", "warning", "attention"] as const;
const CONTAINER_STYLES = ["default", "emphasis", "good", "attention", "warning", "accent"] as const;
const IMAGE_SIZES = ["auto", "stretch", "small", "medium", "large"] as const;

const anyItem = {
  fallback: { is: { one: "element", or: ["drop"] }, since: "1.2" },
  requires: { is: "object", since: "1.2" },
} as const;

/** Designers write it everywhere, and Webex takes it; where it is documented, the type itself has it. */
const aligned = { is: HORIZONTAL, ignored: "align what is in it instead" } as const;

const anyElement = {
  ...anyItem,
  horizontalAlignment: aligned,
  id: { is: "text" },
  isVisible: { is: "boolean", since: "1.2" },
  separator: { is: "boolean" },
  spacing: { is: ["default", "none", "small", "medium", "large", "extraLarge", "padding"] },
  height: { is: ["auto", "stretch"], since: "1.1" },
} as const;

const anyText = {
  color: { is: COLORS },
  fontType: { is: ["default", "monospace"], since: "1.2" },
  isSubtle: { is: "boolean" },
  size: { is: ["default", "small", "medium", "large", "extraLarge"] },
  weight: { is: ["default", "lighter", "bolder"] },
} as const;

const anyContainer = {
  bleed: { is: "boolean", since: "1.2" },
  minHeight: { is: "pixels", since: "1.2" },
  selectAction: { is: { one: "selectAction" }, since: "1.1" },
  style: { is: CONTAINER_STYLES },
  rtl: { is: "anything", since: "1.5" },
} as const;

const anyContainerOfItems = {
  ...anyContainer,
  backgroundImage: { is: { one: "background", or: "url" }, since: "1.2" },
  verticalContentAlignment: { is: VERTICAL, since: "1.1" },
} as const;

const anyInput = {
  ...anyElement,
  id: { is: "text", required: true },
  label: { is: "dated", since: "1.3" },
  isRequired: { is: "boolean", since: "1.3" },
  errorMessage: { is: "markdown", since: "1.3" },
  inputStyle: { is: "anything", since: "1.6" },
  labelPosition: { is: "anything", since: "1.6" },
  labelWidth: { is: "anything", since: "1.6" },
} as const;

const anyAction = {
  fallback: { is: { one: "action", or: ["drop"] }, since: "1.2" },
  requires: { is: "object", since: "1.2" },
  id: { is: "text" },
  title: { is: "text" },
  iconUrl: { is: "url", since: "1.1" },
  style: { is: ["default", "positive", "destructive"], since: "1.2" },
  tooltip: { is: "anything", since: "1.5" },
  isEnabled: { is: "anything", since: "1.5" },
  mode: { is: "anything", since: "1.5" },
  role: { is: "anything", since: "1.6" },
} as const;

const title = { is: "markdown", required: true } as const;

/**
 * Adaptive Cards as far as Webex draws them, with what came later, so that one can be told. The checker reads it when it
 * runs, the builder's types are made of it.
 * @see https://adaptivecards.io/explorer
 * @see https://developer.webex.com/docs/buttons-and-cards
 */
export const OBJECTS = {
  AdaptiveCard: {
    properties: {
      $schema: { is: "text" },
      // Looked at by itself: of an unfolded card nobody wants it.
      version: { is: "anything" },
      body: { is: { list: "element" } },
      actions: { is: { list: "action" } },
      fallbackText: { is: "dated" },
      lang: { is: "text" },
      minHeight: { is: "pixels", since: "1.2" },
      backgroundImage: { is: { one: "background", or: "url" } },
      selectAction: { is: { one: "selectAction" }, since: "1.1" },
      speak: { is: "text", ignored: "remove it" },
      verticalContentAlignment: {
        is: VERTICAL,
        since: "1.1",
        ignored: "put the content into a Container that has it",
      },
      style: { is: CONTAINER_STYLES, ignored: "put the content into a Container that has it" },
      fallback: { is: "anything", ignored: 'say with "fallbackText" what is shown instead of the card' },
      requires: { is: "object", since: "1.2", ignored: "remove it" },
      refresh: { is: "anything", since: "1.4" },
      authentication: { is: "anything", since: "1.4" },
      rtl: { is: "anything", since: "1.5" },
      metadata: { is: "anything", since: "1.6" },
    },
  },

  TextBlock: {
    properties: {
      ...anyElement,
      text: { is: "markdown", required: true },
      ...anyText,
      horizontalAlignment: { is: HORIZONTAL },
      maxLines: { is: "count" },
      wrap: { is: "boolean" },
      style: { is: "anything", since: "1.5" },
    },
  },
  RichTextBlock: {
    since: "1.2",
    properties: {
      ...anyElement,
      inlines: { is: { list: "inline", or: "text" }, required: true },
      horizontalAlignment: { is: HORIZONTAL },
    },
  },
  TextRun: {
    since: "1.2",
    properties: {
      text: { is: "dated", required: true },
      ...anyText,
      highlight: { is: "boolean" },
      italic: { is: "boolean" },
      selectAction: { is: { one: "selectAction" } },
      strikethrough: { is: "boolean" },
      underline: { is: "boolean", since: "1.3" },
    },
  },
  Image: {
    properties: {
      ...anyElement,
      url: { is: "url", required: true },
      altText: { is: "text" },
      backgroundColor: { is: "text", since: "1.1" },
      height: { is: "height", since: "1.1" },
      horizontalAlignment: { is: HORIZONTAL },
      selectAction: { is: { one: "selectAction" }, since: "1.1" },
      size: { is: IMAGE_SIZES },
      style: { is: ["default", "person"] },
      width: { is: "pixels", since: "1.1" },
      forceLoad: { is: "anything", since: "1.6" },
    },
  },
  ImageSet: {
    properties: {
      ...anyElement,
      images: { is: { list: "image" }, required: true },
      imageSize: { is: IMAGE_SIZES },
      style: { is: "anything", since: "1.6" },
      offset: { is: "anything", since: "1.6" },
    },
  },
  FactSet: { properties: { ...anyElement, facts: { is: { list: "fact" }, required: true } } },
  Fact: { properties: { title, value: { is: "markdown", required: true } } },
  Container: {
    properties: {
      ...anyElement,
      ...anyContainerOfItems,
      items: { is: { list: "element" }, required: true },
    },
  },
  ColumnSet: {
    properties: {
      ...anyElement,
      ...anyContainer,
      style: { is: CONTAINER_STYLES, since: "1.2" },
      columns: { is: { list: "column" } },
      horizontalAlignment: { is: HORIZONTAL },
      height: {
        is: ["auto", "stretch"],
        since: "1.1",
        ignored: 'give a column or the set a "minHeight" instead',
      },
    },
  },
  Column: {
    properties: {
      ...anyContainerOfItems,
      fallback: { is: { one: "column", or: ["drop"] }, since: "1.2" },
      requires: { is: "object", since: "1.2" },
      id: { is: "text" },
      isVisible: { is: "boolean", since: "1.2" },
      separator: { is: "boolean" },
      spacing: anyElement.spacing,
      horizontalAlignment: aligned,
      items: { is: { list: "element" } },
      width: { is: "columnWidth" },
    },
  },
  ActionSet: {
    since: "1.2",
    properties: { ...anyElement, actions: { is: { list: "action" }, required: true } },
  },

  "Input.Text": {
    properties: {
      ...anyInput,
      inlineAction: { is: { one: "selectAction" }, since: "1.2" },
      isMultiline: { is: "boolean" },
      maxLength: { is: "count" },
      placeholder: { is: "text" },
      regex: { is: "pattern", since: "1.3" },
      style: { is: ["text", "tel", "url", "email"], later: { password: "1.5" } },
      value: { is: "text" },
    },
  },
  "Input.Number": {
    properties: {
      ...anyInput,
      max: { is: "number" },
      min: { is: "number" },
      placeholder: { is: "text" },
      value: { is: "number" },
    },
  },
  "Input.Date": {
    properties: {
      ...anyInput,
      max: { is: "date" },
      min: { is: "date" },
      placeholder: { is: "text" },
      value: { is: "date" },
    },
  },
  "Input.Time": {
    properties: {
      ...anyInput,
      max: { is: "time" },
      min: { is: "time" },
      placeholder: { is: "text" },
      value: { is: "time" },
    },
  },
  "Input.Toggle": {
    properties: {
      ...anyInput,
      title,
      value: { is: "text" },
      valueOff: { is: "text" },
      valueOn: { is: "text" },
      wrap: { is: "boolean", since: "1.2" },
    },
  },
  "Input.ChoiceSet": {
    properties: {
      ...anyInput,
      choices: { is: { list: "choice" }, required: true },
      isMultiSelect: { is: "boolean" },
      placeholder: { is: "text" },
      style: { is: ["compact", "expanded"], later: { filtered: "1.5" } },
      value: { is: "text" },
      wrap: { is: "boolean", since: "1.2" },
      "choices.data": { is: "anything", since: "1.6" },
    },
  },
  "Input.Choice": { properties: { title, value: { is: "text", required: true } } },

  "Action.OpenUrl": { properties: { ...anyAction, url: { is: "url", required: true } } },
  "Action.Submit": {
    properties: {
      ...anyAction,
      associatedInputs: { is: ["auto", "none"], since: "1.3" },
      data: { is: "data" },
      disabledUnlessAssociatedInputsChange: { is: "anything", since: "1.6" },
    },
  },
  "Action.ShowCard": { properties: { ...anyAction, card: { is: { one: "card" }, required: true } } },
  "Action.ToggleVisibility": {
    since: "1.2",
    properties: { ...anyAction, targetElements: { is: { list: "target", or: "text" }, required: true } },
  },

  BackgroundImage: {
    since: "1.2",
    properties: {
      url: { is: "url", required: true },
      fillMode: { is: ["cover", "repeatHorizontally", "repeatVertically", "repeat"] },
      horizontalAlignment: { is: HORIZONTAL },
      verticalAlignment: { is: VERTICAL },
    },
  },
  TargetElement: {
    since: "1.2",
    properties: { elementId: { is: "text", required: true }, isVisible: { is: "boolean" } },
  },
} as const satisfies Readonly<Record<string, ObjectType>>;

/** Name of an element, an action or a part of one, as its `type` says it. */
export type ObjectName = keyof typeof OBJECTS;
