import { describe, InboxError } from "../../core/errors";

/** What a person can do about a state of PostgreSQL, by code or class. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REMEDIES: Readonly<Record<string, string>> = {
  "3D000": "Create the database, or correct its name in DATABASE_URL",
  "28": "Correct user and password in DATABASE_URL",
  "42501":
    "Give the user of DATABASE_URL the right to create a schema in the database, and to use the schema bellhop",
  "53": "Give the server more room, memory or connections; the inbox goes on by itself as soon as it can write",
  "57014": "It took too long: look at the server's load and locks; the inbox goes on by itself",
};

const AWAY_REMEDY =
  "Is PostgreSQL running, and reachable at DATABASE_URL? The inbox goes on by itself when it is";

/** Codes of Node's sockets and resolver. */
const AWAY_SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** Connection exceptions; shut down, crashed or starting up; too many connections; idle in a transaction for too long. */
const AWAY_STATE = /^(08...|57P0[123]|53300|25P03)$/;
/** What pg says without a code. */
const AWAY_WORDS =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable/i;

/** Whether the server could not be reached, or left in the middle: what was being done may have been done or not. */
export function isAway(thrown: unknown): boolean {
  const code = codeOf(thrown);
  if (code !== undefined) return AWAY_SOCKET.test(code) || AWAY_STATE.test(code);
  return AWAY_WORDS.test(describe(thrown));
}

/** Whether the same transaction, done again, may succeed at once: others were in its way. */
export function isCollision(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === "40P01" || code === "40001";
}

/** Whether the fault is in what was to be written: it fits no column or no index, whenever it is tried. */
export function isUnwritable(thrown: unknown): boolean {
  return /^(22...|54000)$/.test(codeOf(thrown) ?? "");
}

/** An error that says what was being done, what happened and what to do next. */
export function toInboxError(doing: string, thrown: unknown): InboxError {
  if (thrown instanceof InboxError) return thrown;
  const remedy = isAway(thrown) ? AWAY_REMEDY : remedyFor(codeOf(thrown));
  const message = `inbox in PostgreSQL: ${doing} failed: ${wordsOf(thrown)}`;
  return new InboxError("inbox-failed", remedy === undefined ? message : `${message}. ${remedy}`, thrown);
}

// Of a connection to a name with several addresses, Node gives an AggregateError without words.
function wordsOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    return thrown.errors.map(describe).join("; ");
  }
  return describe(thrown);
}

function remedyFor(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return REMEDIES[code] ?? REMEDIES[code.slice(0, 2)];
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** Some lease is not held any more. Undoes the transaction in which it is thrown. */
export class NotHeldError extends Error {
  override readonly name = "NotHeldError";
}
