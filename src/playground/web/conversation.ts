/** Somebody this page can be, on one platform. */
export interface Person {
  /** Part of the address: an e-mail address, or an id where there is none. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

/** What can be opened, as its reader sees it. */
export interface Conversation {
  /** Part of the address; the same after it was loaded anew. */
  readonly key: string;
  /** What it was listed as before the first message made it. */
  readonly formerKey?: string;
  readonly kind: "bot" | "person" | "group" | "support" | "new";
  readonly title: string;
  /** What kind of conversation it is, beside the title. */
  readonly note: string;
  /** What became of it, in the list: `"closed"`. */
  readonly badge?: string;
  /** `false` until somebody has written: there is nothing to load. */
  readonly exists: boolean;
}

/** Somebody in a conversation. */
export interface Member {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
}
