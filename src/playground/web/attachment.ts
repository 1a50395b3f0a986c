import { h } from "./dom";
import { icon } from "./icons";

/** The one file that can go along with a message: chosen, or pasted into the text. */
export class Attachment {
  /** What opens the choice. */
  readonly button: HTMLElement;
  /** Shows what was chosen, and takes it away again. */
  readonly chip: HTMLElement;
  readonly #name = h("span", {});
  #file: File | undefined;

  /** @param box Where pictures are pasted. */
  constructor(box: HTMLTextAreaElement) {
    const picker = h("input", {
      type: "file",
      hidden: true,
      onchange: () => {
        this.file = picker.files?.[0];
        // So that the same file can be chosen again.
        picker.value = "";
        box.focus();
      },
    });
    const open = h(
      "button",
      {
        type: "button",
        class: "icon-button attach",
        "aria-label": "Attach a file",
        title: "Attach a file",
        onclick: () => picker.click(),
      },
      icon("attach"),
    );
    this.button = h("span", {}, open, picker);
    const remove = () => {
      this.file = undefined;
      box.focus();
    };
    this.chip = h(
      "div",
      { class: "composer-file", hidden: true },
      icon("file"),
      this.#name,
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Remove the file", onclick: remove },
        icon("close"),
      ),
    );
    box.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.files[0];
      if (pasted === undefined) return;
      event.preventDefault();
      this.file = pasted;
    });
  }

  get file(): File | undefined {
    return this.#file;
  }

  set file(file: File | undefined) {
    this.#file = file;
    this.chip.hidden = file === undefined;
    this.#name.textContent = file?.name ?? "";
  }
}
