import { keyOf, toId, uuidFor } from "../../src/playground/webex/ids";
import { useSetting } from "./setting";

const here = useSetting();
const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

function decoded(id: string): string {
  expect(id).toMatch(/^[\w-]+$/);
  return Buffer.from(id, "base64url").toString();
}

it("writes an id as base64url without padding", () => {
  expect(toId("ROOM", "11111111-2222-4333-8444-555555555555")).toBe(
    "Y2lzY29zcGFyazovL3VzL1JPT00vMTExMTExMTEtMjIyMi00MzMzLTg0NDQtNTU1NTU1NTU1NTU1",
  );
});

it.each(["", "x", "Y2lzY29zcGFyazovL3Vz", "🙂"])("finds no key in what is no id: %p", (id) => {
  expect(keyOf(id)).toBe("");
});

it("gives a person the same uuid at every start", () => {
  expect(uuidFor("ada@example.com")).toBe(uuidFor("ada@example.com"));
  expect(uuidFor("ada@example.com")).toMatch(new RegExp(`^${uuid}$`));
});

it("names every kind of thing as Webex does", async () => {
  const { ada, lobbyId } = here;
  const { body: message } = await ada.post("/messages", { roomId: lobbyId, text: "x" });
  const { body: memberships } = await ada.get(`/memberships?roomId=${lobbyId}&personId=${message.personId}`);
  const webhook = { name: "w", targetUrl: here.receiver.url, resource: "messages", event: "created" };
  const { body: made } = await ada.post("/webhooks", webhook);
  const { body: me } = await ada.get("/people/me");
  const { body: team } = await ada.post("/teams", { name: "T" });
  const { body: rooms } = await ada.get(`/rooms?teamId=${team.id}`);
  expect([message.id, message.roomId, me.id, me.orgId, made.id, team.id].map(decoded)).toEqual(
    ["MESSAGE", "ROOM", "PEOPLE", "ORGANIZATION", "WEBHOOK", "TEAM"].map((type) =>
      expect.stringMatching(new RegExp(`^ciscospark://us/${type}/${uuid}$`)),
    ),
  );
  expect(decoded(made.appId)).toMatch(/^ciscospark:\/\/us\/APPLICATION\/C[0-9a-f]{64}$/);
  expect(keyOf(memberships.items[0].id)).toBe(`${keyOf(me.id)}:${keyOf(lobbyId)}`);
  expect(rooms.items.map((room: { id: string }) => keyOf(room.id))).toEqual([keyOf(team.id)]);
});
