import { avatar } from "./avatar";
import type { Conversation } from "./conversation";
import { byId, h, setChildren } from "./dom";
import type { State } from "./state";

/** The person's conversations, and the people they could write to. */
export function createConversationsView(open: (conversation: Conversation) => void): (state: State) => void {
  const list = byId("rooms");
  const names = [byId("list-name"), byId("toggle-side")];
  const newRoom = byId("new-room");
  const rows = new Map<string, Row>();
  return ({ platform, me, conversations, current, unread }) => {
    for (const name of names) name.textContent = platform.listName;
    list.setAttribute("aria-label", platform.listName);
    newRoom.hidden = platform.can.administrate !== true;
    const nodes = conversations.map((conversation) => {
      const key = `${platform.name} ${me.key} ${conversation.key}`;
      const row = rows.get(key) ?? makeRow();
      rows.set(key, row);
      const { key: openKey } = current ?? {};
      drawRow(row, conversation, unread.has(conversation.key), openKey === conversation.key, open);
      return row.item;
    });
    setChildren(list, nodes);
  };
}

interface Row {
  readonly item: HTMLElement;
  readonly button: HTMLButtonElement;
  drawnFrom: string;
}

function makeRow(): Row {
  const button = h("button", { type: "button", class: "room" });
  return { item: h("li", {}, button), button, drawnFrom: "" };
}

function drawRow(
  row: Row,
  conversation: Conversation,
  isUnread: boolean,
  isOpen: boolean,
  open: (conversation: Conversation) => void,
): void {
  const drawnFrom = JSON.stringify([conversation, isUnread, isOpen]);
  if (row.drawnFrom === drawnFrom) return;
  row.drawnFrom = drawnFrom;
  const { title, badge } = conversation;
  row.button.onclick = () => open(conversation);
  row.button.classList.toggle("room-unread", isUnread);
  if (isOpen) row.button.setAttribute("aria-current", "true");
  else row.button.removeAttribute("aria-current");
  row.button.replaceChildren(
    drawAvatar(conversation),
    h("span", { class: "room-title" }, title),
    ...(badge === undefined ? [] : [h("span", { class: "room-badge" }, badge)]),
    ...(isUnread
      ? [h("span", { class: "unread" }, h("span", { class: "visually-hidden" }, "new messages"))]
      : []),
  );
}

const SIGNS = { group: "#", support: "?", new: "+" } as const;

function drawAvatar({ kind, title }: Conversation): HTMLElement {
  switch (kind) {
    case "bot":
    case "person":
      return avatar(title, kind === "bot");
    case "group":
    case "support":
    case "new":
      return h("span", { class: "avatar avatar-room", "aria-hidden": "true" }, SIGNS[kind]);
    default:
      throw new TypeError(`There is no picture for a conversation of the kind ${kind satisfies never}.`);
  }
}
