import type { Delivery } from "./entries";

/** The delivery as a command for a shell; the length is the shell's to find out. */
export function toCurl({
  targetUrl,
  headers,
  body,
}: Pick<Delivery, "targetUrl" | "headers" | "body">): string {
  const lines = headers
    .filter(([name]) => name.toLowerCase() !== "content-length")
    .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [`curl -i ${quoted(targetUrl)}`, ...lines, `--data-binary ${quoted(body)}`].join(" \\\n  ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
