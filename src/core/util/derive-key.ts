import { hkdfSync } from "node:crypto";

/**
 * Makes a key for one purpose out of a secret that serves others too: from the key nobody gets to the secret, nor to the
 * key of another purpose. HKDF-SHA256.
 */
export function deriveKey(secret: string | Uint8Array, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `bellhop ${purpose}`, bytes));
}
