import { isUtf8 } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { Keyring, SigningKey } from "./keyring";

/** What a button says, and nobody but us can have written. */
export interface ButtonClaims {
  /** The card, also after it was drawn anew. 12 characters. */
  readonly card: string;
  /** The message in which it was drawn: the same in every attempt at posting it. 12 characters. */
  readonly post: string;
  /** Fingerprint of the account and the room. */
  readonly room: string;
  /** Fingerprints of those who may click; empty: anyone in the room. */
  readonly audience: readonly string[];
  /** Milliseconds since 1970, whole minutes. */
  readonly expiresAt: number;
  /** The button's hidden data as the bot wrote it. */
  readonly data: JsonObject;
}

export type ReadToken =
  | { readonly kind: "genuine"; readonly claims: ButtonClaims; readonly key: SigningKey }
  | { readonly kind: "forged" }
  /** Signed with a key that we do not have, or no longer; nobody can tell whether it was ours. */
  | { readonly kind: "unknown-key" };

const VERSION = "1";
const MINUTE_MS = 60_000;
/** 128 bits. */
const MAC_LENGTH = 22;
/** 48 bits; they are made with the key, so nobody else can look for two that are the same. */
const FINGERPRINT_LENGTH = 8;

/**
 * Writes and signs a token: `version.key.body.mac`. The body is JSON in base64url, because a platform may trim, escape or
 * turn into text what stands in a button's data; such a token comes back as it was sent.
 *
 * The data travels in it and nowhere else: so nothing has to be said about how objects are compared, numbers stay
 * numbers, and an input cannot take the place of data that has the same name.
 */
export function signToken([key]: Keyring, claims: ButtonClaims): string {
  const { card, post, room, audience, expiresAt, data } = claims;
  const body = [
    Math.ceil(expiresAt / MINUTE_MS),
    post,
    card === post ? 0 : card,
    room,
    audience.join(""),
    data,
  ];
  const signed = `${VERSION}.${key.id}.${Buffer.from(JSON.stringify(body)).toString("base64url")}`;
  return `${signed}.${key.mac(signed, MAC_LENGTH)}`;
}

/** Reads a token; nothing in it is looked at before its signature is known to be ours. */
export function readToken(keyring: Keyring, token: unknown): ReadToken {
  if (typeof token !== "string") return { kind: "forged" };
  const [version, keyId, body, mac, ...rest] = token.split(".");
  if (version !== VERSION || body === undefined || mac === undefined || rest.length > 0)
    return { kind: "forged" };
  const candidates = keyring.filter(({ id }) => id === keyId);
  if (candidates.length === 0) return { kind: "unknown-key" };
  // Ids are short: two secrets may have the same one.
  const key = candidates.find((one) => isSame(one.mac(`${version}.${keyId}.${body}`, MAC_LENGTH), mac));
  const claims = key && toClaims(body);
  return claims ? { kind: "genuine", claims, key } : { kind: "forged" };
}

/** A short name of a room or a person that fits into a token, and can be compared and not be read. */
export function fingerprint(key: SigningKey, kind: "room" | "person", ...of: readonly string[]): string {
  return key.mac(JSON.stringify([kind, ...of]), FINGERPRINT_LENGTH);
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function toClaims(body: string): ButtonClaims | undefined {
  const bytes = Buffer.from(body, "base64url");
  // Ours by its signature; a version of the framework that wrote something else under this number is still possible.
  if (!isUtf8(bytes)) return undefined;
  const parsed = JSON.parse(bytes.toString("utf8")) as JsonValue;
  if (!Array.isArray(parsed)) return undefined;
  const [minutes, post, card, room, audience, data] = parsed as readonly JsonValue[];
  if (typeof minutes !== "number" || typeof post !== "string" || typeof room !== "string") return undefined;
  if (typeof audience !== "string" || typeof data !== "object" || data === null || Array.isArray(data))
    return undefined;
  return {
    card: typeof card === "string" ? card : post,
    post,
    room,
    audience: audience.match(new RegExp(`.{${FINGERPRINT_LENGTH}}`, "g")) ?? [],
    expiresAt: minutes * MINUTE_MS,
    data: data as JsonObject, // an object that is no list
  };
}
