import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "../notice";
import type { Records, StoredRecord } from "../records";
import { isObject } from "./submits";

/** What is kept of a message that shows a card with buttons. */
export type ShownCard =
  | { readonly kind: "shown"; readonly card: string; readonly post: string }
  /** Replaced or deleted. */
  | { readonly kind: "gone" };

/** Names of an account's records of cards. */
export interface CardKeys {
  /** The card that a message shows. */
  shown(messageId: string): string;
  /** Who used a button that works once. */
  once(card: string, group: string, personId: string | undefined): string;
  /** That somebody was told why a click did nothing. */
  told(messageId: string, personId: string, reason: string): string;
}

/** A key has room for 512 characters, and a platform's ids may be longer: so what varies is digested. */
export function createCardKeys(source: { readonly name: string; readonly account: string }): CardKeys {
  const key = (kind: string, ...of: readonly (string | undefined)[]): string => {
    const digest = createHash("sha256").update(JSON.stringify(of)).digest("base64url");
    return `cards/${source.name}/${source.account}/${kind}/${digest}`;
  };
  return {
    shown: (messageId) => key("shown", messageId),
    once: (card, group, personId) => key("once", card, group, personId),
    told: (messageId, personId, reason) => key("told", messageId, personId, reason),
  };
}

export function shownToJson(shown: ShownCard): JsonObject {
  return { ...shown };
}

/** @returns `undefined` when nothing is kept of the message, or not yet */
export async function readShown(records: Records, key: string): Promise<ShownCard | undefined> {
  const value = (await records.read(key))?.value;
  if (!isObject(value)) return undefined;
  if (value.kind === "gone") return { kind: "gone" };
  const { card, post } = value;
  return typeof card === "string" && typeof post === "string" ? { kind: "shown", card, post } : undefined;
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
