import { MalformedDeliveryError } from "../../core/contract/errors";
import { JsonError, parseJson } from "../../core/contract/json";
import type { JsonObject, JsonValue } from "../../core/contract/notice";
import { isObject } from "./wire";

/** Reads the body of a delivery. @throws MalformedDeliveryError when it is not a JSON object */
export function readEnvelope(platform: string, body: Buffer): JsonObject {
  let envelope: JsonValue;
  try {
    envelope = parseJson(body);
  } catch (error) {
    throw error instanceof JsonError ? new MalformedDeliveryError(platform, error.reason) : error;
  }
  if (!isObject(envelope)) throw new MalformedDeliveryError(platform, "the body is not a JSON object");
  return envelope;
}
