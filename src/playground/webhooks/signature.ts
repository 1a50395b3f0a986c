import { createHmac } from "node:crypto";

/**
 * Headers that sign a delivery's exact bytes. `X-Spark-Signature` is the documented one; `X-Webex-Signature`
 * is not documented, and is sent beside it.
 *
 * @see https://developer.webex.com/docs/webhooks
 */
export function signatureHeaders(body: Buffer, secret: string): Record<string, string> {
  const hmac = (algorithm: string): string => createHmac(algorithm, secret).update(body).digest("hex");
  return {
    "X-Spark-Signature": hmac("sha1"),
    "X-Webex-Signature": `SHA-256=${hmac("sha256")}, SHA-512=${hmac("sha512")}`,
  };
}
