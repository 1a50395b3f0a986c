import { parse } from "content-disposition";

/**
 * The file name that a `Content-Disposition` gives, without folders and control characters: the sender of the file
 * chose it.
 * @returns `undefined` if there is no name
 * @see RFC 6266
 */
export function fileNameIn(contentDisposition: string | undefined): string | undefined {
  if (contentDisposition === undefined) return undefined;
  const { filename } = parse(contentDisposition).parameters;
  return filename === undefined ? undefined : safeFileName(filename);
}

/** A name that the sender of a file chose, without folders and control characters. @returns `undefined` if nothing is left */
export function safeFileName(name: string): string | undefined {
  const last = name
    .replace(/\p{Cc}/gu, "")
    .split(/[/\\]/)
    .at(-1);
  return last === undefined || /^\.{0,2}$/.test(last) ? undefined : last;
}
