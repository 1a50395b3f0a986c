import { byId, h, setChildren } from "../dom";
import type { State } from "../state";
import type { TimelineEntry } from "./entries";
import { drawEntry, type TimelineActions } from "./entry-view";
import { relatedTo } from "./related";

/** What happened, newest first: deliveries to the bot, what it did about them, and what it asked of the API. */
export function createTimelineView(
  actions: TimelineActions & { showAll(): void },
): (state: Pick<State, "timeline" | "traced">) => void {
  const [list, empty, trace] = [byId("timeline-list"), byId("timeline-empty"), byId("timeline-trace")];
  const rows = new WeakMap<TimelineEntry, HTMLElement>();
  let drawn: Pick<State, "timeline" | "traced"> | undefined;
  return ({ timeline, traced }) => {
    if (timeline === drawn?.timeline && traced === drawn.traced) return;
    if (traced !== drawn?.traced)
      setChildren(trace, traced === undefined ? [] : drawTrace(traced.text, actions));
    drawn = { timeline, traced };
    const shown = traced === undefined ? timeline : relatedTo(timeline, traced.id);
    empty.hidden = shown.length > 0;
    const nodes = shown.map((entry) => {
      const row = rows.get(entry) ?? drawEntry(entry, actions);
      rows.set(entry, row);
      return row;
    });
    setChildren(list, nodes.reverse());
  };
}

function drawTrace(text: string, { showAll }: { showAll(): void }): HTMLElement[] {
  return [
    h("p", { class: "timeline-trace-text" }, "The path of ", h("q", {}, text)),
    h("button", { type: "button", class: "quiet", onclick: showAll }, "Show everything"),
  ];
}
