/** Drawn on a 16 by 16 grid, as strokes. */
const paths = {
  reply: "M6.5 4 3 7.5 6.5 11 M3 7.5h6.5a3.5 3.5 0 0 1 3.5 3.5v1.5",
  edit: "M10.8 3.2l2 2L6 12H4v-2z",
  delete: "M3.5 4.5h9 M6 4.5V3h4v1.5 M5 4.5l.5 8.5h5l.5-8.5",
  path: "M4 3.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z M12 9.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z M4 6.5V9a2 2 0 0 0 2 2h4.5",
  send: "M8 13V3.5 M3.8 7.5 8 3.3l4.2 4.2",
  close: "M4 4l8 8 M12 4l-8 8",
  plus: "M8 3.5v9 M3.5 8h9",
  people:
    "M6 8a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 6 8z M2 13c0-2 1.7-3.3 4-3.3S10 11 10 13 M10.5 3.8a2.2 2.2 0 0 1 0 4.1 M11.6 9.9c1.5.3 2.4 1.5 2.4 3.1",
  attach:
    "M12.6 7.2 7.9 11.9a2.7 2.7 0 0 1-3.8-3.8l5.2-5.2a1.8 1.8 0 0 1 2.5 2.5L6.9 10.3a.85.85 0 0 1-1.2-1.2l4.4-4.4",
  file: "M4.5 2.5h4.5l2.5 2.5v8.5h-7z M9 2.5V5h2.5",
} as const;

/** A small picture beside a word; it says nothing to a screen reader. */
export function icon(name: keyof typeof paths): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
