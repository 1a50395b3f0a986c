import { avatar } from "./avatar";
import { h } from "./dom";
import type { State } from "./state";
import type { Persona, Session } from "./wire";

/** The people one can be, one of them chosen. */
export function createPeopleView(
  fieldset: HTMLElement,
  session: Session,
  become: (person: Persona) => void,
): (state: State) => void {
  const choices = session.people.map((person) => {
    const radio = h("input", {
      type: "radio",
      name: "persona",
      value: person.id,
      onchange: () => become(person),
    });
    const label = h(
      "label",
      { class: "persona", title: person.email },
      radio,
      avatar(person.displayName),
      h("span", {}, person.displayName),
    );
    return { radio, label };
  });
  fieldset.append(h("div", { class: "personas" }, ...choices.map(({ label }) => label)));
  return ({ me }) => {
    for (const { radio } of choices) radio.checked = radio.value === me.id;
  };
}
