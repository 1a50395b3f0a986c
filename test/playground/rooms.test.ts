import { useSetting } from "./setting";

const here = useSetting();

async function lockedRoom() {
  const { body: room } = await here.ada.post("/rooms", { title: "Locked", isLocked: true });
  const joining = { roomId: room.id, personEmail: "grace@example.com" };
  const { body: hers } = await here.ada.post("/memberships", joining);
  return { room, hers };
}

it("makes who creates a room its member, and its moderator when it is locked", async () => {
  const { body: open } = await here.ada.post("/rooms", { title: "Open" });
  const { room: locked } = await lockedRoom();
  const own = async (id: string) =>
    (await here.ada.get(`/memberships?roomId=${id}&personEmail=ada@example.com`)).body.items[0].isModerator;
  expect([await own(open.id), await own(locked.id)]).toEqual([false, true]);
});

it.each([
  ["change it", (id: string) => here.grace.put(`/rooms/${id}`, { title: "Hers" })],
  [
    "add people",
    (id: string) => here.grace.post("/memberships", { roomId: id, personEmail: "alan@example.com" }),
  ],
])("lets only moderators of a locked room %s", async (_fact, act) => {
  const { room, hers } = await lockedRoom();
  expect((await act(room.id)).status).toBe(403);
  await here.ada.put(`/memberships/${hers.id}`, { isModerator: true });
  expect((await act(room.id)).status).toBe(200);
});

it("lets nobody make themselves a moderator of a locked room", async () => {
  const { hers } = await lockedRoom();
  expect((await here.grace.put(`/memberships/${hers.id}`, { isModerator: true })).status).toBe(403);
});

it("lets a member who deletes a room only leave it, and a moderator end it", async () => {
  const { room } = await lockedRoom();
  expect((await here.grace.delete(`/rooms/${room.id}`)).status).toBe(204);
  expect((await here.grace.get(`/rooms/${room.id}`)).status).toBe(404);
  expect((await here.ada.get(`/rooms/${room.id}`)).status).toBe(200);
  await here.ada.delete(`/rooms/${room.id}`);
  expect((await here.ada.get(`/rooms/${room.id}`)).status).toBe(404);
});

it.each([
  ["removes nobody from", async () => here.ada.delete(`/memberships/${await membershipOfBot()}`), 403],
  [
    "adds nobody to",
    async () =>
      here.ada.post("/memberships", { roomId: await directRoom(), personEmail: "grace@example.com" }),
    403,
  ],
  ["does not rename", async () => here.ada.put(`/rooms/${await directRoom()}`, { title: "x" }), 400],
  ["does not delete", async () => here.ada.delete(`/rooms/${await directRoom()}`), 403],
])("%s a direct room", async (_fact, act, status) => {
  expect((await act()).status).toBe(status);
});

async function directRoom(): Promise<string> {
  return (await here.ada.get("/rooms?type=direct")).body.items[0].id;
}

async function membershipOfBot(): Promise<string> {
  const { body } = await here.ada.get(
    `/memberships?roomId=${await directRoom()}&personEmail=bellhop@webex.bot`,
  );
  return body.items[0].id;
}

it("hides one's own direct room, and nobody else's", async () => {
  const { body } = await here.ada.get(
    `/memberships?roomId=${await directRoom()}&personEmail=ada@example.com`,
  );
  const hidden = await here.ada.put(`/memberships/${body.items[0].id}`, {
    isModerator: false,
    isRoomHidden: true,
  });
  expect(hidden.body.isRoomHidden).toBe(true);
  const others = await here.ada.put(`/memberships/${await membershipOfBot()}`, { isRoomHidden: true });
  expect(others.status).toBe(403);
});

it("lists the caller's own memberships when no room is named", async () => {
  const { body } = await here.bot.get("/memberships");
  expect(new Set(body.items.map((one: { roomId: string }) => one.roomId))).toEqual(
    new Set([here.lobbyId, await directRoom()]),
  );
});

it("puts who joins a team into its General room, and takes them out of all its rooms when they leave", async () => {
  const { body: team } = await here.ada.post("/teams", { name: "T" });
  const joining = { teamId: team.id, personEmail: "grace@example.com" };
  const { body: hers } = await here.ada.post("/team/memberships", joining);
  expect((await here.ada.post("/team/memberships", joining)).status).toBe(409);
  const { body: room } = await here.grace.post("/rooms", { title: "In the team", teamId: team.id });
  const rooms = async () => (await here.grace.get(`/rooms?teamId=${team.id}`)).body.items.length;
  expect([room.teamId, await rooms()]).toEqual([team.id, 2]);
  await here.grace.delete(`/team/memberships/${hers.id}`);
  expect(await rooms()).toBe(0);
});

it("keeps the last moderator in a team", async () => {
  const { body: team } = await here.ada.post("/teams", { name: "T" });
  const { body } = await here.ada.get(`/team/memberships?teamId=${team.id}`);
  expect((await here.ada.delete(`/team/memberships/${body.items[0].id}`)).status).toBe(403);
  const { body: rooms } = await here.ada.get(`/rooms?teamId=${team.id}`);
  const { body: members } = await here.ada.get(`/memberships?roomId=${rooms.items[0].id}`);
  expect((await here.ada.delete(`/memberships/${members.items[0].id}`)).status).toBe(403);
});

it("lets only moderators change and end a team, and outsiders see nothing of it", async () => {
  const { body: team } = await here.ada.post("/teams", { name: "T" });
  expect((await here.grace.get(`/teams/${team.id}`)).status).toBe(404);
  await here.ada.post("/team/memberships", { teamId: team.id, personEmail: "grace@example.com" });
  expect((await here.grace.put(`/teams/${team.id}`, { name: "U" })).status).toBe(403);
  expect((await here.grace.delete(`/teams/${team.id}`)).status).toBe(403);
  await here.ada.delete(`/teams/${team.id}`);
  expect((await here.grace.get("/teams")).body.items).toEqual([]);
  expect((await here.grace.get(`/rooms?teamId=${team.id}`)).body.items).toEqual([]);
});

it.each([
  ["a page without https", { contentUrl: "http://example.com" }],
  ["no name", { displayName: "" }],
  ["no room", { roomId: undefined }],
])("refuses a tab with %s", async (_fact, wrong) => {
  const right = { roomId: here.lobbyId, contentUrl: "https://example.com", displayName: "D" };
  expect((await here.ada.post("/room/tabs", { ...right, ...wrong })).status).toBe(400);
});

it("finds people by address in any case, by the start of their name, and by ids", async () => {
  const found = async (query: string) =>
    (await here.ada.get(`/people?${query}`)).body.items.map(
      (one: { displayName: string }) => one.displayName,
    );
  const { bot, people } = here.playground.webex;
  expect(await found("email=GRACE%40example.com")).toEqual(["Grace Hopper"]);
  expect(await found("email=nobody%40example.com")).toEqual([]);
  expect(await found("displayName=al")).toEqual(["Alan Turing"]);
  expect(await found(`id=${bot.id},${people[0]?.id}`)).toEqual(["Bellhop", "Ada Lovelace"]);
  expect((await here.ada.get(`/people?id=${bot.id},nobody`)).body.notFoundIds).toEqual(["nobody"]);
  expect((await here.ada.get("/people/?email=ada@example.com")).body.items).toHaveLength(1);
});
