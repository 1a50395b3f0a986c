import { h, setChildren } from "./dom";
import type { State } from "./state";
import { exactClock } from "./time";
import type { ApiCall, Delivery } from "./wire";

type Entry = Delivery | ApiCall;

/** What went over the wire, newest first: deliveries to the bot, and what it asked of the API. */
export function createTimelineView(list: HTMLElement, empty: HTMLElement): (state: State) => void {
  const rows = new WeakMap<Entry, HTMLElement>();
  let drawn: readonly Entry[] | undefined;
  return ({ timeline }) => {
    if (timeline === drawn) return;
    drawn = timeline;
    empty.hidden = timeline.length > 0;
    const nodes = timeline.map((entry) => {
      const row = rows.get(entry) ?? drawEntry(entry);
      rows.set(entry, row);
      return row;
    });
    setChildren(list, nodes.reverse());
  };
}

function drawEntry(entry: Entry): HTMLElement {
  const body = h("div", { class: "entry-body" });
  const details = h(
    "details",
    {
      class: `entry entry-${entry.kind}`,
      // Most are never looked into.
      ontoggle: () => {
        if (details.open && body.childElementCount === 0) body.append(...drawBody(entry));
      },
    },
    h("summary", {}, ...drawSummary(entry)),
    body,
  );
  return h("li", {}, details);
}

function drawSummary(entry: Entry): HTMLElement[] {
  const isDelivery = entry.kind === "delivery";
  const title = isDelivery ? `${entry.resource}.${entry.event}` : `${entry.method} ${withoutIds(entry.path)}`;
  const origin = isDelivery ? entry.webhookName : `by ${entry.by === "bot" ? "the bot" : entry.by}`;
  return [
    h("span", { class: "entry-arrow", "aria-hidden": "true" }, isDelivery ? "→" : "←"),
    h("span", { class: "entry-title" }, title),
    h("span", { class: `status ${statusClass(entry.status)}` }, String(entry.status ?? "failed")),
    h(
      "span",
      { class: "entry-origin" },
      `${exactClock(new Date(entry.at))} · ${Math.round(entry.ms)} ms · ${origin}`,
    ),
  ];
}

function drawBody(entry: Entry): HTMLElement[] {
  if (entry.kind === "call")
    return [
      drawFields([
        ["Request", `${entry.method} ${entry.path}`],
        ["TrackingID", entry.trackingId],
      ]),
    ];
  return [
    h("h3", {}, "Request"),
    drawFields([["Webhook", entry.webhookName], ["POST", entry.targetUrl], ...entry.headers]),
    h("h3", {}, "Body"),
    h("pre", { tabindex: 0, "aria-label": "Body" }, indented(entry.body)),
    ...(entry.error === undefined ? [] : [h("h3", {}, "Error"), h("p", {}, entry.error)]),
  ];
}

function drawFields(fields: readonly (readonly [string, string])[]): HTMLElement {
  return h("dl", {}, ...fields.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** Ids are long and say little; the whole path is inside. */
function withoutIds(path: string): string {
  const [route = ""] = path.split("?");
  return route.replace(/\/[A-Za-z0-9_-]{30,}/g, "/…");
}

function statusClass(status: number | undefined): string {
  if (status === undefined || status >= 500) return "status-failed";
  return status >= 400 ? "status-refused" : "status-ok";
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
