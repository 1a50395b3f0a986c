import { SignatureError } from "../../../src/core/contract/errors";
import type { Delivery } from "../../../src/core/contract/platform";
import {
  createPathVerifier,
  createVerifier,
  type SpikaSignatures,
} from "../../../src/platforms/spika/verify";
import { globalBotEvents, roomDeliveries } from "./recorded";

const MESSAGE = { message: { id: 1, roomId: 7, fromUserId: 2, type: "text", body: { text: "hi" } } };

function flat(signature?: string, body: unknown = MESSAGE): Delivery {
  const headers = signature === undefined ? {} : { "verification-signature": [signature] };
  return { headers, body: Buffer.from(JSON.stringify(body)) };
}

function wrapped(signature: unknown): Delivery {
  return flat(undefined, {
    data: MESSAGE,
    headers: { "Content-Type": "application/json", "Verification-Signature": signature },
  });
}

function refuses(signatures: SpikaSignatures, delivery: Delivery): void {
  expect(() => createVerifier(signatures)(delivery)).toThrow(SignatureError);
}

describe("what servers have sent", () => {
  it.each(roomDeliveries)("passes with its room's signature and no other: $label", ({ delivery }) => {
    const [signature = ""] = delivery.headers["verification-signature"] ?? [];
    expect(signature).toHaveLength(16);
    expect(() => createVerifier([signature])(delivery)).not.toThrow();
    refuses(["another signature"], delivery);
  });

  it.each(globalBotEvents)("is refused without one: $label", ({ delivery }) => {
    refuses(["any signature"], delivery);
  });
});

describe("the older form", () => {
  it("carries its signature in the body", () => {
    expect(() => createVerifier(["right"])(wrapped("right"))).not.toThrow();
    refuses(["right"], wrapped("wrong"));
    refuses(["right"], wrapped(undefined));
    refuses(["right"], wrapped(["right"]));
  });

  it("does not excuse a wrong header", () => {
    const { body } = wrapped("right");
    refuses(["right"], { headers: { "verification-signature": ["wrong"] }, body });
  });
});

describe("one address for several rooms", () => {
  const verify = createVerifier({ "7": "of seven", "8": "of eight" });

  it("takes from each room its own signature", () => {
    expect(() => verify(flat("of seven"))).not.toThrow();
    expect(() => verify(flat("of eight"))).toThrow(SignatureError);
  });

  it.each([[9], ["__proto__"], [undefined], [{}]])("takes nothing from room %j", (roomId) => {
    const delivery = flat("of seven", { message: { ...MESSAGE.message, roomId } });
    expect(() => verify(delivery)).toThrow(SignatureError);
  });
});

it.each([
  ["twice", { "verification-signature": ["right", "right"] }],
  ["empty", { "verification-signature": [""] }],
  ["cut", { "verification-signature": ["righ"] }],
  ["with more", { "verification-signature": ["right "] }],
])("refuses a signature that is %s", (_what, headers) => {
  refuses(["right"], { headers, body: flat().body });
});

it.each([
  ["nothing", ""],
  ["no JSON", "{"],
  ["a list", "[]"],
  ["deep nesting", "[".repeat(50_000)],
])("refuses %s when there is no header either", (_what, body) =>
  refuses(["right"], { headers: {}, body: Buffer.from(body) }),
);

it.each([[[]], [[""]], [{}], [{ "7": "" }]])("is not made without a signature: %j", (signatures) => {
  expect(() => createVerifier(signatures)).toThrow(TypeError);
});

it.each([
  "",
  "short",
  "0123456789abcdef0123456789abcde",
  "/0123456789abcdef0123456789abcdef",
  "0123456789abcdef 0123456789abcdef",
])("takes no path for a secret that is none, or could be guessed, and does not show it: %j", (path) => {
  const make = (): unknown => createPathVerifier(path);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(path || "undefined") }),
  );
});
