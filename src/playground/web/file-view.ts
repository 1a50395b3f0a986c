import { h } from "./dom";
import { icon } from "./icons";
import type { ChatFile } from "./message";

/** A file of a message: a picture is shown, anything else can be saved. One that is kept elsewhere is only named. */
export function drawFile(
  { url, name, isElsewhere }: ChatFile,
  load: () => Promise<{ name: string; bytes: Blob }>,
): HTMLElement {
  if (isElsewhere === true) return h("div", { class: "file" }, drawLink(url, name ?? url));
  const place = h("div", { class: "file" }, "Loading the file…");
  const show = async (): Promise<void> => {
    const file = await load();
    const bytesUrl = URL.createObjectURL(file.bytes);
    const link = h("a", { href: bytesUrl, download: file.name, class: "file-link" }, icon("file"), file.name);
    const picture = file.bytes.type.startsWith("image/") && h("img", { src: bytesUrl, alt: file.name });
    place.replaceChildren(...(picture ? [picture, link] : [link]));
  };
  show().catch((error: unknown) => {
    place.textContent = `The file cannot be shown: ${error instanceof Error ? error.message : String(error)}`;
  });
  return place;
}

/** Somebody else wrote the address: it leads to the web or nowhere. */
function drawLink(url: string, name: string): HTMLElement {
  if (!/^https?:/i.test(url)) return h("span", { class: "file-link" }, icon("file"), name);
  const attributes = { href: url, target: "_blank", rel: "noopener noreferrer", class: "file-link" };
  return h("a", attributes, icon("file"), name);
}
