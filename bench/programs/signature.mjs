import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * The check of a delivery as one writes it by hand.
 * @param {string} secret
 * @param {import("node:http").IncomingMessage} request
 * @param {Buffer} body
 */
export function isSigned(secret, request, body) {
  const given = Buffer.from(request.headers["x-spark-signature"] ?? "", "hex");
  const right = createHmac("sha1", secret).update(body).digest();
  return given.length === right.length && timingSafeEqual(given, right);
}
