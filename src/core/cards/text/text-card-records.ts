import { isObject } from "../../contract/json";
import type { JsonValue } from "../../contract/notice";
import type { StoredRecord } from "../../contract/records";
import type { TextCardAction } from "./text-card";

/** What is kept of a message that has something to choose. */
export interface TextCardRecord {
  readonly messageId: string;
  /** Which bot posted it. */
  readonly bot: string;
  /** Name of the card. */
  readonly card: string;
  readonly actions: readonly TextCardAction[];
}

/** What is kept of a quick reply. */
export interface PressedReply {
  /** The message that it was offered with. */
  readonly messageId: string;
  /** Index of the action. */
  readonly action: number;
}

/** What is kept of somebody who has chosen, and is asked for the rest. */
export interface Asking {
  readonly messageId: string;
  /** Index of the action. */
  readonly action: number;
  /** Inputs by id, as they were entered. */
  readonly entered: Readonly<Record<string, string>>;
  /** Ids of the inputs that were asked for, in order; of the last one there is no answer yet. */
  readonly asked: readonly string[];
  /** Ids of those that follow. */
  readonly left: readonly string[];
}

/** @returns `undefined` for what is none */
export function menuFrom(record: StoredRecord | undefined): TextCardRecord | undefined {
  const value = record?.value;
  if (!isObject(value) || typeof value.messageId !== "string" || !Array.isArray(value.actions))
    return undefined;
  return value as unknown as TextCardRecord; // only this file writes the record
}

/** @returns `undefined` for what is none */
export function askingFrom(value: JsonValue | undefined): Asking | undefined {
  if (!isObject(value) || typeof value.messageId !== "string" || !Array.isArray(value.asked))
    return undefined;
  return value as unknown as Asking; // only this file writes the record
}

/** @returns `undefined` for what is none */
export function pressedFrom(record: StoredRecord | undefined): PressedReply | undefined {
  const value = record?.value;
  if (!isObject(value) || typeof value.messageId !== "string" || typeof value.action !== "number")
    return undefined;
  return { messageId: value.messageId, action: value.action };
}
