import { types } from "node:util";
import { isInstance, readProperty, shorten } from "../util/thrown-value";

/**
 * Whether trying again can help.
 * - `backoff`: yes, with growing waits, until the attempts run out.
 * - `briefly`: for some seconds only; what is missing may still appear.
 * - `never`: the same call will get the same answer.
 */
export type RetryAdvice = "backoff" | "briefly" | "never";

/** What all of the framework's errors have: a stable `code` that programs can act on, and the cause. */
export abstract class BellhopError extends Error {
  /** Stable, in kebab-case; the message may change, this does not. */
  readonly code: string;
  /** What the worker does with an event whose handling ended in this error. */
  readonly retry: RetryAdvice;

  constructor(code: string, message: string, options?: { cause?: unknown; retry?: RetryAdvice }) {
    super(message, options && "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retry = options?.retry ?? "backoff";
  }
}

/** A delivery that nobody with our secret can have sent. Answered 401; nothing is stored. */
export class SignatureError extends BellhopError {
  override readonly name = "SignatureError";

  constructor(platform: string, reason: string) {
    super("signature-refused", `${platform} delivery refused: ${reason}`, { retry: "never" });
  }
}

/** A delivery that was rightly signed and still makes no sense. Answered 400; nothing is stored. */
export class MalformedDeliveryError extends BellhopError {
  override readonly name = "MalformedDeliveryError";

  constructor(platform: string, reason: string) {
    super("delivery-malformed", `${platform} delivery not understood: ${reason}`, { retry: "never" });
  }
}

/** The inbox cannot keep what it is given. Answered 503, so that the platform may send again. */
export class InboxError extends BellhopError {
  override readonly name: string = "InboxError";

  constructor(code: InboxErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** What is wrong with the inbox. */
export type InboxErrorCode =
  | "inbox-closed"
  | "inbox-failed"
  | "inbox-locked"
  | "inbox-file-changed"
  | "lease-lost";

/**
 * The process no longer holds the event: it was paused, blocked or without the database for too long, and another process
 * may handle the event now. This attempt sends nothing more and settles nothing.
 */
export class LeaseLostError extends InboxError {
  override readonly name: string = "LeaseLostError";

  constructor(event: string) {
    super(
      "lease-lost",
      `event ${event} is no longer held by this process, because the process did not renew its lease in time: it was paused, blocked, or without the database. The event is handed out again`,
    );
  }
}

/** An operator asked for a change of an event that a handler works on at this moment. */
export class EventLeasedError extends BellhopError {
  override readonly name = "EventLeasedError";

  /** @param id the inbox's, as it is shown */
  constructor(id: string) {
    super(
      "event-leased",
      `event ${id} is being handled at this moment, so it cannot be changed. Wait until its handler has ended, then try again`,
      { retry: "never" },
    );
  }
}

/** Somebody else changed a record meanwhile; what depended on it is tried again with what is there now. */
export class RecordConflictError extends BellhopError {
  override readonly name = "RecordConflictError";

  /** Keys of the records, as they were given. */
  readonly keys: readonly string[];

  constructor(keys: readonly string[]) {
    super(
      "record-conflict",
      `${keys.length} record(s) were changed by another event meanwhile, nothing was written; the event is tried again`,
      { retry: "backoff" },
    );
    this.keys = keys;
  }
}

/** Numbers and names of an answer that refused. */
export interface ApiRefusal {
  /** Method and path without the query: `webex GET /messages/Y2lz…`. */
  readonly call: string;
  readonly status: number;
  /** In the platform's words, shortened. */
  readonly reason: string;
  /** What the platform's support asks for; Webex has one in every answer. */
  readonly trackingId?: string | undefined;
  /** How long the platform asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** The platform answered and refused. A call that got no answer is a {@link NetworkError}. */
export class ApiError extends BellhopError {
  override readonly name = "ApiError";
  readonly call: string;
  readonly status: number;
  readonly trackingId: string | undefined;
  /** How long the platform asked us to wait, in milliseconds; absent when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(refusal: ApiRefusal) {
    const tracking = refusal.trackingId === undefined ? "" : ` (trackingId ${refusal.trackingId})`;
    super("api-refused", `${refusal.call} answered ${refusal.status}: ${refusal.reason}${tracking}`, {
      retry: isWorthRepeating(refusal.status) ? "backoff" : "never",
    });
    this.call = refusal.call;
    this.status = refusal.status;
    this.trackingId = refusal.trackingId;
    this.retryAfterMs = refusal.retryAfterMs;
  }
}

// 401 counts as passing: a token that was replaced at the platform is mended by the operator, and the
// messages that came meanwhile should then be answered rather than be dead.
function isWorthRepeating(status: number): boolean {
  return status >= 500 || status === 401 || status === 408 || status === 423 || status === 429;
}

/** A call got no usable answer: refused, reset, cut off or too slow. */
export class NetworkError extends BellhopError {
  override readonly name = "NetworkError";
  readonly call: string;
  /** `true` when the request may have reached the platform, so that repeating a POST could post twice. */
  readonly mayHaveSucceeded: boolean;
  /** `true` when the platform has granted the call, and only the rest of its answer could not be read. */
  readonly isDone: boolean;

  constructor(
    call: string,
    reason: string,
    options: { mayHaveSucceeded: boolean; isDone?: boolean | undefined; cause?: unknown },
  ) {
    const { mayHaveSucceeded, isDone = false, cause } = options;
    super("api-unreachable", `${call} got ${isDone ? "no whole" : "no"} answer: ${reason}`, { cause });
    this.call = call;
    this.mayHaveSucceeded = mayHaveSucceeded || isDone;
    this.isDone = isDone;
  }
}

/** A platform does not let an account receive over a connection, and connecting again would not help. */
export class ConnectionRefusedError extends BellhopError {
  override readonly name = "ConnectionRefusedError";
  /** With which the platform closed the connection; absent when there was none yet. */
  readonly closeCode: number | undefined;

  constructor(platform: string, reason: string, options: { closeCode?: number; cause?: unknown } = {}) {
    super("connection-refused", `${platform} connection refused: ${reason}`, {
      cause: options.cause,
      retry: "never",
    });
    this.closeCode = options.closeCode;
  }
}

/** A message was posted, and the platform's answer, which names it, could not be read: it cannot be changed. */
export class MessageIdUnknownError extends BellhopError {
  override readonly name = "MessageIdUnknownError";

  constructor(call: string) {
    super(
      "message-id-unknown",
      `${call}: the message was posted, but its id is not known, because the answer to the post was cut off and the message could not be looked up. Post a new message instead`,
      { retry: "never" },
    );
  }
}

/** A message may have been posted, the bot may not look, and it is configured to post at most once. */
export class UnknownOutcomeError extends BellhopError {
  override readonly name = "UnknownOutcomeError";

  constructor(place: string) {
    super(
      "outcome-unknown",
      `whether the message at ${place} was posted is not known: the connection ended before the answer. Look into the room, then replay or discard the event; REPLIES=at-least-once would have posted it again`,
      { retry: "never" },
    );
  }
}

/** The process died, again and again, while it handled this event. */
export class InterruptedError extends BellhopError {
  override readonly name = "InterruptedError";

  constructor(times: number) {
    super(
      "interrupted",
      `the process ended ${times} times while it handled this event; it may be what ends it. Look at the log of these times, then replay or discard the event`,
      { retry: "never" },
    );
  }
}

/** The event loop was blocked while a handler worked on this event, and the watchdog ended the process. */
export class HandlerBlocksError extends BellhopError {
  override readonly name = "HandlerBlocksError";

  /** @param where the bot, the handler, and the line if it is known */
  constructor(times: number, where: string) {
    super(
      "handler-blocks",
      `the handler blocked the event loop, and the watchdog ended the process, ${times === 1 ? "once" : `${times} times`}; last in ${where}. Change the handler so that it waits without blocking, or move the work to a worker thread; a dead letter can then be replayed`,
      { retry: "never" },
    );
  }
}

/** What a notice refers to cannot be read: deleted meanwhile, or not meant for this bot. */
export class ContentGoneError extends BellhopError {
  override readonly name = "ContentGoneError";

  constructor(call: string, cause: unknown) {
    super("content-gone", `${call} finds nothing: it was deleted meanwhile, or this bot may not see it`, {
      cause,
      retry: "briefly",
    });
  }
}

/** The code of a bot threw. The cause is what it threw. */
export class HandlerError extends BellhopError {
  override readonly name = "HandlerError";
  /** Which part of the bot: `bot "pay", command "pay"`. */
  readonly where: string;
  /** Where that part is written, if that is known: `/app/bots/pay.ts:12`. */
  readonly writtenAt: string | undefined;

  constructor(where: string, cause: unknown, writtenAt?: string) {
    const advice = isInstance(cause, BellhopError) ? cause.retry : "backoff";
    const message = shorten(describeError(cause), LONGEST_QUOTED_MESSAGE);
    super("handler-failed", `${where} threw: ${message}`, { cause, retry: advice });
    this.where = where;
    this.writtenAt = writtenAt;
  }
}

/** Characters of a handler's error in ours: one that quotes a whole download must not be copied on. */
const LONGEST_QUOTED_MESSAGE = 1_500;

/** The inbox holds an event for a bot identity that is not configured any more. */
export class UnknownAccountError extends BellhopError {
  override readonly name = "UnknownAccountError";

  constructor(platform: string, account: string) {
    super(
      "account-unknown",
      `the event was sent to account "${account}" of ${platform}, which is not configured. Configure it again and replay the event, or discard it`,
      { retry: "never" },
    );
  }
}

/** A handler took longer than it may. */
export class HandlerTimeoutError extends BellhopError {
  override readonly name = "HandlerTimeoutError";

  constructor(limitMs: number) {
    super(
      "handler-timeout",
      `the attempt did not finish within ${limitMs} ms; its signal was aborted. Pass ctx.signal on to what the handler waits for, or raise HANDLER_TIMEOUT_MS`,
    );
  }
}

/** The framework was called with an argument that it does not take. A bug in the program: the event is not retried. */
export class ArgumentError extends BellhopError {
  override readonly name = "ArgumentError";

  constructor(message: string) {
    super("argument-invalid", message, { retry: "never" });
  }
}

/** A handler used its context after it had returned, or after its time was up. */
export class ContextClosedError extends BellhopError {
  override readonly name = "ContextClosedError";

  constructor(call: string) {
    super("context-closed", `ctx.${call} was called after the handler had ended: is an await missing?`, {
      retry: "never",
    });
  }
}

/** The platform has no such thing; `ctx.can` tells beforehand. */
export class UnsupportedError extends BellhopError {
  override readonly name = "UnsupportedError";

  constructor(platform: string, what: string, instead: string) {
    super("unsupported", `${platform} cannot ${what}; ${instead}`, { retry: "never" });
  }
}

/** Why a file is not read, or not sent. */
export type FileErrorCode =
  | "file-too-large"
  | "file-type-refused"
  | "files-too-many"
  | "file-infected"
  | "file-unscannable"
  | "file-address"
  | "file-stream-used";

/** A file that the bot does not take, or that cannot be sent. */
export class FileError extends BellhopError {
  override readonly name = "FileError";
  /** Whose it is to mend: the person's who sent the file, or the handler's. */
  readonly by: "sender" | "handler";

  constructor(code: FileErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? { retry: "never" } : { cause, retry: "never" });
    this.by = code === "file-address" || code === "file-stream-used" ? "handler" : "sender";
  }
}

/** Something is asked whose answer no handler would be given. */
export class UnknownStepError extends BellhopError {
  override readonly name = "UnknownStepError";

  constructor(bot: string, step: string, known: readonly string[]) {
    const has = known.length === 0 ? "none" : known.map((one) => `"${one}"`).join(", ");
    super(
      "step-unknown",
      `ctx.ask("${step}"): bot "${bot}" has no bot.answer("${step}") that would be given the answer; it has ${has}`,
      { retry: "never" },
    );
  }
}

/** A card, a session or a question is to remember more than it can. */
export class StateTooLargeError extends BellhopError {
  override readonly name = "StateTooLargeError";

  constructor(bytes: number, mostBytes: number) {
    super(
      "state-too-large",
      `what is to be remembered would be ${bytes} bytes, and may be ${mostBytes}; keep what is large elsewhere, and its id here`,
      { retry: "never" },
    );
  }
}

/** A card that cannot be made or sent. */
export class CardError extends BellhopError {
  override readonly name = "CardError";

  constructor(code: "card-unknown" | "card-incomplete" | "card-invalid", message: string, cause?: unknown) {
    super(code, message, cause === undefined ? { retry: "never" } : { cause, retry: "never" });
  }
}

/** Whether a value is an Error, also one of another realm: below jest, a bot's module runs in one. Never throws. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || isInstance(value, Error);
}

/** Describes a thrown value of any kind in one text. Never throws. */
export function describeError(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  for (const name of ["message", ...(isError(thrown) ? ["name"] : [])]) {
    const text = readProperty(thrown, name);
    if (typeof text === "string" && text !== "") return text;
  }
  return `a value of type ${thrown === null ? "null" : typeof thrown}`;
}
