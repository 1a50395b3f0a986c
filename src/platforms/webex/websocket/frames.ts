import { randomUUID } from "node:crypto";
import { JsonError, parseJson } from "../../../core/contract/json";
import type { JsonObject, JsonValue } from "../../../core/contract/notice";
import { isObject, optional } from "../../api/wire";

/** What Webex sends over the websocket. */
export type Frame =
  | { readonly kind: "pong"; readonly id: string | undefined }
  | {
      readonly kind: "event";
      /** To be acknowledged; a frame without one is not. */
      readonly id: string | undefined;
      /** One more with each frame of a connection. */
      readonly sequence: number | undefined;
      /** Says that the token was accepted. */
      readonly isAuthorisation: boolean;
      /** What somebody did; absent for all else. Its content is encrypted. */
      readonly activity: JsonObject | undefined;
    }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Activities nest their objects; a card's is encrypted text. */
const MAX_DEPTH = 64;
const AUTHORISATIONS: readonly unknown[] = ["mercury.buffer_state", "mercury.registration_status"];

/** Reads a frame; nothing of what is in it gets into the reason. */
export function readFrame(bytes: Buffer): Frame {
  let value: JsonValue;
  try {
    value = parseJson(bytes, MAX_DEPTH);
  } catch (error) {
    if (error instanceof JsonError) return { kind: "unreadable", reason: error.reason };
    throw error;
  }
  if (!isObject(value)) return { kind: "unreadable", reason: "not an object" };
  const id = optional(value, "id");
  if (value.type === "pong") return { kind: "pong", id };
  const data = isObject(value.data) ? withOverrides(value.data) : {};
  const { sequenceNumber: sequence } = value;
  const activity = data.eventType === "conversation.activity" ? data.activity : undefined;
  return {
    kind: "event",
    id,
    sequence: typeof sequence === "number" ? sequence : undefined,
    isAuthorisation: AUTHORISATIONS.includes(data.eventType),
    activity: isObject(activity) ? activity : undefined,
  };
}

/** A longer path is none that Webex sends. */
const LONGEST_PATH = 64;

/**
 * `headers` holds values by their dotted path, which replace the values that are there. Changes `data`, which only this
 * frame has.
 */
function withOverrides(data: JsonObject): JsonObject {
  const { headers } = data;
  if (!isObject(headers)) return data;
  for (const [path, value] of Object.entries(headers))
    if (value !== undefined) setValue(data, path.split(".", LONGEST_PATH + 1), value);
  return data;
}

function setValue(
  into: { [name: string]: JsonValue | undefined },
  path: readonly string[],
  value: JsonValue,
): void {
  // No path leads to what all objects share.
  if (path.length > LONGEST_PATH || path.includes("__proto__")) return;
  let inner = into;
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(inner, name) ? inner[name] : undefined;
    const object: { [name: string]: JsonValue | undefined } = isObject(next) ? next : {};
    inner[name] = object;
    inner = object;
  }
  inner[path.at(-1) ?? ""] = value;
}

/** Says who connects, at once after connecting. */
export function authorization(token: string): string {
  const id = randomUUID();
  return JSON.stringify({
    id,
    type: "authorization",
    data: { token: `Bearer ${token}` },
    trackingId: `bellhop_${id}`,
  });
}

export function ping(id: string): string {
  return JSON.stringify({ id, type: "ping" });
}

/** Says that an event will not be needed again. */
export function acknowledgement(frameId: string): string {
  return JSON.stringify({ type: "ack", messageId: frameId });
}
