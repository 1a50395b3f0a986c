import { Attachment } from "./attachment";
import type { ChatPlatform } from "./chat-platform";
import { h, setChildren } from "./dom";
import { drafts } from "./drafts";
import { icon } from "./icons";
import { MentionList } from "./mention-list";
import type { ChatMessage } from "./message";
import { type ComposerMode, type State, toEdit } from "./state";

/** What the composer asks for. */
export interface ComposerActions {
  /** Rejects when the message was refused; it is then put back. */
  send(typed: string, file: File | undefined): Promise<void>;
  setMode(mode: ComposerMode | undefined): void;
  report(error: unknown): void;
}

/** Where one writes. It is free again at once: what is on its way does not hold up the next message. */
export class Composer {
  readonly #actions: ComposerActions;
  readonly #box = h("textarea", {
    rows: 1,
    autocomplete: "off",
    "aria-label": "Message",
    "aria-describedby": "composer-hint",
    "aria-autocomplete": "list",
    "aria-controls": "mentions",
  });
  readonly #hint = h("p", { id: "composer-hint", class: "composer-hint" });
  readonly #modeText = h("span", {});
  readonly #banner: HTMLElement;
  readonly #attachment: Attachment;
  readonly #mentions: MentionList;
  #state: State | undefined;
  /** Whose hint is shown. */
  #platform: ChatPlatform | undefined;
  /** Whose draft is in the box. */
  #key = "";
  #mode: ComposerMode | undefined;

  constructor(form: HTMLElement, actions: ComposerActions) {
    this.#actions = actions;
    const list = h("ul", {
      id: "mentions",
      class: "mentions",
      role: "listbox",
      "aria-label": "People to mention",
      hidden: true,
    });
    this.#mentions = new MentionList(this.#box, list);
    this.#attachment = new Attachment(this.#box);
    this.#banner = h("div", { class: "composer-mode", hidden: true }, this.#modeText, this.#cancelButton());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("input", () => this.#keepDraft());
    this.#box.addEventListener("keydown", (event) => this.#handleKey(event));
    const send = h(
      "button",
      { type: "submit", class: "send", "aria-label": "Send", title: "Send" },
      icon("send"),
    );
    setChildren(form, [
      this.#banner,
      this.#attachment.chip,
      h("div", { class: "composer-box" }, list, this.#attachment.button, this.#box, send),
      this.#hint,
    ]);
  }

  focus(): void {
    this.#box.focus();
  }

  /** Follows the state: whom one writes to, and whether it is a message, a reply or an edit. */
  render(state: State): void {
    this.#state = state;
    const { platform, current, mode, members, me } = state;
    const { can } = platform;
    const isGroup = current?.kind === "group" && can.mention === true;
    const others = isGroup ? members.filter(({ personId }) => personId !== me.id) : [];
    this.#mentions.setPeople(others.map(({ personId, name }) => ({ id: personId, name })));
    this.#box.placeholder = `Write ${positionOf(state)} as ${me.name}`;
    if (platform !== this.#platform) {
      this.#platform = platform;
      setChildren(this.#hint, drawHint(can));
    }
    const key = current === undefined ? "" : `${platform.name} ${me.key} ${current.key}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#attachment.file = undefined;
      this.#box.value = drafts.get(key);
    }
    if (mode !== this.#mode) this.#showMode(mode);
    // Webex takes a file with a new message only.
    this.#attachment.button.hidden = mode?.kind === "edit" || can.attach !== true;
  }

  #showMode(mode: ComposerMode | undefined): void {
    if (mode?.kind === "edit") this.#box.value = mode.typed;
    else if (this.#mode?.kind === "edit") this.#box.value = drafts.get(this.#key);
    this.#mode = mode;
    this.#banner.hidden = mode === undefined;
    if (mode === undefined) return;
    this.#modeText.textContent = describe(mode, this.#state);
    this.#box.focus();
  }

  #submit(): void {
    const typed = this.#box.value.trim();
    const mode = this.#mode;
    const file = mode?.kind === "edit" ? undefined : this.#attachment.file;
    if ((typed === "" && file === undefined) || this.#state?.current === undefined) return;
    const key = this.#key;
    this.#box.value = "";
    if (mode?.kind !== "edit") {
      drafts.set(key, "");
      this.#attachment.file = undefined;
    }
    this.#mentions.close();
    this.#box.focus();
    this.#actions.send(typed, file).catch((error: unknown) => {
      this.#actions.report(error);
      this.#putBack({ key, typed, file, mode });
    });
  }

  /** What was refused is written again, in front of what has been written since. */
  #putBack(refused: {
    key: string;
    typed: string;
    file: File | undefined;
    mode: ComposerMode | undefined;
  }): void {
    const { key, typed, file, mode } = refused;
    const isHere = this.#key === key;
    if (mode?.kind === "edit") {
      if (isHere) this.#actions.setMode({ ...mode, typed });
      return;
    }
    if (isHere && mode !== undefined) this.#actions.setMode(mode);
    const text = [typed, drafts.get(key)].filter(Boolean).join("\n");
    drafts.set(key, text);
    if (!isHere) return;
    this.#attachment.file ??= file;
    if (this.#mode?.kind !== "edit") this.#box.value = text;
  }

  #keepDraft(): void {
    // What is being edited was sent already.
    if (this.#key !== "" && this.#mode?.kind !== "edit") drafts.set(this.#key, this.#box.value);
  }

  #handleKey(event: KeyboardEvent): void {
    // Enter may be choosing a character of a script that needs several keys for one.
    if (event.isComposing || this.#mentions.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#mode !== undefined) this.#actions.setMode(undefined);
    else if (event.key === "ArrowUp" && this.#box.value === "") this.#editLast(event);
  }

  #editLast(event: KeyboardEvent): void {
    const last = this.#state?.messages.findLast(({ typed }) => typed !== undefined);
    if (last === undefined) return;
    event.preventDefault();
    this.#actions.setMode(toEdit(last));
  }

  #cancelButton(): HTMLElement {
    const onclick = () => this.#actions.setMode(undefined);
    return h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Cancel", onclick },
      icon("close"),
    );
  }
}

function describe(mode: ComposerMode, state: State | undefined): string {
  if (mode.kind === "edit") return "Editing your message";
  const how = state?.platform.can.reply === "quote" ? "Quoting" : "Replying in the thread";
  return `${how}: ${excerpt(mode.to)}`;
}

function positionOf({ mode, platform, current }: State): string {
  if (mode?.kind === "reply" && platform.can.reply === "thread") return "in the thread";
  if (current?.kind === "new" || current?.kind === "support") return `to ${platform.botName}`;
  return `to ${current?.title ?? "…"}`;
}

function excerpt({ text }: ChatMessage): string {
  return text === "" ? "a message without text" : text;
}

function drawHint({ mention, markdown }: ChatPlatform["can"]): Node[] {
  const key = (name: string) => h("kbd", {}, name);
  const texts = [
    ...[key("Enter"), " sends, ", key("Shift+Enter"), " starts a new line"],
    ...(mention === true ? [", ", key("@"), " mentions."] : ["."]),
    ...(markdown === true ? [" Markdown works."] : []),
  ];
  return texts.map((text) => (typeof text === "string" ? document.createTextNode(text) : text));
}
