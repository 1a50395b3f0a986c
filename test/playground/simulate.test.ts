import { useSetting } from "./setting";

const here = useSetting();

it.each(["ada", "Ada", "Ada Lovelace", "ADA@example.com"])("knows who is meant by %s", async (who) => {
  const { personEmail } = await here.playground.says(who, "x");
  expect(personEmail).toBe("ada@example.com");
});

it("says who is there when nobody is called that", async () => {
  await expect(here.playground.says("bob", "x")).rejects.toThrow(
    /nobody is called "bob".*Ada, Grace, Alan, Bellhop/,
  );
});

it("writes to the bot directly, unless told where", async () => {
  expect((await here.playground.says("grace", "x")).roomType).toBe("direct");
  const elsewhere = await here.playground.says("grace", { markdown: "**x**" }, { roomId: here.lobbyId });
  expect(elsewhere).toMatchObject({ roomId: here.lobbyId, html: "<p><strong>x</strong></p>" });
});

it("mentions the bot before exactly what was said", async () => {
  const said = await here.playground.says("ada", "a *b* <@all> [c]", { roomId: here.lobbyId, mention: true });
  expect(said.text).toBe("Bellhop a *b* <@all> [c]");
  expect(said.mentionedPeople).toEqual([here.playground.webex.bot.id]);
  expect(said).not.toHaveProperty("mentionedGroups");
});

it("refuses what the API refuses", async () => {
  await expect(here.playground.says("ada", "")).rejects.toMatchObject({ name: "ApiError", status: 400 });
  await expect(here.playground.clicks("ada", "nothing", {})).rejects.toMatchObject({ status: 404 });
});

it("hands out each message of the bot once, in order, also those from before the question", async () => {
  const { roomId } = await here.playground.says("ada", "x");
  for (const text of ["1", "2"]) await here.bot.post("/messages", { roomId, text });
  const third = here.bot.post("/messages", { roomId, text: "3" });
  const texts: (string | undefined)[] = [];
  for (let n = 0; n < 3; n++) texts.push((await here.playground.nextMessageFrom("bot")).text);
  await third;
  expect(texts).toEqual(["1", "2", "3"]);
});

it("waits for a message of a room or a thread", async () => {
  const root = await here.playground.says("ada", "x");
  const inThread = here.playground.nextMessageFrom("bot", { parentId: root.id });
  const inLobby = here.playground.nextMessageFrom("bot", { roomId: here.lobbyId });
  await here.bot.post("/messages", { roomId: root.roomId, text: "aside" });
  await here.bot.post("/messages", { roomId: here.lobbyId, text: "lobby" });
  await here.bot.post("/messages", { roomId: root.roomId, parentId: root.id, text: "thread" });
  expect([(await inThread).text, (await inLobby).text]).toEqual(["thread", "lobby"]);
  expect((await here.playground.nextMessageFrom("bot")).text).toBe("aside");
});

it("gives up after the time it was given, and asks whether there is a webhook at all", async () => {
  await expect(here.playground.nextMessageFrom("bot", { timeoutMs: 1 })).rejects.toThrow(
    "no message from Bellhop in 1 ms; no webhook was called and the bot called nothing",
  );
});

it("keeps every delivery and call to look at", async () => {
  await here.bot.get("/people/me");
  await here.ada.get("/rooms");
  await here.bot.get("/nothing");
  expect(here.playground.timeline.all("call").map(({ by, path, status }) => [by, path, status])).toEqual([
    ["bot", "/people/me", 200],
    ["Ada Lovelace", "/rooms", 200],
    ["bot", "/nothing", 404],
  ]);
});

it("listens on this computer only, on a port that is free again once it is closed", async () => {
  expect(here.playground.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/playground$/);
  expect(here.playground.apiBaseUrl).toBe(`${here.playground.url}/webex/v1`);
  await here.playground.close();
  await expect(here.bot.get("/people/me")).rejects.toThrow("fetch failed");
});
