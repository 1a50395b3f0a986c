import { byId } from "./dom";

const wide = matchMedia("(min-width: 70rem)");
const narrow = matchMedia("(max-width: 46rem)");

/** The two side panels: which of them are open, and that a narrow screen shows one thing at a time. */
export interface Layout {
  /** A room was chosen: on a narrow screen the chat takes the place of the rooms. */
  showChat(): void;
  /** Somebody wants to look at the timeline. */
  showTimeline(): void;
}

/** Connects the buttons that open and close the panels. Whether the timeline is open outlives the page. */
export function createLayout(): Layout {
  const side = panel("side", "toggle-side");
  const timeline = panel("timeline", "toggle-timeline");
  side.set(!narrow.matches);
  timeline.set(wide.matches && localStorage.getItem("timeline") !== "closed");
  side.onToggle((isOpen) => {
    if (isOpen && narrow.matches) timeline.set(false);
  });
  timeline.onToggle((isOpen) => {
    localStorage.setItem("timeline", isOpen ? "open" : "closed");
    if (isOpen && narrow.matches) side.set(false);
  });
  narrow.addEventListener("change", () => {
    side.set(!narrow.matches);
    if (narrow.matches) timeline.set(false);
  });
  return {
    showChat: () => {
      if (!narrow.matches) return;
      side.set(false);
      timeline.set(false);
    },
    showTimeline: () => {
      timeline.set(true);
      if (narrow.matches) side.set(false);
    },
  };
}

function panel(id: string, buttonId: string) {
  const element = byId(id);
  const button = byId(buttonId);
  let isOpen = false;
  const set = (open: boolean): void => {
    isOpen = open;
    element.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  };
  return {
    set,
    onToggle(listener: (isOpen: boolean) => void): void {
      button.addEventListener("click", () => {
        set(!isOpen);
        listener(isOpen);
      });
    },
  };
}
