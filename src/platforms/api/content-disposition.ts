/**
 * The file name that a `Content-Disposition` gives, without folders and control characters: whoever sent the file
 * chose it. `undefined` when there is none.
 * @see RFC 6266
 */
export function fileNameIn(contentDisposition: string | undefined): string | undefined {
  if (contentDisposition === undefined) return undefined;
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(contentDisposition)?.[1];
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(contentDisposition);
  const name = decoded(encoded) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2];
  const last = name
    ?.replace(/\p{Cc}/gu, "")
    .split(/[/\\]/)
    .at(-1);
  return last === undefined || /^\.{0,2}$/.test(last) ? undefined : last;
}

function decoded(encoded: string | undefined): string | undefined {
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
