import { avatar } from "./avatar";
import { h } from "./dom";
import { icon } from "./icons";
import type { State } from "./state";
import type { Session } from "./wire";

/** Shows a dialog with a title and a button that closes it; it removes itself once closed. */
export function openDialog(title: string, ...content: (Node | string)[]): HTMLDialogElement {
  const dialog = h("dialog", { "aria-label": title });
  dialog.append(
    h(
      "div",
      { class: "dialog-head" },
      h("h2", {}, title),
      h(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => dialog.close() },
        icon("close"),
      ),
    ),
    ...content,
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for a new room's title and people. */
export function openRoomDialog(
  { me }: State,
  session: Session,
  actions: { create(title: string, emails: string[]): Promise<void>; report(error: unknown): void },
): void {
  const title = h("input", {
    name: "title",
    required: true,
    maxlength: 128,
    autocomplete: "off",
    autofocus: true,
  });
  const boxes = [session.bot, ...session.people.filter(({ id }) => id !== me.id)].map((person) => {
    const box = h("input", { type: "checkbox", value: person.email, checked: person.id === session.bot.id });
    return { box, label: h("label", { class: "check" }, box, person.displayName) };
  });
  const form = h(
    "form",
    {
      class: "dialog-form",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        const emails = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
        dialog.close();
        actions.create(title.value.trim(), emails).catch(actions.report);
      },
    },
    h("label", {}, "Name", title),
    h("fieldset", {}, h("legend", {}, "With"), ...boxes.map(({ label }) => label)),
    h("button", { type: "submit", class: "primary" }, "Create room"),
  );
  const dialog = openDialog("New room", form);
}

/** Asks whether all of it may go. */
export function openStartOverDialog(actions: {
  startOver(): Promise<void>;
  report(error: unknown): void;
}): void {
  const form = h(
    "form",
    {
      class: "dialog-form",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        dialog.close();
        actions.startOver().catch(actions.report);
      },
    },
    h("p", {}, "Everything that was said here goes, on every platform, and so do rooms, files and faults."),
    h("p", {}, "The bot stays connected."),
    h(
      "div",
      { class: "dialog-buttons" },
      h("button", { type: "submit", class: "primary" }, "Delete everything"),
      h(
        "button",
        { type: "button", class: "quiet", autofocus: true, onclick: () => dialog.close() },
        "Keep it",
      ),
    ),
  );
  const dialog = openDialog("Start over?", form);
}

/** Shows who is in the current room, and lets one add and remove people. */
export function openMembersDialog(
  state: State,
  session: Session,
  actions: {
    add(key: string, email: string): Promise<void>;
    remove(membershipId: string): Promise<void>;
    report(error: unknown): void;
    /** Calls back while the dialog is open, whenever the state has changed. */
    follow(view: (state: State) => void, until: AbortSignal): void;
  },
): void {
  const { current: room } = state;
  if (room === undefined) return;
  const people = h("ul", { class: "members", "aria-label": "People in the room" });
  const email = h("input", {
    type: "email",
    name: "email",
    required: true,
    list: "known-people",
    autocomplete: "off",
  });
  const known = h("datalist", { id: "known-people" });
  const form = h(
    "form",
    {
      class: "dialog-form dialog-row",
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        const added = email.value.trim();
        email.value = "";
        actions.add(room.key, added).catch(actions.report);
      },
    },
    h("label", {}, "E-mail", email),
    known,
    h("button", { type: "submit", class: "primary" }, "Add"),
  );
  const dialog = openDialog(`People in ${room.title}`, people, form);
  const closed = new AbortController();
  dialog.addEventListener("close", () => closed.abort());
  const draw = ({ members, me, current }: State): void => {
    if (current?.key !== room.key) {
      dialog.close();
      return;
    }
    people.replaceChildren(
      ...members.map((member) => {
        const isMe = member.personId === me.id;
        const { name } = member;
        return h(
          "li",
          {},
          avatar(name, member.personId === session.bot.id),
          h("span", { class: "member-name" }, isMe ? `${name} (you)` : name, h("small", {}, member.email)),
          h(
            "button",
            {
              type: "button",
              class: "quiet",
              "aria-label": isMe ? "Leave the room" : `Remove ${name}`,
              onclick: () => actions.remove(member.id).catch(actions.report),
            },
            isMe ? "Leave" : "Remove",
          ),
        );
      }),
    );
    const inside = new Set(members.map(({ personId }) => personId));
    const outside = [session.bot, ...session.people].filter(({ id }) => !inside.has(id));
    known.replaceChildren(
      ...outside.map((person) => h("option", { value: person.email }, person.displayName)),
    );
  };
  draw(state);
  actions.follow(draw, closed.signal);
}
