import { STATUS_CODES } from "node:http";
import type { Readable } from "node:stream";
import { ApiError, NetworkError } from "../../core/contract/errors";
import { parseReset, parseRetryAfter } from "./retry";

/** An answer as received, whatever its status. */
export interface RawAnswer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** In the place of the body, when it was asked for and granted. */
  readonly stream?: Readable | undefined;
}

/** What a call brought. */
export interface ApiAnswer {
  /** The call's name in logs and errors: `webex GET /messages/Y2lz…`. */
  readonly call: string;
  readonly status: number;
  /** From JSON; `undefined` when there was no body. */
  readonly body: unknown;
  /** Path and query of the next page, below the base URL; absent on the last page and for everything that has no pages. */
  readonly nextPath?: string | undefined;
}

/** What a download brought. */
export interface ApiDownload {
  /** The call's name in logs and errors: `webex GET /contents/Y2lz…`. */
  readonly call: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  /** Fails with a NetworkError. Its connection is busy until it is read to its end or destroyed. */
  readonly stream: Readable;
}

/** Reads the body of an answer that granted what was asked. @throws NetworkError when it is not JSON */
export function readBody(call: string, answer: RawAnswer): unknown {
  if (answer.body.length === 0) return undefined;
  try {
    return JSON.parse(answer.body.toString("utf8"));
  } catch {
    // The parser's own message quotes the text, which may be what somebody wrote.
    throw new NetworkError(
      call,
      `it answered ${answer.status} with ${kindOf(answer)} where JSON was expected`,
      // A page in the place of JSON may come from something in between, which has handed nothing on.
      { mayHaveSucceeded: true, isDone: kindOf(answer).includes("json") },
    );
  }
}

/**
 * Turns an answer that refused into the error that says so.
 * @param advice by status, what to do about it
 */
export function toApiError(
  call: string,
  answer: RawAnswer,
  now: number,
  advice: Readonly<Record<number, string>> = {},
): ApiError {
  const body = parseOrNothing(answer.body);
  return new ApiError({
    call,
    status: answer.status,
    reason: [reasonOf(answer, body), advice[answer.status]].filter((part) => part !== undefined).join(". "),
    trackingId: header(answer, "trackingid") ?? stringIn(body, "trackingId"),
    retryAfterMs:
      parseRetryAfter(header(answer, "retry-after"), now) ??
      (answer.status === 429 ? parseReset(header(answer, "x-ratelimit-reset"), now) : undefined),
  });
}

/**
 * Where the next page is, from `Link: <url>; rel="next"`.
 * @throws NetworkError when it is at another host, where our token has no business
 */
export function nextPathOf(call: string, answer: RawAnswer, baseUrl: string): string | undefined {
  const link = header(answer, "link");
  const target = link === undefined ? undefined : nextAddress(link);
  if (target === undefined) return undefined;
  const path = pathBelow(baseUrl, target);
  if (path === undefined)
    throw new NetworkError(call, "its next page is said to be at another host", { mayHaveSucceeded: false });
  // Webex has been seen to write max=null, and to refuse it when asked.
  return path.replace(/([?&])max=null(?:&|$)/, "$1").replace(/[?&]$/, "");
}

/** The address in a `Link` header that is followed by `rel="next"`. */
function nextAddress(link: string): string | undefined {
  for (let start = link.indexOf("<"); start !== -1; ) {
    const end = link.indexOf(">", start);
    if (end === -1) return undefined;
    const next = link.indexOf("<", end);
    const parameters = link.slice(end + 1, next === -1 ? undefined : next);
    if (/\brel="?next\b/i.test(parameters)) return link.slice(start + 1, end);
    start = next;
  }
  return undefined;
}

/** What is below the base URL of an address, path and query; `undefined` when it is elsewhere, where our token has no business. */
export function pathBelow(baseUrl: string, target: string): string | undefined {
  const base = new URL(`${baseUrl}/`);
  const url = URL.canParse(target, base.href) ? new URL(target, base) : undefined;
  if (url === undefined || url.origin !== base.origin || !url.pathname.startsWith(base.pathname))
    return undefined;
  return `/${url.pathname.slice(base.pathname.length)}${url.search}`;
}

const LONGEST_REASON = 300;

function reasonOf(answer: RawAnswer, body: unknown): string {
  const { status } = answer;
  if (status >= 300 && status < 400) return "it redirects, which is not followed";
  const said = [stringIn(body, "message"), ...descriptionsIn(body)].filter((text) => text !== undefined);
  if (said.length === 0) return `${STATUS_CODES[status] ?? "refused"}, with ${kindOf(answer)}`;
  const whole = [...new Set(said)].join("; ").replace(/\s+/g, " ");
  return whole.length <= LONGEST_REASON ? whole : `${whole.slice(0, LONGEST_REASON)}…`;
}

function descriptionsIn(body: unknown): (string | undefined)[] {
  const errors: unknown = isObject(body) ? body.errors : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.map((error) => stringIn(error, "description") ?? stringIn(error, "message"));
}

function kindOf(answer: RawAnswer): string {
  if (answer.body.length === 0) return "no body";
  const type = /^[\w.+-]+\/[\w.+-]+/.exec(header(answer, "content-type") ?? "")?.[0];
  return type === undefined ? "something without a type" : type;
}

/** A header's first value. @param name in lower case */
export function header(answer: RawAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

function parseOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function stringIn(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
