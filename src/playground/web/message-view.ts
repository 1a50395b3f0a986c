import { avatar } from "./avatar";
import { drawCard } from "./card-view";
import { h } from "./dom";
import { drawFile } from "./file-view";
import { icon } from "./icons";
import { safeFragment } from "./safe-html";
import { clock, moment } from "./time";
import type { Message } from "./wire";

/** What can be done with a message. */
export interface MessageActions {
  reply(message: Message): void;
  edit(message: Message): void;
  remove(message: Message): void;
  /** Presses a button of the message's card. */
  submit(message: Message, inputs: Readonly<Record<string, unknown>>): Promise<void>;
  file(url: string): Promise<{ readonly name: string; readonly bytes: Blob }>;
}

/** Who wrote a message, as the reader sees them. */
export interface Author {
  readonly name: string;
  readonly isBot: boolean;
  readonly isMe: boolean;
  /** Whether the reader may edit this message. */
  readonly canEdit: boolean;
}

/** One message with its author, content and what can be done with it. */
export function drawMessage(message: Message, author: Author, actions: MessageActions): HTMLElement {
  const time = h(
    "time",
    { datetime: message.created, title: new Date(message.created).toLocaleString() },
    moment(new Date(message.created)),
  );
  return h(
    "article",
    {
      class: author.isMe ? "message message-mine" : "message",
      "aria-label": `${author.name}, ${time.textContent}`,
    },
    avatar(author.name, author.isBot),
    h(
      "div",
      { class: "message-main" },
      h(
        "p",
        { class: "message-head" },
        h("strong", {}, author.name),
        author.isBot && h("span", { class: "badge" }, "bot"),
        time,
        message.updated !== undefined && h("span", { class: "message-edited" }, "edited"),
      ),
      ...drawContent(message, actions),
    ),
    drawButtons(message, author, actions),
  );
}

function drawContent(message: Message, actions: MessageActions): HTMLElement[] {
  const files = message.fileUrls.map((url) => drawFile(() => actions.file(url)));
  // Who sees the card does not see the text that stands in for it.
  if (message.cards.length > 0) {
    const submit = async (inputs: Readonly<Record<string, unknown>>): Promise<string> => {
      await actions.submit(message, inputs);
      return `Sent at ${clock(new Date())}`;
    };
    return [...message.cards.map((card) => drawCard(card, message.text, submit)), ...files];
  }
  if (message.html !== undefined)
    return [h("div", { class: "message-body" }, safeFragment(message.html)), ...files];
  return message.text === ""
    ? files
    : [h("div", { class: "message-body" }, h("p", {}, message.text)), ...files];
}

function drawButtons(message: Message, author: Author, actions: MessageActions): HTMLElement {
  return h(
    "div",
    { class: "message-actions" },
    button("reply", "Reply in thread", () => actions.reply(message)),
    author.canEdit && button("edit", "Edit", () => actions.edit(message)),
    author.isMe && button("delete", "Delete", () => actions.remove(message)),
  );
}

function button(name: "reply" | "edit" | "delete", label: string, onclick: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick },
    icon(name),
  );
}
