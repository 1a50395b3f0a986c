import { h } from "../dom";
import { exactClock } from "../time";
import type { ApiCall, Attempt, Delivery, Step, TimelineEntry } from "./entries";

/** What can be done with a delivery. */
export interface TimelineActions {
  /** Sends it once more. @param isForged with another signature */
  again(delivery: Delivery, isForged: boolean): void;
  copyAsCurl(delivery: Delivery): void;
}

/** One line about what happened, which opens. */
export function drawEntry(entry: TimelineEntry, actions: TimelineActions): HTMLElement {
  const body = h("div", { class: "entry-body" });
  const details = h(
    "details",
    {
      class: `entry entry-${entry.kind}`,
      // Most are never looked into.
      ontoggle: () => {
        if (details.open && body.childElementCount === 0) body.append(...drawBody(entry, actions));
      },
    },
    h("summary", {}, ...drawSummary(entry)),
    body,
  );
  return h("li", {}, details);
}

function drawSummary(entry: TimelineEntry): HTMLElement[] {
  const { arrow, title, status, statusClass, origin } = summaryOf(entry);
  return [
    h("span", { class: "entry-arrow", "aria-hidden": "true" }, arrow),
    h("span", { class: "entry-title" }, title),
    h("span", { class: `status ${statusClass}` }, status),
    h(
      "span",
      { class: "entry-origin" },
      [exactClock(new Date(entry.at)), ...origin].filter((part) => part !== "").join(" · "),
    ),
  ];
}

interface Summary {
  readonly arrow: string;
  readonly title: string;
  readonly status: string;
  readonly statusClass: string;
  readonly origin: readonly string[];
}

function summaryOf(entry: TimelineEntry): Summary {
  switch (entry.kind) {
    case "delivery":
      return {
        arrow: "→",
        title: [entry.resource, entry.event].filter((part) => part !== "").join("."),
        status: String(entry.status ?? "failed"),
        statusClass: statusClass(entry.status),
        origin: [inMs(entry.ms), entry.webhookName],
      };
    case "call":
      return {
        arrow: "←",
        title: `${entry.method} ${withoutIds(entry.path)}`,
        status: String(entry.status),
        statusClass: statusClass(entry.status),
        origin: [inMs(entry.ms), `by ${entry.by === "bot" ? "the bot" : entry.by}`],
      };
    case "attempt":
      return {
        arrow: "•",
        title: whatWasDone(entry),
        status: entry.outcome,
        statusClass: outcomeClass(entry),
        origin: [inMs(entry.ms), entry.event, entry.attempt === 1 ? "" : `attempt ${entry.attempt}`],
      };
    case "unheard":
    case "duplicate":
    case "fault":
    case "socket":
      return {
        arrow: "•",
        title: entry.title,
        status: entry.kind,
        statusClass: entry.kind === "socket" ? "status-ok" : "status-refused",
        origin: [entry.text],
      };
    default:
      return entry satisfies never;
  }
}

const OUTCOMES: Readonly<Record<string, string>> = {
  handled: "status-ok",
  retry: "status-failed",
  dead: "status-failed",
};

/** A failure that `bot.catch` has settled, or the default reply, is no plain success. */
function outcomeClass({ outcome, steps }: Attempt): string {
  if (outcome === "handled" && (steps.some(isFailed) || steps.some(isDefaultReply))) return "status-refused";
  return OUTCOMES[outcome] ?? "status-refused";
}

function isFailed({ name, facts }: Step): boolean {
  return name === "matched" && factOf(facts, "verdict") === "failed";
}

function isDefaultReply({ name, facts }: Step): boolean {
  return name === "matched" && factOf(facts, "handler") === "default reply";
}

/** Which handler answered, or why none did. */
function whatWasDone({ steps, reason, outcome }: Attempt): string {
  if (steps.some(isDefaultReply)) return "no handler matched; the bot sent the default reply";
  const answered = steps.find(
    ({ name, facts }) => name === "matched" && factOf(facts, "verdict") === "answered",
  );
  if (outcome === "handled" && answered !== undefined)
    return `${factOf(answered.facts, "bot")}: ${factOf(answered.facts, "handler")}`;
  const failed = steps.find(isFailed);
  if (outcome === "handled" && failed !== undefined)
    return `${factOf(failed.facts, "bot")}: ${factOf(failed.facts, "handler")} failed; bot.catch settled it`;
  return reason ?? outcome;
}

function drawBody(entry: TimelineEntry, actions: TimelineActions): HTMLElement[] {
  switch (entry.kind) {
    case "delivery":
      return drawDelivery(entry, actions);
    case "call":
      return drawCall(entry);
    case "attempt":
      return drawAttempt(entry);
    case "unheard":
    case "duplicate":
    case "fault":
    case "socket":
      return [h("p", { class: "entry-reason" }, entry.text)];
    default:
      return entry satisfies never;
  }
}

function drawDelivery(entry: Delivery, actions: TimelineActions): HTMLElement[] {
  const button = (label: string, onclick: () => void): HTMLElement =>
    h("button", { type: "button", class: "quiet", onclick }, label);
  return [
    h(
      "div",
      { class: "entry-actions" },
      button("Send again", () => actions.again(entry, false)),
      button("Send with a wrong signature", () => actions.again(entry, true)),
      button("Copy as curl", () => actions.copyAsCurl(entry)),
    ),
    h("h3", {}, "Request"),
    drawFields([["Webhook", entry.webhookName], ["POST", entry.targetUrl], ...entry.headers]),
    ...drawText("Body", entry.body),
    ...(entry.error === undefined ? [] : [h("h3", {}, "Error"), h("p", {}, entry.error)]),
  ];
}

function drawCall({ method, path, trackingId, request, response }: ApiCall): HTMLElement[] {
  return [
    drawFields([
      ["Request", `${method} ${path}`],
      ["TrackingID", trackingId],
    ]),
    ...(request === undefined ? [] : drawText("Request body", request)),
    ...(response === undefined ? [] : drawText("Answer", response)),
  ];
}

function drawAttempt({ steps, reason, againInMs, stack }: Attempt): HTMLElement[] {
  return [
    ...(reason === undefined ? [] : [h("p", { class: "entry-reason" }, reason)]),
    ...(stack === undefined ? [] : drawText("Stack", stack)),
    ...(againInMs === undefined
      ? []
      : [h("p", { class: "entry-reason" }, `Tried again in ${inMs(againInMs)}.`)]),
    h("ol", { class: "entry-steps" }, ...steps.map(drawStep)),
  ];
}

function drawStep({ afterMs, name, facts }: Step): HTMLElement {
  const said = facts
    // Which message it was, is what the page shows; where in the run, the journal needs.
    .filter(([fact, value]) => fact !== "message" && fact !== "place" && value !== "0")
    .map(([fact, value]) => {
      if (fact === "ms") return inMs(Number(value));
      if (fact === "refusedBy") return `refuses: ${value}`;
      return /^\d+$/.test(value) ? `${fact} ${value}` : value;
    });
  return h(
    "li",
    {},
    h("span", { class: "entry-after" }, `+${inMs(afterMs)}`),
    h("strong", {}, name),
    ` ${said.join(" · ")}`,
  );
}

function drawText(title: string, text: string): HTMLElement[] {
  return [h("h3", {}, title), h("pre", { tabindex: 0, "aria-label": title }, indented(text))];
}

function drawFields(fields: readonly (readonly [string, string])[]): HTMLElement {
  return h("dl", {}, ...fields.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function factOf(facts: Step["facts"], name: string): string {
  return facts.find(([fact]) => fact === name)?.[1] ?? "";
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

function inMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
