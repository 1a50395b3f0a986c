import { MalformedDeliveryError } from "../../core/contract/errors";
import type { JsonObject, JsonValue } from "../../core/contract/notice";
import { readEnvelope } from "../api/envelope";
import { isObject } from "../api/wire";

/** A delivery's body, in whichever of the two forms it came. */
export interface SpikaEnvelope {
  readonly message: JsonObject;
  readonly fromUser: JsonObject;
  readonly room: JsonObject;
  /** Servers before February 2023 put what should have been headers into the body. */
  readonly signature: JsonValue | undefined;
}

/**
 * Reads `{message, fromUser, room}`, or the older `{data: {message, fromUser, room}, headers}`.
 * @throws MalformedDeliveryError
 */
export function readSpikaEnvelope(body: Buffer): SpikaEnvelope {
  const outer = readEnvelope("spika", body);
  const inner = isObject(outer.message) || !isObject(outer.data) ? outer : outer.data;
  const { message, fromUser, room } = inner;
  if (!isObject(message)) throw new MalformedDeliveryError("spika", '"message" is missing');
  return {
    message,
    fromUser: isObject(fromUser) ? fromUser : {},
    room: isObject(room) ? room : {},
    signature: isObject(outer.headers) ? signatureIn(outer.headers) : undefined,
  };
}

function signatureIn(headers: JsonObject): JsonValue | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === "verification-signature");
  return name === undefined ? undefined : headers[name];
}
