import type { Persona } from "./wire";

/** Who one is and what is open, as the URL's hash says it. */
export interface Address {
  readonly email: string | undefined;
  /** A conversation's key. */
  readonly key: string | undefined;
}

/** Reads `#ada@example.com/<key>`. */
export function readAddress(): Address {
  const [email, key] = location.hash.slice(1).split("/").map(decode);
  return { email: email || undefined, key: key || undefined };
}

/** Makes a reload, a bookmark and the back button lead here. */
export function writeAddress(me: Persona, key: string): void {
  const hash = `#${encodeURIComponent(me.email)}/${encodeURIComponent(key)}`;
  if (hash !== location.hash) location.hash = hash;
}

/** Somebody may have written the hash by hand. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
