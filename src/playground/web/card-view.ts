import {
  type Action,
  AdaptiveCard,
  HostConfig,
  OpenUrlAction,
  SerializationContext,
  SubmitAction,
  Versions,
} from "adaptivecards";
import { cardStyle } from "./card-style";
import { h } from "./dom";
import { safeMarkdown } from "./safe-html";

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = safeMarkdown(text);
  result.didProcess = true;
};

const hostConfig = new HostConfig(cardStyle);

/**
 * Draws an Adaptive Card as Webex does, up to version 1.3.
 *
 * @param fallback What the message says, for a card that cannot be drawn.
 * @param submit Presses a button, with all the inputs that belong to it; returns what is said about it then.
 */
export function drawCard(
  content: unknown,
  fallback: string,
  submit: (inputs: Readonly<Record<string, unknown>>) => Promise<string>,
): HTMLElement {
  const status = h("p", { class: "card-status", role: "status" });
  const drawn = render(content, async (action) => {
    if (action instanceof OpenUrlAction) openUrl(action.url);
    if (!(action instanceof SubmitAction)) return;
    status.textContent = "Sending…";
    try {
      status.textContent = await submit(inputsOf(action));
    } catch (error) {
      status.textContent = "Not sent";
      throw error;
    }
  });
  if (typeof drawn === "string")
    return h(
      "div",
      { class: "card card-broken" },
      h("p", {}, fallback),
      h("p", { class: "card-status" }, `The card cannot be drawn: ${drawn}`),
    );
  return h("div", { class: "card" }, drawn, status);
}

function render(content: unknown, onAction: (action: Action) => Promise<void>): HTMLElement | string {
  const card = new AdaptiveCard();
  card.hostConfig = hostConfig;
  card.onExecuteAction = (action) => void onAction(action);
  try {
    card.parse(content, new SerializationContext(Versions.v1_3));
    return card.render() ?? "it is empty.";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The button's own data and the inputs' values, in one flat object; data that is no object is not sent. */
function inputsOf(action: SubmitAction): Readonly<Record<string, unknown>> {
  const data: unknown = action.data;
  return typeof data === "object" && data !== null ? { ...data } : {};
}

function openUrl(url: string | undefined): void {
  if (url !== undefined && /^https?:/i.test(url)) window.open(url, "_blank", "noopener,noreferrer");
}
