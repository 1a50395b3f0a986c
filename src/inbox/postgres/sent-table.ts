import { createHash } from "node:crypto";
import type { Statements } from "./database";

/** Keeps that messages belong to calls. Those that do already stay with the call that they belong to. */
export async function addSent(
  messages: readonly string[],
  at: number,
  transaction: Statements,
): Promise<void> {
  if (messages.length > 0) await transaction.query(ADD, [messages.map(fingerprintOf), at]);
}

/** @returns whether the message belonged to no call; it does now */
export async function claimSent(message: string, at: number, transaction: Statements): Promise<boolean> {
  const added = await transaction.query(ADD, [[fingerprintOf(message)], at]);
  return added.length === 1;
}

/** 64 bits of the digest, as digits. */
function fingerprintOf(message: string): string {
  return createHash("sha256").update(message).digest().readBigInt64BE().toString();
}

// In ascending order, so that no two transactions wait for each other.
const ADD = `
  INSERT INTO bellhop.sent (fingerprint, at)
  SELECT DISTINCT fingerprint, $2::bigint FROM unnest($1::bigint[]) AS given (fingerprint) ORDER BY fingerprint
  ON CONFLICT (fingerprint) DO NOTHING RETURNING fingerprint`;
