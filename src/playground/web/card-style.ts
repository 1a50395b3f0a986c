// Colours are the page's own variables, so that one style fits light and dark and follows a change at once.

function colours(strong: string, subtle = strong) {
  return { default: `var(--${strong})`, subtle: `var(--${subtle})` };
}

const foregroundColors = {
  default: colours("text", "text-soft"),
  dark: colours("text", "text-soft"),
  light: colours("text-soft", "text-soft"),
  accent: colours("accent-text"),
  good: colours("good-text"),
  warning: colours("warning-text"),
  attention: colours("danger-text"),
};

function container(background: string) {
  return { backgroundColor: background, foregroundColors };
}

/** How cards look: sizes and spacing much as Webex draws them. @see https://learn.microsoft.com/adaptive-cards/sdk/rendering-cards/javascript/customization */
export const cardStyle = {
  choiceSetInputValueSeparator: ",",
  supportsInteractivity: true,
  fontFamily: "inherit",
  fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 26 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  lineHeights: { small: 16, default: 20, medium: 22, large: 26, extraLarge: 32 },
  spacing: { small: 4, default: 8, medium: 16, large: 20, extraLarge: 28, padding: 16 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 40, medium: 80, large: 160 },
  imageSet: { imageSize: "medium", maxImageHeight: 100 },
  containerStyles: {
    default: container("transparent"),
    emphasis: container("var(--surface-sunken)"),
    accent: container("var(--accent-faint)"),
    good: container("var(--good-faint)"),
    warning: container("var(--warning-faint)"),
    attention: container("var(--danger-faint)"),
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { size: "small", color: "attention" },
  },
  actions: {
    maxActions: 20,
    spacing: "medium",
    buttonSpacing: 8,
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    allowTitleToWrap: true,
  },
  adaptiveCard: { allowCustomStyle: false },
  factSet: {
    title: { weight: "bolder", maxWidth: 160, wrap: true },
    value: { wrap: true },
    spacing: 12,
  },
};
