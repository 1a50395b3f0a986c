import { createHash } from "node:crypto";
import type { Statements } from "./database";

/** Records that messages belong to calls. A message that belongs to a call already stays with it. */
export async function addSent(
  messages: readonly string[],
  at: number,
  transaction: Statements,
): Promise<void> {
  if (messages.length > 0) await transaction.query(ADD, [messages.map(fingerprintOf), at]);
}

/** Claims a message. @returns `false` if it belongs to a call already */
export async function claimSent(message: string, at: number, transaction: Statements): Promise<boolean> {
  const added = await transaction.query(ADD, [[fingerprintOf(message)], at]);
  return added.length === 1;
}

/** @returns 64 bits of the SHA-256 digest, as digits */
function fingerprintOf(message: string): string {
  return createHash("sha256").update(message).digest().readBigInt64BE().toString();
}

// In ascending order, to avoid deadlocks.
const ADD = `
  INSERT INTO bellhop.sent (fingerprint, at)
  SELECT DISTINCT fingerprint, $2::bigint FROM unnest($1::bigint[]) AS given (fingerprint) ORDER BY fingerprint
  ON CONFLICT (fingerprint) DO NOTHING RETURNING fingerprint`;
