import { h } from "./dom";
import { ApiError } from "./http";
import { icon } from "./icons";

const shownMs = 12_000;
const most = 3;

/** Tells what went wrong, in a corner, with what to look for in the log. */
export function createToasts(place: HTMLElement): (error: unknown) => void {
  return (error) => {
    console.error(error);
    const trackingId = error instanceof ApiError ? error.trackingId : undefined;
    const toast = h(
      "div",
      { class: "toast", role: "alert" },
      h(
        "div",
        {},
        h("p", {}, error instanceof Error ? error.message : String(error)),
        trackingId !== undefined && h("p", { class: "toast-id" }, `trackingId ${trackingId}`),
      ),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => toast.remove() },
        icon("close"),
      ),
    );
    place.append(toast);
    while (place.childElementCount > most) place.firstElementChild?.remove();
    // Stays while somebody reads it.
    const fade = () => (toast.matches(":hover, :focus-within") ? setTimeout(fade, 1_000) : toast.remove());
    setTimeout(fade, shownMs);
  };
}
