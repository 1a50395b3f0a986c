import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { SignatureError } from "../../core/contract/errors";
import type { Delivery } from "../../core/contract/platform";

/**
 * Makes the check that a delivery was sent by someone who has one of our secrets.
 *
 * `X-Spark-Signature` is HMAC-SHA1 of the body as hex. `X-Webex-Signature`, undocumented and observed beside it, is a
 * list, `SHA-256=<hex>, SHA-512=<hex>`, or hex alone. Whatever is there must fit, all of it by the same secret: a right
 * weak signature does not excuse a wrong strong one.
 * @param secrets newest first
 * @see https://developer.webex.com/docs/webhooks#handling-requests-from-webex
 */
export function createVerifier(secrets: readonly string[]): (delivery: Delivery) => void {
  if (secrets.length === 0 || secrets.includes(""))
    throw new TypeError(
      "createWebex: a webhook secret is missing or empty; deliveries cannot be told from forgeries without one",
    );
  const keys = secrets.map((secret) => createSecretKey(secret, "utf8"));

  return ({ headers, body }) => {
    const signatures = readSignatures(headers);
    if (!keys.some((key) => signatures.every((signature) => fits(signature, key, body)))) {
      const names = [...new Set(signatures.map((signature) => signature.header))].join(" and ");
      throw refusal(
        `${names} does not match the body. Is the webhook's secret the one in WEBEX_WEBHOOK_SECRET?`,
      );
    }
  };
}

type Algorithm = "sha1" | "sha256" | "sha512";

interface Signature {
  readonly header: string;
  readonly algorithm: Algorithm;
  readonly digest: Buffer;
}

const SPARK = "x-spark-signature";
const WEBEX = "x-webex-signature";

/** The headers that Webex may put a signature in. */
export const SIGNATURE_HEADERS: readonly string[] = [SPARK, WEBEX];

/** @returns at least one @throws SignatureError */
function readSignatures(headers: Delivery["headers"]): readonly Signature[] {
  const signatures: Signature[] = [];
  const list = single(headers, WEBEX);
  if (list !== undefined) readList(list, signatures);
  const sha1 = single(headers, SPARK);
  if (sha1 !== undefined) signatures.push(toSignature(SPARK, "sha1", sha1));
  if (signatures.length > 0) return signatures;
  throw refusal(
    list === undefined
      ? `there is no ${SPARK}. Was the webhook created without a secret?`
      : `${WEBEX} names no algorithm that is known here, and there is no ${SPARK}`,
  );
}

function single(headers: Delivery["headers"], name: string): string | undefined {
  const values = headers[name];
  if (values === undefined || values.length === 0) return undefined;
  const [value, ...more] = values;
  if (more.length > 0) throw refusal(`${name} was sent ${values.length} times`);
  return value;
}

const LENGTHS: Readonly<Record<Algorithm, number>> = { sha1: 40, sha256: 64, sha512: 128 };

/** Parts that name an algorithm unknown here are passed over, so that a stronger one can be added at the other side. */
function readList(list: string, signatures: Signature[]): void {
  for (const part of list.split(",")) {
    const equals = part.indexOf("=");
    if (equals === -1) {
      const digest = unquote(part);
      signatures.push(toSignature(WEBEX, algorithmOfLength(digest.length), digest));
      continue;
    }
    const algorithm = algorithmNamed(part.slice(0, equals));
    if (algorithm !== undefined)
      signatures.push(toSignature(WEBEX, algorithm, unquote(part.slice(equals + 1))));
  }
}

function algorithmNamed(name: string): Algorithm | undefined {
  switch (name.trim().toLowerCase().replace("-", "")) {
    case "sha1":
      return "sha1";
    case "sha256":
      return "sha256";
    case "sha512":
      return "sha512";
    default:
      return undefined;
  }
}

function algorithmOfLength(length: number): Algorithm {
  if (length === LENGTHS.sha512) return "sha512";
  return length === LENGTHS.sha1 ? "sha1" : "sha256";
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

function toSignature(header: string, algorithm: Algorithm, hex: string): Signature {
  if (hex.length !== LENGTHS[algorithm] || !/^[\da-f]+$/i.test(hex))
    throw refusal(`${header} is not a ${algorithm.toUpperCase()} in hex, ${LENGTHS[algorithm]} characters`);
  return { header, algorithm, digest: Buffer.from(hex, "hex") };
}

function fits({ algorithm, digest }: Signature, key: KeyObject, body: Buffer): boolean {
  // Both have the algorithm's length: timingSafeEqual never throws.
  return timingSafeEqual(createHmac(algorithm, key).update(body).digest(), digest);
}

function refusal(reason: string): SignatureError {
  return new SignatureError("webex", reason);
}
