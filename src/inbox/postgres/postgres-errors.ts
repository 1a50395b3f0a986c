import { describeError, InboxError } from "../../core/contract/errors";

/** The remedies for the operator, by code or class of a PostgreSQL error. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const REMEDIES: Readonly<Record<string, string>> = {
  "3D000": "Create the database, or correct its name in DATABASE_URL",
  "28": "Correct user and password in DATABASE_URL",
  "42501":
    "Give the user of DATABASE_URL the right to create a schema in the database, and to use the schema bellhop",
  "53": "Give the server more room, memory or connections. The inbox continues by itself when it can write",
  "57014": "It took too long. Check the load and the locks of the server. The inbox continues by itself",
};

const AWAY_REMEDY =
  "Check that PostgreSQL runs and can be reached at DATABASE_URL. The inbox continues by itself when it can be reached";

/** Codes of Node's sockets and resolver. */
const AWAY_SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** Connection error, shutdown, crash or start of the server, too many connections, idle transaction timeout. */
const AWAY_STATE = /^(08...|57P0[123]|53300|25P03)$/;
/** Messages of pg without a code. */
const AWAY_WORDS =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|not queryable/i;

/** Whether the server could not be reached or the connection was lost. The statement may have run. */
export function isAway(thrown: unknown): boolean {
  const code = codeOf(thrown);
  if (code !== undefined) return AWAY_SOCKET.test(code) || AWAY_STATE.test(code);
  return AWAY_WORDS.test(describeError(thrown));
}

/** Whether another transaction caused the error, so that a repetition may succeed at once. */
export function isCollision(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return code === "40P01" || code === "40001";
}

/** Whether the data caused the error, so that a repetition fails as well. */
export function isUnwritable(thrown: unknown): boolean {
  return /^(22...|54000)$/.test(codeOf(thrown) ?? "");
}

/** Describes an error for the operator: the action, the cause and the remedy. */
export function toInboxError(doing: string, thrown: unknown): InboxError {
  if (thrown instanceof InboxError) return thrown;
  const remedy = isAway(thrown) ? AWAY_REMEDY : remedyFor(codeOf(thrown));
  const message = `inbox in PostgreSQL: ${doing} failed: ${wordsOf(thrown)}`;
  return new InboxError("inbox-failed", remedy === undefined ? message : `${message}. ${remedy}`, thrown);
}

// If a host name has several addresses, Node.js throws an AggregateError without a message.
function wordsOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === "") {
    return thrown.errors.map(describeError).join("; ");
  }
  return describeError(thrown);
}

function remedyFor(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  return REMEDIES[code] ?? REMEDIES[code.slice(0, 2)];
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** Thrown in a transaction to roll it back, because a lease is not held any more. */
export class NotHeldError extends Error {
  override readonly name = "NotHeldError";
}
