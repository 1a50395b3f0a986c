import { h } from "./dom";
import { type Mentionable, matching, mentionBeforeCaret } from "./mentions";

const everybody: Mentionable = { id: "all", name: "All" };

/** Offers the people of the room while a name is typed after an `@`. */
export class MentionList {
  readonly #box: HTMLTextAreaElement;
  readonly #list: HTMLElement;
  #people: readonly Mentionable[] = [];
  #offered: readonly Mentionable[] = [];
  #chosen = 0;

  /** @param list An element with `role="listbox"` that the text box controls. */
  constructor(box: HTMLTextAreaElement, list: HTMLElement) {
    this.#box = box;
    this.#list = list;
    box.addEventListener("input", () => this.#offer());
    box.addEventListener("click", () => this.#offer());
    box.addEventListener("blur", () => this.close());
  }

  /** Who can be mentioned; nobody in a direct room, where it would say nothing. */
  setPeople(people: readonly Mentionable[]): void {
    const offered = people.length > 0 ? [...people, everybody] : [];
    if (JSON.stringify(offered) === JSON.stringify(this.#people)) return;
    this.#people = offered;
    // A name may have been begun before it was known who is in the room.
    if (document.activeElement === this.#box) this.#offer();
  }

  /** @returns Whether the key was meant for the list. */
  handleKey(event: KeyboardEvent): boolean {
    if (this.#offered.length === 0) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#chosen = (this.#chosen + step + this.#offered.length) % this.#offered.length;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.#insert(this.#offered[this.#chosen]);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  close(): void {
    this.#offered = [];
    this.#draw();
  }

  #offer(): void {
    const mention = mentionBeforeCaret(this.#box.value.slice(0, this.#box.selectionStart));
    const found = mention === undefined ? [] : matching(this.#people, mention.query);
    // A name that stands there whole needs no offer.
    const isDone = found.length === 1 && found[0]?.name === mention?.query;
    this.#offered = isDone ? [] : found;
    this.#chosen = 0;
    this.#draw();
  }

  #insert(person: Mentionable | undefined): void {
    const caret = this.#box.selectionStart;
    const mention = mentionBeforeCaret(this.#box.value.slice(0, caret));
    this.close();
    if (person === undefined || mention === undefined) return;
    this.#box.setRangeText(`@${person.name} `, mention.at, caret, "end");
    this.#box.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  #draw(): void {
    this.#list.hidden = this.#offered.length === 0;
    this.#list.replaceChildren(
      ...this.#offered.map((person, index) =>
        h(
          "li",
          {
            role: "option",
            id: `mention-${index}`,
            "aria-selected": String(index === this.#chosen),
            // Before the text box loses the focus, which would close the list.
            onmousedown: (event: MouseEvent) => {
              event.preventDefault();
              this.#insert(person);
            },
          },
          person.name,
        ),
      ),
    );
    if (this.#offered.length > 0) this.#box.setAttribute("aria-activedescendant", `mention-${this.#chosen}`);
    else this.#box.removeAttribute("aria-activedescendant");
  }
}
