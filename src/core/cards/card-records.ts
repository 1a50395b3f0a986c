import type { ActionEvent } from "../contract/event";
import { isObject } from "../contract/json";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { Card } from "../contract/platform";
import type { Records, StoredRecord } from "../contract/records";
import { outlineOf } from "./form/card-actions";
import { hasInputs } from "./submit-actions";

/** What is kept of a message that shows a card with buttons. */
export type ShownCard =
  | {
      readonly kind: "shown";
      readonly card: string;
      readonly post: string;
      /** Before it was signed; kept of a card that asks for something, unless it is large. */
      readonly form?: Card | undefined;
      /** Of a large card that asks for something: its inputs, their rules and its buttons. */
      readonly outline?: JsonObject | undefined;
    }
  /** Replaced or deleted. */
  | { readonly kind: "gone" };

/** A form is kept whole up to this size, in bytes. */
const MOST_FORM_BYTES = 32_768;

export function shownToJson(shown: ShownCard): JsonObject {
  if (shown.kind === "gone") return { kind: "gone" };
  const { card, post, form } = shown;
  if (form === undefined || !hasInputs(form.content)) return { card, post };
  const text = JSON.stringify(form);
  // What JSON.stringify wrote of an object is one.
  return Buffer.byteLength(text) > MOST_FORM_BYTES
    ? { card, post, outline: JSON.parse(JSON.stringify(outlineOf(form.content))) as JsonObject }
    : { card, post, form: JSON.parse(text) as JsonObject };
}

/** The inputs and buttons of a card that a message shows. */
export function contentOf({ form, outline }: Extract<ShownCard, { kind: "shown" }>): JsonObject {
  return form?.content ?? outline ?? NO_INPUTS;
}

/** A card that asks for nothing is not kept. */
const NO_INPUTS: JsonObject = {};

/** @returns `undefined` when nothing is kept of the message, or not yet */
export async function readShown(records: Records, key: string): Promise<ShownCard | undefined> {
  const value = (await records.read(key))?.value;
  if (!isObject(value)) return undefined;
  if (value.kind === "gone") return { kind: "gone" };
  const { card, post, form, outline } = value;
  if (typeof card !== "string" || typeof post !== "string") return undefined;
  // Written by ourselves, of a card.
  return {
    kind: "shown",
    card,
    post,
    form: isObject(form) ? (form as unknown as Card) : undefined,
    outline: isObject(outline) ? outline : undefined,
  };
}

/** How long what is known of a card without a signature, which never expires, is kept. In milliseconds. */
const KEEP_UNSIGNED_MS = 365 * 86_400_000;

/** Which card was clicked: the same however often it was drawn anew. */
export function cardOf({ button, messageId }: ActionEvent): string {
  return button?.card ?? `message ${messageId}`;
}

/** How long what is known of the card that was clicked is of use, in milliseconds since 1970. */
export function keptUntil({ button }: ActionEvent, now: number): number {
  return button?.expiresAt.getTime() ?? now + KEEP_UNSIGNED_MS;
}

/** Somebody's right to use a button that works once. */
export interface OnceClaim {
  /** Key of the click's event. */
  readonly event: string;
  readonly personId: string;
  readonly displayName?: string | undefined;
  /** When it was clicked, in milliseconds since 1970. */
  readonly at: number;
  /** Whether the handler has ended well; until then it is being handled, or waits for its next attempt. */
  readonly isDone: boolean;
}

export function claimToJson({ displayName, ...claim }: OnceClaim): JsonObject {
  return displayName === undefined ? claim : { ...claim, displayName };
}

/** @returns `undefined` for what is no claim */
export function claimFrom(record: StoredRecord | undefined): OnceClaim | undefined {
  const value: JsonValue | undefined = record?.value;
  if (!isObject(value)) return undefined;
  const { event, personId, displayName, at, isDone } = value;
  if (typeof event !== "string" || typeof personId !== "string" || typeof at !== "number") return undefined;
  return {
    event,
    personId,
    displayName: typeof displayName === "string" ? displayName : undefined,
    at,
    isDone: isDone === true,
  };
}
