import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { describeError, SignatureError } from "../../../core/contract/errors";
import type { Delivery } from "../../../core/contract/platform";
import { header, type RawAnswer } from "../../api/answer";
import { TransportError } from "../../api/http-request";
import { postOnce } from "../../api/post-once";
import { createVerifier } from "../verify";

/** What became of a ping. The reason is the rest of a sentence that begins with the address. */
export type PingResult =
  | {
      readonly kind: "answered";
      /** From the first byte sent to the last one received, in milliseconds. */
      readonly ms: number;
    }
  /** Something is there that is not this installation, or does not have this secret. */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string }
  | { readonly kind: "unreachable"; readonly reason: string };

export interface PingOptions {
  readonly signal: AbortSignal;
  /** @default 10_000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Sends a receiver a delivery as Webex would, which it proves to have taken and does not store.
 *
 * The delivery carries a number that is used once and is signed like every other; the answer is an HMAC of that number.
 * Only who has the secret can ask so that it is answered, and only who has it can answer: anybody else is refused
 * like every forged delivery, and learns nothing.
 */
export async function ping(
  targetUrl: string,
  secret: string,
  { signal, timeoutMs = 10_000 }: PingOptions,
): Promise<PingResult> {
  if (!URL.canParse(targetUrl)) return { kind: "unreachable", reason: "it is no address" };
  const nonce = randomBytes(24).toString("base64url");
  const body = JSON.stringify({ bellhop: "ping", nonce });
  const signature = createHmac("sha1", secret).update(body).digest("hex");
  const startedAt = performance.now();
  let answer: RawAnswer;
  try {
    answer = await postOnce({
      url: targetUrl,
      headers: { "x-spark-signature": signature },
      body,
      timeoutMs,
      maxAnswerBytes: 65_536,
      signal,
    });
  } catch (error) {
    if (error instanceof TransportError) return { kind: "unreachable", reason: describeError(error) };
    throw error;
  }
  const { status } = answer;
  if (status !== 200) return { kind: "refused", status, reason: refusalOf(answer) };
  if (isSame(answer.body, Buffer.from(proofOf(secret, nonce))))
    return { kind: "answered", ms: Math.round(performance.now() - startedAt) };
  return {
    kind: "refused",
    status,
    reason: "answers 200, but not as this program would: something else takes the deliveries there",
  };
}

/**
 * Makes what answers pings.
 * @param secrets those that deliveries may be signed with
 * @returns for a verified delivery, what proves that we have the secret it is signed with; `undefined` when it is no ping
 */
export function createPong(secrets: readonly string[]): (delivery: Delivery) => string | undefined {
  const known = secrets.map((secret) => ({ secret, verify: createVerifier([secret]) }));
  return (delivery) => {
    // Nothing that Webex sends is as short: its deliveries are not looked into twice.
    if (delivery.body.length > LONGEST_PING) return undefined;
    const nonce = PING.exec(delivery.body.toString("latin1"))?.[1];
    if (nonce === undefined) return undefined;
    const signedWith = known.find(({ verify }) => passes(verify, delivery));
    return signedWith && proofOf(signedWith.secret, nonce);
  };
}

/** Our own words, so there is one way to write them. */
const PING = /^\{"bellhop":"ping","nonce":"([\w-]{32})"\}$/;
const LONGEST_PING = 64 + 32;

/** Hex, 64 characters. Other words than in a delivery, so that neither can be used for the other. */
function proofOf(secret: string, nonce: string): string {
  return createHmac("sha256", secret).update(`bellhop pong ${nonce}`).digest("hex");
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function passes(verify: (delivery: Delivery) => void, delivery: Delivery): boolean {
  try {
    verify(delivery);
    return true;
  } catch (error) {
    if (error instanceof SignatureError) return false;
    throw error;
  }
}

function refusalOf(answer: RawAnswer): string {
  const { status } = answer;
  if (status === 401)
    return "answers 401: the receiver there does not know this secret. Was it started with another WEBEX_WEBHOOK_SECRET?";
  if (status === 404)
    return "answers 404: something is there, but no receiver of Webex. Does the proxy pass on the path as it is?";
  if (status >= 300 && status < 400)
    return `answers ${status} and leads elsewhere (${elsewhere(answer)}); set PUBLIC_URL to the address that answers itself`;
  if (status >= 502 && status <= 504)
    return `answers ${status}: the proxy there finds no receiver behind it. Does the program run?`;
  return `answers ${status}, where a receiver would answer 200`;
}

/** Only the host: a path may hold a key. */
function elsewhere(answer: RawAnswer): string {
  const location = header(answer, "location") ?? "";
  return URL.canParse(location) ? new URL(location).host : "to another path";
}
