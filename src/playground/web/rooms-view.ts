import { avatar } from "./avatar";
import { h, setChildren } from "./dom";
import { type Conversation, keyOf, roomIdOf, type State } from "./state";

/** The person's rooms, and the people they could write to. */
export function createRoomsView(
  list: HTMLElement,
  open: (conversation: Conversation) => void,
): (state: State) => void {
  const rows = new Map<string, { item: HTMLElement; button: HTMLButtonElement; drawnFrom: string }>();
  return (state) => {
    const { conversations, current, unread, session } = state;
    const nodes = conversations.map((conversation) => {
      const key = keyOf(conversation);
      const isUnread = unread.has(roomIdOf(conversation) ?? "");
      const isOpen = current !== undefined && keyOf(current) === key;
      const drawnFrom = JSON.stringify([conversation, isUnread, isOpen]);
      const row = rows.get(key) ?? makeRow();
      rows.set(key, row);
      if (row.drawnFrom === drawnFrom) return row.item;
      row.drawnFrom = drawnFrom;
      row.button.onclick = () => open(conversation);
      row.button.classList.toggle("room-unread", isUnread);
      if (isOpen) row.button.setAttribute("aria-current", "true");
      else row.button.removeAttribute("aria-current");
      row.button.replaceChildren(
        isGroup(conversation)
          ? h("span", { class: "avatar avatar-room", "aria-hidden": "true" }, "#")
          : avatar(conversation.title, conversation.title === session.bot.displayName),
        h("span", { class: "room-title" }, conversation.title),
        ...(isUnread
          ? [h("span", { class: "unread" }, h("span", { class: "visually-hidden" }, "new messages"))]
          : []),
      );
      return row.item;
    });
    setChildren(list, nodes);
  };
}

function makeRow(): { item: HTMLElement; button: HTMLButtonElement; drawnFrom: string } {
  const button = h("button", { type: "button", class: "room" });
  return { item: h("li", {}, button), button, drawnFrom: "" };
}

function isGroup(conversation: Conversation): boolean {
  return conversation.kind === "room" && conversation.room.type === "group";
}
