const RUN = process.hrtime.bigint().toString(16).padStart(12, "0").slice(-12);

/**
 * An id as long as Webex has them, never the same twice and in no order: whoever keeps an index of them has to put each
 * one somewhere else.
 * @param {"MESSAGE" | "ROOM" | "PEOPLE" | "WEBHOOK"} kind
 * @param {number} number
 */
export function idOf(kind, number) {
  // An odd factor: no two numbers below 2^32 meet.
  const digits = (Math.imul(number, 0x9e37_79b1) >>> 0).toString(16).padStart(8, "0");
  return Buffer.from(`ciscospark://us/${kind}/${digits}-0000-11ec-8000-${RUN}`).toString("base64");
}
