/** Where one is, who one is there, and what is open, as the URL's hash says it; empty for what it does not say. */
export interface Address {
  readonly platform: string;
  /** A person's key. */
  readonly person: string;
  /** A conversation's key. */
  readonly conversation: string;
}

/** Reads `#webex/ada@example.com/<key>`. */
export function readAddress(): Address {
  const [platform = "", person = "", conversation = ""] = location.hash.slice(1).split("/").map(decode);
  return { platform, person, conversation };
}

/** Makes a reload, a bookmark and the back button lead here. */
export function writeAddress({ platform, person, conversation }: Address): void {
  const hash = `#${[platform, person, conversation].map(encodeURIComponent).join("/")}`;
  // Unlike `location.hash = hash` this fires no `hashchange`, which would come when one may be elsewhere already.
  if (hash !== location.hash) history.pushState(undefined, "", hash);
}

/** Somebody may have written the hash by hand. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
