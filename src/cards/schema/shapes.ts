/** A version of Adaptive Cards. */
export type Version = "1.0" | "1.1" | "1.2" | "1.3" | "1.4" | "1.5" | "1.6";

/** The newest that Webex draws. */
export const NEWEST = "1.3";

/** What Webex draws; the rest is known so that one can be told since when it exists. */
export type DrawnVersion = "1.0" | "1.1" | "1.2" | "1.3";

/** Where an object may stand: what is asked for under a property is one of these. */
export type Family =
  | "card"
  | "element"
  | "image"
  | "column"
  | "inline"
  | "action"
  /** An action for something that is clicked as a whole: it cannot unfold a card. */
  | "selectAction"
  | "fact"
  | "choice"
  | "background"
  | "target";

/** A value that is no object of a family, by what it means. */
export type Plain =
  | "text"
  /** A text in which clients read Markdown, and write out dates. */
  | "markdown"
  /** A text in which clients write out dates. */
  | "dated"
  | "url"
  | "boolean"
  | "number"
  /** A whole number, 0 or more. */
  | "count"
  /** `80px` */
  | "pixels"
  /** A regular expression as a text. */
  | "pattern"
  /** `2026-01-31` */
  | "date"
  /** `14:30` */
  | "time"
  /** `auto`, `stretch` or pixels. */
  | "height"
  /** `auto`, `stretch`, pixels, or a number: its share beside other columns. */
  | "columnWidth"
  /** The object that a button sends along. */
  | "data"
  | "object"
  /** Of a later version; nobody looks at it. */
  | "anything";

/** What may stand under a property: a plain value, one of some words, or objects of a family; `or` is an alternative to the object. */
export type Shape =
  | Plain
  | readonly string[]
  | { readonly one: Family; readonly or?: Plain | readonly string[] }
  | { readonly list: Family; readonly or?: Plain };

/** A property of an element, an action or a part of one. */
export interface Property {
  readonly is: Shape;
  /** @default "1.0" */
  readonly since?: Version;
  readonly required?: true;
  /** Words that came in later, and since when. */
  readonly later?: Readonly<Record<string, Version>>;
  /** Webex takes it and does not promise to heed it: what to do instead. */
  readonly ignored?: string;
}

/** A kind of object that a card is made of. */
export interface ObjectType {
  readonly since?: Version;
  readonly properties: Readonly<Record<string, Property>>;
}
