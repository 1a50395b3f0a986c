import type { InputSchema } from "../../core/contract/input-schema";
import type { JsonObject } from "../../core/contract/notice";
import type { Family } from "../schema/shapes";

/** Where a part of a card may stand, and the inputs that are in it. At run time there is no such property. */
declare const PART: unique symbol;

/** No inputs. */
export type NoInputs = Readonly<Record<never, never>>;

/** A part of a card, made by one of the functions here; `F` says where it may stand, of several in each of them. */
export type Node<F extends Family, Inputs extends InputSchema = InputSchema> = JsonObject & {
  readonly [PART]: { readonly families: { readonly [Name in F]: true }; readonly inputs: Inputs };
};

/** The inputs of all these parts, as a schema for `bot.action`. */
export type InputsIn<Nodes> = Flat<
  Intersection<
    Nodes extends readonly (infer N)[] ? (N extends Node<never, infer Inputs> ? Inputs : never) : never
  >
>;

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

type Flat<Schema> = unknown extends Schema
  ? NoInputs
  : { readonly [Id in keyof Schema]: Schema[Id] } extends infer Known extends InputSchema
    ? Known
    : never;

/** Makes a part; options that are undefined are left out. */
export function node<F extends Family, Inputs extends InputSchema>(
  content: Readonly<Record<string, unknown>>,
): Node<F, Inputs> {
  const given = Object.entries(content).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Node<F, Inputs>; // the mark is the compiler's alone
}
