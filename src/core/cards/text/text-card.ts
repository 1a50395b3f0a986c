import type { CardSource } from "../../contract/card-source";
import type { CardInput } from "../../contract/clicked-form";
import { isObject } from "../../contract/json";
import { escapeMarkdown } from "../../contract/markdown";
import type { JsonObject } from "../../contract/notice";
import type { Card } from "../../contract/platform";
import { cardActions } from "../form/card-actions";
import { cardText } from "./card-to-text";
import { foldCase, LONGEST_CHOICE, parseOrdinal } from "./normalize-text";

/** Something that can be chosen: a button of the card, and what it asks for. */
export interface TextCardAction {
  readonly title: string;
  /** The button's hidden data, as it was signed. */
  readonly data: JsonObject;
  readonly inputs: readonly CardInput[];
}

/** A card in words, and what can be done with it. */
export interface Menu {
  /** Its text. Empty if it has no text. */
  readonly text: string;
  readonly actions: readonly TextCardAction[];
  /** Buttons that open a page. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

/**
 * Writes a card as a message for platforms that draw no cards.
 * @param card filled, and signed if its buttons are to be used
 * @returns the message in Markdown, and what can be chosen by an answer to it
 */
export function writeMenu(
  { content, fallbackText }: Pick<Card, "content" | "fallbackText">,
  cards: Pick<CardSource, "withPlainTexts">,
): { readonly menu: Menu; readonly markdown: string } {
  const menu = toMenu(cards.withPlainTexts?.(content) ?? content);
  // A card without a text has one for that.
  return { menu, markdown: menuText(menu) || escapeMarkdown(fallbackText) };
}

/** Reads a card whose texts are plain texts. */
export function toMenu(content: JsonObject): Menu {
  const actions: TextCardAction[] = [];
  const links: { title: string; url: string }[] = [];
  for (const { action, inputs, isButton } of cardActions(content)) {
    // On one line: a second one could look like another choice.
    const title = typeof action.title === "string" ? action.title.replace(/\s+/g, " ").trim() : "";
    if (!isButton || title === "") continue;
    if (action.type === "Action.OpenUrl" && typeof action.url === "string")
      links.push({ title, url: action.url });
    if (action.type === "Action.Submit")
      actions.push({ title, data: isObject(action.data) ? action.data : {}, inputs });
  }
  return { text: cardText(content), actions, links };
}

/** The menu in Markdown: what the card says, links, and the choices with their numbers. */
export function menuText({ text, actions, links }: Menu): string {
  const choices = actions.map(({ title }, index) => `${index + 1}. ${escapeMarkdown(title)}`);
  return [
    escapeMarkdown(text),
    links.map(({ title, url }) => `${escapeMarkdown(title)}: ${escapeMarkdown(url)}`).join("\n"),
    choices.length === 0 ? "" : [...choices, "", hint(actions)].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function hint(actions: readonly TextCardAction[]): string {
  return actions.length === 1 ? "Answer 1 to choose it." : `Answer with a number, 1 to ${actions.length}.`;
}

/** The choice that a text makes: by its number or its title. */
export function chosen<Action extends Pick<TextCardAction, "title">>(
  actions: readonly Action[],
  text: string,
): Action | undefined {
  if (text.length > LONGEST_CHOICE) return undefined;
  const numbered = actions[parseOrdinal(text) ?? -1];
  if (numbered !== undefined) return numbered;
  const said = foldCase(text);
  const found = actions.filter(({ title }) => foldCase(title) === said);
  // Of two that are called the same, only a number tells which.
  return found.length === 1 ? found[0] : undefined;
}
