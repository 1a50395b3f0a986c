import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { SignatureError } from "../../core/contract/errors";
import type { Delivery } from "../../core/contract/platform";

const HEADER = "x-hub-signature";

/** The header that Intercom puts its signature in. */
export const SIGNATURE_HEADERS: readonly string[] = [HEADER];

/**
 * Makes the check that a notification was sent by someone who has one of our secrets: `X-Hub-Signature` is `sha1=` and the
 * HMAC-SHA1 of the body in hex.
 * @param secrets newest first; of an app the client secret, of a legacy subscription its hub secret
 */
export function createVerifier(secrets: readonly string[]): (delivery: Delivery) => void {
  if (secrets.length === 0 || secrets.includes(""))
    throw new TypeError(
      "createIntercom: a secret is missing or empty; notifications cannot be told from forgeries without one",
    );
  const keys = secrets.map((secret) => createSecretKey(secret, "utf8"));

  return ({ headers, body }) => {
    const values = headers[HEADER] ?? [];
    const [value] = values;
    if (value === undefined) throw refusal(`there is no ${HEADER}`);
    if (values.length > 1) throw refusal(`${HEADER} was sent ${values.length} times`);
    const [, hex] = /^sha1=([\da-f]{40})$/i.exec(value.trim()) ?? [];
    if (hex === undefined) throw refusal(`${HEADER} is not sha1= and 40 characters of hex`);
    const digest = Buffer.from(hex, "hex");
    if (!keys.some((key) => timingSafeEqual(createHmac("sha1", key).update(body).digest(), digest)))
      throw refusal(
        `${HEADER} does not match the body. Is the app's client secret the one that is configured?`,
      );
  };
}

function refusal(reason: string): SignatureError {
  return new SignatureError("intercom", reason);
}
