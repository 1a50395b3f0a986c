import { isSameId, uuidOf } from "../../../src/platforms/webex/ids";

const uuid = "11111111-2222-4333-8444-555555555555";
const encode = (text: string): string => Buffer.from(text).toString("base64url");
const id = encode(`ciscospark://us/PEOPLE/${uuid}`);

it.each([
  ["itself", id],
  ["another cluster", encode(`ciscospark://urn:TEAM:us-west-2_r/PEOPLE/${uuid}`)],
  ["the other base64, padded", Buffer.from(`ciscospark://us/PEOPLE/${uuid}`).toString("base64")],
  ["the bare uuid", uuid],
  ["the bare uuid in capitals", uuid.toUpperCase()],
])("is the same object as %s", (_, other) => {
  expect(isSameId(id, other)).toBe(true);
});

it.each([
  ["another person", encode("ciscospark://us/PEOPLE/11111111-2222-4333-8444-555555555556")],
  ["nothing", ""],
  ["the undecoded start", id.slice(0, -4)],
  ["another scheme with the same end", encode(`evil://us/PEOPLE/${uuid}`)],
  ["a name", "Bellhop"],
])("is not the same object as %s", (_, other) => {
  expect(isSameId(id, other)).toBe(false);
});

it("leaves alone what has no uuid in it", () => {
  const membership = encode(`ciscospark://us/MEMBERSHIP/${uuid}:${uuid}`);
  expect(uuidOf(membership)).toBe(membership);
});
