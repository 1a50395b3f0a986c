/** An attribute's value; `true` sets it empty, `false` and `undefined` leave it out. */
type Attribute = string | number | boolean | undefined | ((event: never) => void);
type Child = Node | string | undefined | false;

/**
 * Makes an element: `h("button", { type: "button", onclick: close }, "Close")`. Names that begin with `on` are
 * listeners. Text stays text, whatever is in it.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      // Each call names the event and takes what it brings; the compiler cannot connect the two here.
      element.addEventListener(name.slice(2), value as (event: Event) => void);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** Makes these the children, in this order. Those that stay keep their focus, input and scroll position. */
export function setChildren(parent: Element, nodes: readonly Node[]): void {
  const staying = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!staying.has(child)) child.remove();
  let here = parent.firstChild;
  for (const node of nodes) {
    if (node === here) here = here.nextSibling;
    else parent.insertBefore(node, here);
  }
}

/** An element of the page's own HTML. @throws Error when the HTML has no such element. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no element with the id "${id}".`);
  return element;
}
