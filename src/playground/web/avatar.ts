import { h } from "./dom";

const hues = 6;

/** Somebody's initials on a colour of their own. */
export function avatar(name: string, isBot = false): HTMLElement {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("");
  const hue = [...name].reduce((sum, letter) => (sum * 7 + (letter.codePointAt(0) ?? 0)) % 9973, 0) % hues;
  return h(
    "span",
    { class: `avatar ${isBot ? "avatar-bot" : `hue-${hue}`}`, "aria-hidden": "true" },
    initials,
  );
}
