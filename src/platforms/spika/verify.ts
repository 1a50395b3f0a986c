import { createHash, timingSafeEqual } from "node:crypto";
import { MalformedDeliveryError, SignatureError } from "../../core/contract/errors";
import type { Delivery } from "../../core/contract/platform";
import { readSpikaEnvelope, type SpikaEnvelope } from "./envelope";
import { SECRET_PATH } from "./secret-path";

/**
 * What deliveries have to carry: any of a list, or, where one address serves several rooms, each room's own by its id.
 */
export type SpikaSignatures = readonly string[] | Readonly<Record<string, string>>;

const HEADER = "verification-signature";

/**
 * Makes the check that a delivery carries a room webhook's signature. It is a secret that is sent along, not a digest: it
 * proves who sends, and nothing about what is sent.
 */
export function createVerifier(signatures: SpikaSignatures): (delivery: Delivery) => void {
  const digests = new Map(Object.entries(signatures).map(([roomId, text]) => [roomId, digestOf(text)]));
  const isByRoom = !Array.isArray(signatures);
  if (digests.size === 0 || Object.values(signatures).includes(""))
    throw new TypeError(
      "createSpika: a verification signature is missing or empty; deliveries cannot be told from forgeries without one",
    );

  return ({ headers, body }) => {
    const values = headers[HEADER] ?? [];
    if (values.length > 1) throw refusal(`${HEADER} was sent ${values.length} times`);
    const [inHeader] = values;
    // The body is looked at only where it has something to say before anybody is believed.
    const envelope = inHeader === undefined || isByRoom ? readOrRefuse(body) : undefined;
    const given = inHeader ?? envelope?.signature;
    if (typeof given !== "string")
      throw refusal(`there is no ${HEADER}, neither as a header nor in the body`);

    const accepted = isByRoom ? [digests.get(String(envelope?.message.roomId))] : [...digests.values()];
    if (!accepted.some((digest) => digest !== undefined && timingSafeEqual(digest, digestOf(given))))
      throw refusal(
        `${HEADER} is not the room webhook's. Is its verifySignature the one that is configured?`,
      );
  };
}

/**
 * Makes the check that a delivery came to the path that only the server's operator knows. It has no signature.
 * @param path absent: everything is refused
 * @throws TypeError for a path that could be guessed
 */
export function createPathVerifier(path: string | undefined): (pathSecret: string) => void {
  if (path === undefined)
    return () => {
      throw refusal("events of global bots are not taken here");
    };
  if (!SECRET_PATH.test(path))
    throw new TypeError(
      "createSpika: globalBotPath is not a secret of at least 32 letters, digits, - and _; anybody who guessed it could write to the bot",
    );
  const digest = digestOf(path);
  return (pathSecret) => {
    if (!timingSafeEqual(digest, digestOf(pathSecret)))
      throw refusal("the path is not that of the global bot. Does its webhookUrl end in what is configured?");
  };
}

function readOrRefuse(body: Buffer): SpikaEnvelope {
  try {
    return readSpikaEnvelope(body);
  } catch (error) {
    if (error instanceof MalformedDeliveryError)
      throw refusal(`there is no ${HEADER}, and the body cannot be read for one`);
    throw error;
  }
}

/** Of equal length whatever the text, which is what timingSafeEqual needs. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function refusal(reason: string): SignatureError {
  return new SignatureError("spika", reason);
}
