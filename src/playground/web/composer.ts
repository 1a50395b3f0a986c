import { h, setChildren } from "./dom";
import { drafts } from "./drafts";
import { icon } from "./icons";
import { MentionList } from "./mention-list";
import { toTyped } from "./mentions";
import { type ComposerMode, keyOf, type State } from "./state";
import type { Message } from "./wire";

/** What the composer asks for. */
export interface ComposerActions {
  /** Rejects when the message was refused; it is then put back. */
  send(typed: string): Promise<void>;
  setMode(mode: ComposerMode | undefined): void;
  report(error: unknown): void;
}

/** Where one writes. It is free again at once: what is on its way does not hold up the next message. */
export function createComposer(form: HTMLElement, actions: ComposerActions): (state: State) => void {
  const box = h("textarea", {
    id: "composer-text",
    rows: 1,
    autocomplete: "off",
    "aria-label": "Message",
    "aria-describedby": "composer-hint",
    "aria-autocomplete": "list",
    "aria-controls": "mentions",
  });
  const list = h("ul", {
    id: "mentions",
    class: "mentions",
    role: "listbox",
    "aria-label": "People to mention",
    hidden: true,
  });
  const what = h("span", {});
  const cancel = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "Cancel",
      onclick: () => actions.setMode(undefined),
    },
    icon("close"),
  );
  const banner = h("div", { class: "composer-mode", hidden: true }, what, cancel);
  const mentions = new MentionList(box, list);
  let state: State | undefined;
  let shownKey = "";
  let shownMode: ComposerMode | undefined;

  const submit = (): void => {
    const typed = box.value.trim();
    if (typed === "" || state?.current === undefined) return;
    const key = draftKey(state);
    box.value = "";
    drafts.set(key, "");
    mentions.close();
    box.focus();
    actions.send(typed).catch((error: unknown) => {
      actions.report(error);
      const rest = shownKey === key ? box.value : drafts.get(key);
      const restored = [typed, rest].filter(Boolean).join("\n");
      drafts.set(key, restored);
      if (shownKey === key) box.value = restored;
    });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", () => {
    // What is being edited was sent already.
    if (state !== undefined && shownMode?.kind !== "edit") drafts.set(draftKey(state), box.value);
  });
  box.addEventListener("keydown", (event) => {
    // Enter may be choosing a character of a script that needs several keys for one.
    if (event.isComposing || mentions.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && shownMode !== undefined) actions.setMode(undefined);
    else if (event.key === "ArrowUp" && box.value === "") editLast(event);
  });
  const editLast = (event: KeyboardEvent): void => {
    const last = state?.messages.findLast((message) => isEditable(message, state?.me.id));
    if (last === undefined) return;
    event.preventDefault();
    actions.setMode({ kind: "edit", message: last });
  };

  setChildren(form, [
    banner,
    h(
      "div",
      { class: "composer-box" },
      list,
      box,
      h("button", { type: "submit", class: "send", "aria-label": "Send", title: "Send" }, icon("send")),
    ),
    h(
      "p",
      { id: "composer-hint", class: "composer-hint" },
      h("span", {}, h("kbd", {}, "Enter"), " sends, "),
      h("span", {}, h("kbd", {}, "Shift+Enter"), " starts a new line, "),
      h("span", {}, h("kbd", {}, "@"), " mentions. Markdown works."),
    ),
  ]);

  return (now) => {
    state = now;
    const { current, mode, members, me } = now;
    const isGroup = current?.kind === "room" && current.room.type === "group";
    const others = members.filter(({ personId }) => personId !== me.id);
    mentions.setPeople(
      isGroup
        ? others.map(({ personId, personDisplayName }) => ({ id: personId, name: personDisplayName }))
        : [],
    );
    const to = mode?.kind === "reply" ? "in the thread" : `to ${current?.title ?? "…"}`;
    box.placeholder = `Write ${to} as ${me.displayName}`;
    const key = current === undefined ? "" : draftKey(now);
    if (key !== shownKey) {
      box.value = key === "" ? "" : drafts.get(key);
      shownKey = key;
    }
    if (mode === shownMode) return;
    banner.hidden = mode === undefined;
    if (mode?.kind === "edit") box.value = toTyped(mode.message.markdown ?? mode.message.text);
    else if (shownMode?.kind === "edit") box.value = key === "" ? "" : drafts.get(key);
    if (mode !== undefined) {
      what.textContent =
        mode.kind === "edit" ? "Editing your message" : `Replying in the thread: ${excerpt(mode.root)}`;
      box.focus();
    }
    shownMode = mode;
  };
}

function draftKey({ me, current }: State): string {
  return `${me.email} ${current === undefined ? "" : keyOf(current)}`;
}

function isEditable(message: Message, personId: string | undefined): boolean {
  return message.personId === personId && message.cards.length === 0 && message.fileUrls.length === 0;
}

function excerpt({ text }: Message): string {
  return text === "" ? "a message without text" : text;
}
