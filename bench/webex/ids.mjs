const RUN = process.hrtime.bigint().toString(16).padStart(12, "0").slice(-12);

/**
 * An id as long as Webex has them, never the same twice.
 * @param {"MESSAGE" | "ROOM" | "PEOPLE" | "WEBHOOK"} kind
 * @param {number} number
 */
export function idOf(kind, number) {
  const digits = number.toString(16).padStart(8, "0");
  return Buffer.from(`ciscospark://us/${kind}/${digits}-0000-11ec-8000-${RUN}`).toString("base64");
}
