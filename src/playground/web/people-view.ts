import { avatar } from "./avatar";
import type { Person } from "./conversation";
import { h } from "./dom";
import type { State } from "./state";

/** The people one can be, one of them chosen. */
export function createPeopleView(
  fieldset: HTMLElement,
  become: (person: Person) => void,
): (state: State) => void {
  const list = h("div", { class: "personas" });
  fieldset.append(list);
  let drawn: readonly Person[] | undefined;
  let radios: readonly HTMLInputElement[] = [];
  return ({ platform: { people }, me }) => {
    if (people !== drawn) {
      drawn = people;
      const choices = people.map((person) => drawChoice(person, become));
      radios = choices.map(({ radio }) => radio);
      list.replaceChildren(...choices.map(({ label }) => label));
    }
    for (const radio of radios) radio.checked = radio.value === me.id;
  };
}

function drawChoice(
  person: Person,
  become: (person: Person) => void,
): { readonly radio: HTMLInputElement; readonly label: HTMLElement } {
  const onchange = () => become(person);
  const radio = h("input", { type: "radio", name: "persona", value: person.id, onchange });
  const name = h("span", {}, person.name);
  return {
    radio,
    label: h("label", { class: "persona", title: person.key }, radio, avatar(person.name), name),
  };
}
