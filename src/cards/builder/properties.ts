import type { JsonObject } from "../../core/contract/notice";
import type { OBJECTS, ObjectName } from "../schema/objects";
import type { DrawnVersion, Family } from "../schema/shapes";
import type { CardMarkdown } from "./card-markdown";
import type { Node } from "./node";

/** What plain values are in TypeScript. */
interface PlainTypes {
  text: string;
  /** A text is shown unchanged. */
  markdown: string | CardMarkdown;
  dated: string;
  url: string;
  boolean: boolean;
  number: number;
  count: number;
  pixels: `${number}px`;
  pattern: string;
  date: string;
  time: `${number}:${number}`;
  height: "auto" | "stretch" | `${number}px`;
  columnWidth: "auto" | "stretch" | `${number}px` | number;
  data: JsonObject;
  object: JsonObject;
  anything: never;
}

type ValueOf<Shape> = Shape extends keyof PlainTypes
  ? PlainTypes[Shape]
  : Shape extends readonly (infer Word)[]
    ? Word
    : Shape extends { readonly one: infer F extends Family }
      ? Node<F> | (Shape extends { readonly or: infer Or } ? ValueOf<Or> : never)
      : Shape extends { readonly list: infer F extends Family }
        ? readonly (Node<F> | (Shape extends { readonly or: infer Or } ? ValueOf<Or> : never))[]
        : never;

type PropertiesOf<Name extends ObjectName> = (typeof OBJECTS)[Name]["properties"];

/** Keys of the properties that Webex draws. */
type DrawnKey<Properties> = {
  [Key in keyof Properties]: Properties[Key] extends { readonly ignored: string }
    ? never
    : Properties[Key] extends { readonly since: infer Since }
      ? Since extends DrawnVersion
        ? Key
        : never
      : Key;
}[keyof Properties];

/**
 * Options of a part: every property that Webex draws, by the table the checker reads, but those that are arguments of their
 * own.
 */
export type OptionsOf<Name extends ObjectName, Arguments extends keyof PropertiesOf<Name> = never> = {
  readonly [Key in Exclude<DrawnKey<PropertiesOf<Name>>, Arguments>]?: PropertiesOf<Name>[Key] extends {
    readonly is: infer Shape;
  }
    ? ValueOf<Shape> | undefined
    : never;
};
