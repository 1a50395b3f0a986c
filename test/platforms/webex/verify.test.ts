import { createHmac } from "node:crypto";
import fc from "fast-check";
import { SignatureError } from "../../../src/core/contract/errors";
import { createVerifier } from "../../../src/platforms/webex/verify";
import { recorded } from "./recorded";

const secret = "correct horse";
const body = Buffer.from('{"id":"WH","resource":"messages","event":"created","data":{"id":"M1"}}');
const sha1 = "7a1b6de637f43f15a8b2c878077c9bcfcaab0487";
const sha256 = "5182d507df259eae38478f2ab6b1ec396b06a88efc232c3e542e96aa446fe717";
const sha512 =
  "4f50f433aff7d523189f360ef76f3010a6083b89638d9f5968f004867ee4ec900328d37c2c19c462118ba7f337742369352a32951c60db55b22aca8ab59a3510";
const other = { sha1: flip(sha1), sha256: flip(sha256), sha512: flip(sha512) };

const verify = createVerifier([secret]);

/** The same hex with another last digit. */
function flip(hex: string): string {
  return hex.slice(0, -1) + (hex.endsWith("0") ? "1" : "0");
}

function hmac(algorithm: string, key: string, bytes: Buffer): string {
  return createHmac(algorithm, key).update(bytes).digest("hex");
}

/** `spark` and `webex` by what they are in a request. */
function headers(spark?: string | readonly string[], webex?: string | readonly string[]) {
  const toList = (value: string | readonly string[]): readonly string[] =>
    typeof value === "string" ? [value] : value;
  return {
    ...(spark === undefined ? {} : { "x-spark-signature": toList(spark) }),
    ...(webex === undefined ? {} : { "x-webex-signature": toList(webex) }),
  };
}

describe("a delivery is taken", () => {
  it.each([
    ["SHA-1", headers(sha1)],
    ["SHA-1 in capitals", headers(sha1.toUpperCase())],
    ["both headers", headers(sha1, `SHA-256=${sha256}, SHA-512=${sha512}`)],
    ["the list alone", headers(undefined, `SHA-256=${sha256}, SHA-512=${sha512}`)],
    ["the list in another order and spelling", headers(undefined, `sha512="${sha512}" ,sha-256 = ${sha256}`)],
    ["one of the list", headers(undefined, `SHA-256=${sha256}`)],
    ["the list with an algorithm of tomorrow", headers(undefined, `SHA3-512=00ff, SHA-256=${sha256}`)],
    ["an unknown list beside a right SHA-1", headers(sha1, "SHA3-512=00ff")],
    ["bare hex of 40 characters", headers(undefined, sha1)],
    ["bare hex of 64 characters", headers(undefined, sha256.toUpperCase())],
    ["bare hex of 128 characters", headers(undefined, ` ${sha512} `)],
    ["SHA-1 named in the list", headers(undefined, `SHA-1=${sha1}`)],
  ])("signed with %s", (_, signed) => {
    expect(() => verify({ headers: signed, body })).not.toThrow();
  });

  it("with a secret and a body that are not ASCII", () => {
    const umlauts = Buffer.from('{"name":"Größe","data":{"id":"M1"}}');
    const check = createVerifier(["pässword"]);
    const signed = headers(
      "0fe6a7808cfc56c25bd4b9f85b90e1be870e57b7",
      "SHA-256=7a98e126597f0abf2e645f4719516810f7a576e2c6cffaa09e44005048ea4cc2",
    );
    expect(() => check({ headers: signed, body: umlauts })).not.toThrow();
  });

  it("while one secret replaces another, with either", () => {
    const check = createVerifier(["new secret", "old secret"]);
    for (const key of ["new secret", "old secret"])
      expect(() => check({ headers: headers(hmac("sha1", key, body)), body })).not.toThrow();
  });
});

describe("a delivery is refused", () => {
  it.each([
    ["no signature", headers()],
    ["an empty list of values", headers([])],
    ["an empty signature", headers("")],
    ["a wrong SHA-1", headers(other.sha1)],
    ["a SHA-1 that is too short", headers(sha1.slice(2))],
    ["a SHA-1 that is too long", headers(`${sha1}00`)],
    ["a SHA-1 with a prefix", headers(`sha1=${sha1}`)],
    ["what is not hex", headers("z".repeat(40))],
    ["hex with a letter that is not ASCII", headers(`${sha1.slice(1)}а`)],
    ["the SHA-256 where the SHA-1 belongs", headers(sha256)],
    ["the header twice", headers([sha1, sha1])],
    ["the list twice", headers(sha1, [`SHA-256=${sha256}`, `SHA-256=${sha256}`])],
    ["a right SHA-1 and a wrong SHA-256", headers(sha1, `SHA-256=${other.sha256}`)],
    ["a right SHA-1 and a wrong SHA-512", headers(sha1, `SHA-256=${sha256}, SHA-512=${other.sha512}`)],
    ["a wrong SHA-1 and right ones in the list", headers(other.sha1, `SHA-256=${sha256}, SHA-512=${sha512}`)],
    ["a right SHA-1 and an empty list", headers(sha1, "")],
    ["a right SHA-1 and nonsense for a list", headers(sha1, "yes")],
    ["a right SHA-1 and an empty part in the list", headers(sha1, `SHA-256=${sha256},`)],
    ["a right SHA-1 and a part of the wrong length", headers(sha1, `SHA-256=${sha1}`)],
    ["a right SHA-1 and a part without a value", headers(sha1, "SHA-256=")],
    ["the same algorithm, right and wrong", headers(undefined, `SHA-256=${sha256}, SHA-256=${other.sha256}`)],
    ["an unknown algorithm alone", headers(undefined, "SHA3-512=00ff")],
    ["bare hex that is wrong", headers(undefined, other.sha256)],
    ["bare hex of no algorithm's length", headers(undefined, sha256.slice(2))],
  ])("with %s", (_, signed) => {
    expect(() => verify({ headers: signed, body })).toThrow(SignatureError);
  });

  it.each([
    ["another body", Buffer.concat([body, Buffer.from(" ")])],
    ["an empty body", Buffer.alloc(0)],
    ["the same JSON written otherwise", Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))],
  ])("with %s", (_, changed) => {
    expect(() => verify({ headers: headers(sha1), body: changed })).toThrow(SignatureError);
  });

  it("signed with a secret that is not ours", () => {
    for (const key of ["Correct horse", "correct horse ", ""])
      expect(() => verify({ headers: headers(hmac("sha1", key, body)), body })).toThrow(SignatureError);
  });

  it("signed with two secrets of ours, one for each header", () => {
    const check = createVerifier(["new secret", "old secret"]);
    const mixed = headers(hmac("sha1", "old secret", body), `SHA-256=${hmac("sha256", "new secret", body)}`);
    expect(() => check({ headers: mixed, body })).toThrow(SignatureError);
  });

  it("with a reason that says what to do, and neither secret nor signature", () => {
    const refusing = (signed: ReturnType<typeof headers>) => () => verify({ headers: signed, body });
    expect(refusing(headers(other.sha1))).toThrow(
      "webex delivery refused: x-spark-signature does not match the body. Is the webhook's secret the one in WEBEX_WEBHOOK_SECRET?",
    );
    expect(refusing(headers())).toThrow(
      "there is no x-spark-signature. Was the webhook created without a secret?",
    );
    expect(refusing(headers("zz"))).toThrow("x-spark-signature is not a SHA1 in hex, 40 characters");
    expect(refusing(headers(sha1, other.sha256))).toThrow(/^(?!.*(correct horse|5182d5)).*$/s);
  });

  it("whatever is changed in its body, its signature or its secret", () => {
    const bytes = recorded("messages-created");
    fc.assert(
      fc.property(
        fc.constantFrom<"sha1" | "sha256" | "sha512">("sha1", "sha256", "sha512"),
        fc.constantFrom<"body" | "signature" | "secret">("body", "signature", "secret"),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (algorithm, what, at, mask) => {
          const signature = Buffer.from(hmac(algorithm, secret, bytes), "hex");
          const key = Buffer.from(secret);
          const sent = Buffer.from(bytes);
          const changed = { body: sent, signature, secret: key }[what];
          changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ mask;
          const signed =
            what === "secret"
              ? createHmac(algorithm, key).update(bytes).digest("hex")
              : signature.toString("hex");
          expect(() => verify({ headers: headers(undefined, signed), body: sent })).toThrow(SignatureError);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it.each([[[]], [[""]], [["a secret", ""]]])("cannot be made without a secret: %j", (secrets) => {
  expect(() => createVerifier(secrets)).toThrow(TypeError);
});
