import { openDialog } from "../dialogs";
import { h, setChildren } from "../dom";
import { icon } from "../icons";
import type { State } from "../state";
import { type ActiveFault, addFault, listFaults, removeAllFaults, removeFault } from "./api";
import { FAULT_GROUPS, kindOf, titleOf } from "./kinds";

export interface FaultActions {
  report(error: unknown): void;
  /** Calls for every change of the page's state until the signal is aborted. */
  follow(view: (state: State) => void, until: AbortSignal): void;
}

/** Shows what is to go wrong, how often it did, and asks for more of it. */
export function openFaultsDialog({ report, follow }: FaultActions): void {
  const list = h("ul", { class: "faults", "aria-label": "Faults" });
  const none = h("p", { class: "faults-none" }, "Nothing goes wrong but what goes wrong by itself.");
  const clear = h(
    "button",
    { type: "button", class: "quiet", onclick: () => change(removeAllFaults()) },
    "Remove all",
  );

  async function draw(): Promise<void> {
    const faults = await listFaults();
    none.hidden = faults.length > 0;
    clear.hidden = faults.length < 2;
    setChildren(
      list,
      faults.map((fault) => drawFault(fault, () => change(removeFault(fault.id)))),
    );
  }
  function change(work: Promise<unknown>): void {
    work.then(draw).catch(report);
  }

  const closed = new AbortController();
  const dialog = openDialog("Faults", list, none, clear, drawForm(change));
  dialog.addEventListener("close", () => closed.abort());
  let seen = 0;
  follow(({ timeline }) => {
    const happened = timeline.filter(({ kind }) => kind === "fault").length;
    if (happened === seen) return;
    seen = happened;
    draw().catch(report);
  }, closed.signal);
  draw().catch(report);
}

function drawFault(fault: ActiveFault, remove: () => void): HTMLElement {
  const { happened, times, probability = 1 } = fault;
  const title = titleOf(fault.on, fault.do);
  const { by: _bot, ...match } = fault.match;
  const where = Object.values(match).map(String).join(" ");
  const chance = probability < 1 ? `, ${Math.round(probability * 100)} % of the time` : "";
  const often = times === undefined ? `happened ${happened} times` : `happened ${happened} of ${times} times`;
  return h(
    "li",
    {},
    h(
      "span",
      { class: "member-name" },
      title,
      h("small", {}, [where, `${often}${chance}`].filter((part) => part !== "").join(" · ")),
    ),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": `Remove: ${title}`, onclick: remove },
      icon("delete"),
    ),
  );
}

/** @param add starts the work, and tells when it went wrong */
function drawForm(add: (work: Promise<void>) => void): HTMLElement {
  const option = (value: string, text: string): HTMLOptionElement => h("option", { value }, text);
  const kind = h(
    "select",
    { autofocus: true },
    ...FAULT_GROUPS.map(({ title, kinds }) =>
      h("optgroup", { label: title }, ...kinds.map(({ key, title: text }) => option(key, text))),
    ),
  );
  const platform = h(
    "select",
    {},
    option("", "All"),
    option("webex", "Webex"),
    option("spika", "Spika"),
    option("intercom", "Intercom"),
  );
  const method = h("select", {}, option("", "Any"), ...METHODS.map((name) => option(name, name)));
  const path = h("input", { placeholder: "/messages", autocomplete: "off", spellcheck: "false" });
  const times = h("input", { type: "number", min: 1, max: 1_000_000, value: 1, placeholder: "always" });
  const chance = h("input", { type: "number", min: 1, max: 100, value: 100, required: true });
  const onlyCalls = h(
    "div",
    { class: "dialog-pair" },
    h("label", {}, "Method", method),
    h("label", {}, "Path begins with", path),
  );
  kind.addEventListener("change", () => {
    onlyCalls.hidden = kindOf(kind.value).on !== "call";
  });
  return h(
    "form",
    {
      class: "dialog-form faults-form",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        add(
          addFault({
            kind: kindOf(kind.value),
            platform: platform.value || undefined,
            method: method.value || undefined,
            path: path.value.trim() || undefined,
            times: times.value === "" ? undefined : times.valueAsNumber,
            probability: chance.valueAsNumber / 100,
          }),
        );
      },
    },
    h("label", {}, "What goes wrong", kind),
    h("label", {}, "Platform", platform),
    onlyCalls,
    h(
      "div",
      { class: "dialog-pair" },
      h("label", {}, "How many times", times),
      h("label", {}, "Chance, in percent", chance),
    ),
    h("button", { type: "submit", class: "primary" }, "Let it go wrong"),
  );
}

const METHODS = ["GET", "POST", "PUT", "DELETE"];
