import { avatar } from "./avatar";
import { drawCard } from "./card-view";
import { drawChoices } from "./choices-view";
import { h } from "./dom";
import { drawFile } from "./file-view";
import { icon } from "./icons";
import type { ChatFile, ChatMessage, Choice } from "./message";
import { safeFragment } from "./safe-html";
import { clock, exactMoment, moment } from "./time";

/** What can be done with a message. */
export interface MessageActions {
  reply(message: ChatMessage): void;
  edit(message: ChatMessage): void;
  remove(message: ChatMessage): void;
  /** Shows what became of it. */
  trace(message: ChatMessage): void;
  /** Presses a button of the message's card. */
  submit(message: ChatMessage, inputs: Readonly<Record<string, unknown>>): Promise<void>;
  /** Presses an answer that a message offers; rejects when it was refused, which somebody has been told of. */
  choose(choice: Choice): Promise<void>;
  file(file: ChatFile): Promise<{ readonly name: string; readonly bytes: Blob }>;
}

/** What a message is drawn from, besides itself. */
export interface Circumstances {
  readonly authorName: string;
  /** What the button says that answers it; absent where there is none. */
  readonly replyLabel: string | undefined;
  /** The choice that was made of those it offers. */
  readonly chosenId: string | undefined;
}

/** One message with its author, content and what can be done with it. */
export function drawMessage(
  message: ChatMessage,
  circumstances: Circumstances,
  actions: MessageActions,
): HTMLElement {
  const { author, label, created, updated } = message;
  const { authorName } = circumstances;
  const at = new Date(created);
  const time = h("time", { datetime: created, title: exactMoment(at) }, moment(at));
  if (message.kind === "done")
    return h("p", { class: "message-done" }, `${authorName} ${message.text} · `, time);
  const name = [authorName, label, time.textContent].filter((part) => part !== undefined).join(", ");
  return h(
    "article",
    {
      class: ["message", author.isMe && "message-mine", label !== undefined && "message-labelled"]
        .filter(Boolean)
        .join(" "),
      "aria-label": name,
    },
    avatar(authorName, author.isBot),
    h(
      "div",
      { class: "message-main" },
      h(
        "p",
        { class: "message-head" },
        h("strong", {}, authorName),
        author.isBot && h("span", { class: "badge" }, "bot"),
        label !== undefined && h("span", { class: "badge badge-label" }, label),
        time,
        updated !== undefined && h("span", { class: "message-edited" }, "edited"),
      ),
      drawQuote(message),
      ...drawContent(message, circumstances, actions),
    ),
    drawButtons(message, circumstances, actions),
  );
}

function drawQuote({ quote }: ChatMessage): HTMLElement | undefined {
  return quote && h("blockquote", { class: "quote" }, h("strong", {}, quote.author), " ", quote.text);
}

function drawContent(
  message: ChatMessage,
  { chosenId }: Circumstances,
  actions: MessageActions,
): HTMLElement[] {
  const { text, html, cards = [], files = [], choices = [] } = message;
  const drawnFiles = files.map((file) => drawFile(file, () => actions.file(file)));
  // Who sees the card does not see the text that stands in for it.
  if (cards.length > 0) {
    const submit = async (inputs: Readonly<Record<string, unknown>>): Promise<string> => {
      await actions.submit(message, inputs);
      return `Sent at ${clock(new Date())}`;
    };
    return [...cards.map((card) => drawCard(card, text, submit)), ...drawnFiles];
  }
  const body =
    html !== undefined
      ? [h("div", { class: "message-body" }, safeFragment(html))]
      : text === ""
        ? []
        : [h("div", { class: "message-body" }, h("p", {}, text))];
  const offered =
    choices.length === 0 ? [] : [drawChoices(choices, chosenId, (choice) => actions.choose(choice))];
  return [...body, ...drawnFiles, ...offered];
}

function drawButtons(
  message: ChatMessage,
  { replyLabel }: Circumstances,
  actions: MessageActions,
): HTMLElement {
  const buttons = [
    ...(replyLabel === undefined ? [] : [button("reply", replyLabel, () => actions.reply(message))]),
    ...(message.typed === undefined ? [] : [button("edit", "Edit", () => actions.edit(message))]),
    ...(message.canRemove === true ? [button("delete", "Delete", () => actions.remove(message))] : []),
    button("path", "What became of it", () => actions.trace(message)),
  ];
  return h("div", { class: "message-actions" }, ...buttons);
}

function button(name: "reply" | "edit" | "delete" | "path", label: string, onclick: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
}
