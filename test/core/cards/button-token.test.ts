import fc from "fast-check";
import { type ButtonClaims, fingerprint, readToken, signToken } from "../../../src/core/cards/button-token";
import { createKeyring, type Keyring } from "../../../src/core/cards/keyring";

const MINUTE_MS = 60_000;
const keyring = keyringOf("correct horse");

function keyringOf(...secrets: readonly string[]): Keyring {
  const made = createKeyring(secrets);
  if (made === undefined) throw new Error("no secret");
  return made;
}

const claims: ButtonClaims = {
  card: "abcdefghijkl",
  post: "abcdefghijkl",
  room: "ROOMroom",
  audience: [],
  expiresAt: 29_000_000 * MINUTE_MS,
  data: { action: "approve", amount: 12.5, by: "Ada «&» <b>" },
};

const print = fc.stringMatching(/^[\w-]{8}$/);
const anyClaims: fc.Arbitrary<ButtonClaims> = fc.record({
  card: fc.stringMatching(/^[\w-]{12}$/),
  post: fc.stringMatching(/^[\w-]{12}$/),
  room: print,
  audience: fc.array(print, { maxLength: 5 }),
  expiresAt: fc.integer({ min: 0, max: 60_000_000 }).map((minutes) => minutes * MINUTE_MS),
  // What JSON keeps as it is.
  data: fc.dictionary(fc.string(), fc.jsonValue().map(survivor)).map(survivor),
});

/** A value after a way through JSON: -0 is 0 there, and `__proto__` a key like any other. */
function survivor<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T; // the same shape
}

describe("a token", () => {
  it("says what was signed", () => {
    fc.assert(
      fc.property(anyClaims, (signed) => {
        const read = readToken(keyring, signToken(keyring, signed));
        expect(read).toMatchObject({ kind: "genuine" });
        expect(read.kind === "genuine" && read.claims).toEqual(signed);
      }),
    );
  });

  it("is the same for the same button: a message that is posted again has the same bytes", () => {
    expect(signToken(keyring, claims)).toBe(signToken(keyringOf("correct horse"), { ...claims }));
  });

  it("has nothing that a platform would trim, escape or turn into something else", () => {
    fc.assert(fc.property(anyClaims, (signed) => /^[\w.-]+$/.test(signToken(keyring, signed))));
  });

  it("is refused with any character of it changed, left out or added", () => {
    fc.assert(
      fc.property(
        anyClaims,
        fc.nat(),
        fc.stringMatching(/^[ -~]?$/),
        fc.boolean(),
        (signed, at, other, inserts) => {
          const token = signToken(keyring, signed);
          const place = at % token.length;
          const altered = token.slice(0, place) + other + token.slice(inserts ? place : place + 1);
          fc.pre(altered !== token);
          expect(readToken(keyring, altered).kind).not.toBe("genuine");
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("is refused when parts of two are put together", () => {
    fc.assert(
      fc.property(anyClaims, anyClaims, fc.integer({ min: 0, max: 3 }), (one, other, part) => {
        const [parts, others] = [one, other].map((signed) => signToken(keyring, signed).split("."));
        const mixed = parts?.with(part, others?.[part] ?? "").join(".");
        fc.pre(mixed !== parts?.join(".") && mixed !== others?.join("."));
        expect(readToken(keyring, mixed).kind).toBe("forged");
      }),
    );
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["a list", ["1"]],
    ["an empty text", ""],
    ["no signature", signToken(keyring, claims).split(".").slice(0, 3).join(".")],
    ["an empty signature", signToken(keyring, claims).replace(/[^.]*$/, "")],
    ["a cut signature", signToken(keyring, claims).slice(0, -1)],
    ["another version", signToken(keyring, claims).replace("1.", "2.")],
    ["a part too many", `${signToken(keyring, claims)}.x`],
  ])("that is %s is a forgery", (_what, token) => {
    expect(readToken(keyring, token)).toEqual({ kind: "forged" });
  });

  it("that is signed with a secret nobody knows is told from an altered one", () => {
    const foreign = signToken(keyringOf("guessed"), claims);
    expect(readToken(keyring, foreign)).toEqual({ kind: "unknown-key" });
  });

  it("with the id of a key that it was not signed with is a forgery", () => {
    const [, id = ""] = signToken(keyring, claims).split(".");
    const foreign = signToken(keyringOf("guessed"), claims).split(".").with(1, id).join(".");
    expect(readToken(keyring, foreign)).toEqual({ kind: "forged" });
  });

  it("adds about a hundred characters to a button, whatever the card is", () => {
    expect(signToken(keyring, { ...claims, data: { action: "approve" } }).length).toBeLessThan(130);
  });
});

describe("a new secret", () => {
  const rotated = keyringOf("battery staple", "correct horse");

  it("signs, and leaves in use what the old one signed", () => {
    expect(readToken(rotated, signToken(keyring, claims)).kind).toBe("genuine");
    expect(readToken(keyringOf("battery staple"), signToken(rotated, claims)).kind).toBe("genuine");
  });

  it("ends the use of what the old one signed when that is taken away", () => {
    expect(readToken(keyringOf("battery staple"), signToken(keyring, claims)).kind).toBe("unknown-key");
  });
});

it("an empty secret is refused: everybody knows it", () => {
  expect(() => createKeyring(["battery staple", ""])).toThrow(TypeError);
});

it("without a secret there are no keys", () => {
  expect(createKeyring([])).toBeUndefined();
});

it("fingerprints differ by what they are of, and by the key", () => {
  const [[key], [other]] = [keyring, keyringOf("guessed")];
  const prints = [
    fingerprint(key, "room", "a", "b"),
    fingerprint(key, "person", "a", "b"),
    fingerprint(key, "room", "ab"),
    fingerprint(other, "room", "a", "b"),
  ];
  expect(new Set(prints).size).toBe(prints.length);
});
