import { h } from "./dom";
import { icon } from "./icons";

/** A file of a message: a picture is shown, anything else can be saved. */
export function drawFile(load: () => Promise<{ name: string; bytes: Blob }>): HTMLElement {
  const place = h("div", { class: "file" }, "Loading the file…");
  const show = async (): Promise<void> => {
    const { name, bytes } = await load();
    const url = URL.createObjectURL(bytes);
    const link = h("a", { href: url, download: name, class: "file-link" }, icon("file"), name);
    const picture = bytes.type.startsWith("image/") && h("img", { src: url, alt: name });
    place.replaceChildren(...(picture ? [picture, link] : [link]));
  };
  show().catch((error: unknown) => {
    place.textContent = `The file cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  });
  return place;
}
