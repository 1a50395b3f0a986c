import { createHmac } from "node:crypto";
import { deriveKey } from "../util/derive-key";

/** A key that signs buttons, and the name by which a token says that it was the one. */
export interface SigningKey {
  /** 4 characters; tells nothing of the key. */
  readonly id: string;
  /** Of a text: HMAC-SHA256, in base64url, cut to so many characters. */
  mac(text: string, characters: number): string;
}

/** Keys by age: the first signs, all of them verify. */
export type Keyring = readonly [SigningKey, ...SigningKey[]];

/**
 * Makes the keys of an account from its secrets. Every process that is given the same secrets has the same keys.
 * @param secrets newest first
 * @returns `undefined` when there is none
 * @throws TypeError for an empty one, which everybody knows
 */
export function createKeyring(secrets: readonly (string | Uint8Array)[]): Keyring | undefined {
  if (secrets.some(({ length }) => length === 0))
    throw new TypeError("buttons: a secret is empty; make one with `openssl rand -hex 32`");
  const [first, ...rest] = secrets.map(toKey);
  return first && [first, ...rest];
}

function toKey(secret: string | Uint8Array): SigningKey {
  const key = deriveKey(secret, "buttons: sign");
  return {
    id: deriveKey(secret, "buttons: id", 3).toString("base64url"),
    mac: (text, characters) =>
      createHmac("sha256", key).update(text, "utf8").digest("base64url").slice(0, characters),
  };
}
