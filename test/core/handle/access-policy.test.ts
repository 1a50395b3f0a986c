import type { Policy } from "../../../src/core/contract/bot";
import { ApiError } from "../../../src/core/contract/errors";
import type { Person, Room } from "../../../src/core/contract/event";
import { refusal } from "../../../src/core/handle/access-policy";
import { InMemoryPlatform } from "../in-memory-platform";

const ada: Person = { id: "ada", email: "ada@example.com" };
const desk: Room = { id: "desk", kind: "group" };
const { signal } = new AbortController();

let chat: InMemoryPlatform;
beforeEach(() => {
  chat = new InMemoryPlatform();
});

describe("refusal", () => {
  it.each<[string, Policy[], { person?: Person; room?: Room }, string | undefined]>([
    ["no policy", [], { person: ada, room: desk }, undefined],
    ["no policy, and nobody who did it", [], {}, undefined],
    ["no policy, and another bot", [], { person: { ...ada, isBot: true } }, "bots"],
    ["bots let in", [{ bots: true }], { person: { ...ada, isBot: true } }, undefined],
    ["bots let in by one policy of two", [{ bots: true }, {}], { person: { ...ada, isBot: true } }, "bots"],
    ["the domain", [{ emailDomains: ["example.org", "example.com"] }], { person: ada }, undefined],
    [
      "the domain in capitals",
      [{ emailDomains: ["Example.COM"] }],
      { person: { id: "a", email: "A@EXAMPLE.com" } },
      undefined,
    ],
    ["another domain", [{ emailDomains: ["example.org"] }], { person: ada }, "emailDomains"],
    [
      "a subdomain",
      [{ emailDomains: ["example.com"] }],
      { person: { id: "a", email: "a@x.example.com" } },
      "emailDomains",
    ],
    [
      "a domain that ends alike",
      [{ emailDomains: ["example.com"] }],
      { person: { id: "a", email: "a@badexample.com" } },
      "emailDomains",
    ],
    [
      "two at signs",
      [{ emailDomains: ["example.com"] }],
      { person: { id: "a", email: "a@example.com@evil.org" } },
      "emailDomains",
    ],
    [
      "an address that is a domain only",
      [{ emailDomains: ["example.com"] }],
      { person: { id: "a", email: "example.com" } },
      "emailDomains",
    ],
    [
      "nobody, where a domain is asked for",
      [{ emailDomains: ["example.com"] }],
      { room: desk },
      "emailDomains",
    ],
    ["the address", [{ emails: ["ADA@example.com"] }], { person: ada }, undefined],
    ["another address", [{ emails: ["bob@example.com"] }], { person: ada }, "emails"],
    ["the person", [{ personIds: ["bob", "ada"] }], { person: ada }, undefined],
    ["another person", [{ personIds: ["bob"] }], { person: ada }, "personIds"],
    ["nobody, where a person is asked for", [{ personIds: ["ada"] }], {}, "personIds"],
    ["the room", [{ roomIds: ["desk"] }], { room: desk }, undefined],
    ["another room", [{ roomIds: ["hall"] }], { room: desk }, "roomIds"],
    ["the kind of room", [{ roomKinds: ["group"] }], { room: desk }, undefined],
    ["another kind of room", [{ roomKinds: ["direct"] }], { room: desk }, "roomKinds"],
    ["no room, where a kind is asked for", [{ roomKinds: ["direct"] }], { person: ada }, "roomKinds"],
    ["an empty list, which nobody meets", [{ personIds: [] }], { person: ada }, "personIds"],
    [
      "all rules but one",
      [{ emailDomains: ["example.com"], roomIds: ["hall"] }],
      { person: ada, room: desk },
      "roomIds",
    ],
    [
      "one policy of two",
      [{ personIds: ["ada"] }, { roomIds: ["hall"] }],
      { person: ada, room: desk },
      "roomIds",
    ],
    [
      "both policies",
      [{ personIds: ["ada"] }, { roomIds: ["desk"] }],
      { person: ada, room: desk },
      undefined,
    ],
  ])("decides by %s", async (_what, policies, notice, rule) => {
    await expect(refusal(policies, notice, chat, signal)).resolves.toBe(rule);
    expect(chat.calls).toEqual([]);
  });

  it("looks up the e-mail address and the kind of room that the notice does not tell", async () => {
    chat.people.set("ada", ada);
    chat.rooms.set("desk", desk);
    const notice = { person: { id: "ada" }, room: { id: "desk" } };
    const policies: Policy[] = [
      { emailDomains: ["example.com"], roomKinds: ["group"] },
      { emails: ["ada@example.com"], roomKinds: ["group"] },
    ];
    await expect(refusal(policies, notice, chat, signal)).resolves.toBeUndefined();
    expect(chat.calls).toEqual(["person", "room"]);
  });

  it("refuses a person of whom even the platform knows no address", async () => {
    chat.people.set("ada", { id: "ada" });
    await expect(refusal([{ emails: [] }], { person: { id: "ada" } }, chat, signal)).resolves.toBe("emails");
  });

  it("looks nobody up for a rule that the notice already breaks", async () => {
    const notice = { person: { id: "ada", isBot: true }, room: { id: "desk" } };
    const policy: Policy = { emailDomains: ["example.com"], roomKinds: ["group"] };
    await expect(refusal([policy], notice, chat, signal)).resolves.toBe("bots");
    await expect(
      refusal([{ ...policy, roomIds: ["hall"] }], { ...notice, person: { id: "ada" } }, chat, signal),
    ).resolves.toBe("roomIds");
    expect(chat.calls).toEqual([]);
  });

  it.each([400, 403, 404, 410, 501])(
    "a rule refuses an event when the look-up for it is answered %d",
    async (status) => {
      const refused = new ApiError({ call: "memory GET /people", status, reason: "no" });
      chat.failures.person = [refused];
      const notice = { person: { id: "stranger" }, room: { id: "hall" } };
      expect(await refusal([{ emailDomains: ["example.com"] }], notice, chat, signal)).toBe("emailDomains");
      chat.failures.room = [refused];
      expect(await refusal([{ bots: true, roomKinds: ["direct"] }], notice, chat, signal)).toBe("roomKinds");
    },
  );

  it.each([401, 429, 503])("an event waits when the look-up for a rule is answered %d", async (status) => {
    chat.failures.person = [new ApiError({ call: "memory GET /people", status, reason: "not now" })];
    const policy = { emailDomains: ["example.com"] };
    await expect(refusal([policy], { person: { id: "ada" } }, chat, signal)).rejects.toThrow(ApiError);
  });
});

describe("somebody of whom the notice says only the id", () => {
  const bot: Person = { id: "robot", email: "robot@webex.bot", isBot: true };

  it("is looked up, and refused when it is a bot", async () => {
    chat.people.set("robot", bot);
    const notice = { person: { id: "robot" }, room: desk };
    expect(await refusal([], notice, chat, signal)).toBe("bots");
    expect(await refusal([{ bots: true }], notice, chat, signal)).toBeUndefined();
    expect(chat.calls).toEqual(["person"]);
  });

  it("is let in where the platform does not tell", async () => {
    expect(await refusal([], { person: { id: "stranger" }, room: desk }, chat, signal)).toBeUndefined();
  });

  it("keeps the event waiting while the platform cannot be asked", async () => {
    chat.failures.person = [new ApiError({ call: "memory GET /people", status: 503, reason: "down" })];
    await expect(refusal([], { person: { id: "robot" } }, chat, signal)).rejects.toThrow("503");
  });
});
