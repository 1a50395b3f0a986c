import { type Answer, type ApiClient, nextLink } from "./api-client";
import { useSetting } from "./setting";

const here = useSetting();

async function all(
  client: ApiClient,
  path: string,
  each?: (page: Answer) => Promise<unknown>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let url: string | undefined = path; url !== undefined; ) {
    const answer: Answer = await client.get(url);
    ids.push(...answer.body.items.map((item: { id: string }) => item.id));
    await each?.(answer);
    url = nextLink(answer);
  }
  return ids;
}

async function messages(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.unshift((await here.playground.says("ada", `${n}`, { roomId: here.lobbyId })).id);
  return ids;
}

it.each([1, 2, 3, 7, 8])("gives each message once, newest first, %d a page", async (max) => {
  const written = await messages(7);
  expect(await all(here.ada, `/messages?roomId=${here.lobbyId}&max=${max}`)).toEqual(written);
});

it("keeps the other parameters in the link, under the public address", async () => {
  await here.playground.says("ada", "one", { roomId: here.lobbyId, mention: true });
  await here.playground.says("ada", "two", { roomId: here.lobbyId, mention: true });
  const answer = await here.bot.get(`/messages?roomId=${here.lobbyId}&mentionedPeople=me&max=1`);
  const url = new URL(nextLink(answer) ?? "");
  expect(url.origin + url.pathname).toBe(`${here.playground.apiBaseUrl}/messages`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    roomId: here.lobbyId,
    mentionedPeople: "me",
    max: "1",
    beforeMessage: answer.body.items[0].id,
  });
});

it("takes a max above the ceiling as the ceiling", async () => {
  for (let n = 0; n < 101; n++)
    await here.playground.says("ada", `${n}`, { roomId: here.lobbyId, mention: true });
  const mentions = await here.bot.get(`/messages?roomId=${here.lobbyId}&mentionedPeople=me&max=5000`);
  expect(mentions.body.items).toHaveLength(100);
  expect((await here.ada.get(`/messages?roomId=${here.lobbyId}&max=5000`)).body.items).toHaveLength(101);
});

it("gives 50 messages unless asked for more or fewer", async () => {
  await messages(51);
  expect((await here.ada.get(`/messages?roomId=${here.lobbyId}`)).body.items).toHaveLength(50);
});

it("begins before a message, and before a time", async () => {
  const [third, second, first] = await messages(3);
  expect(await all(here.ada, `/messages?roomId=${here.lobbyId}&beforeMessage=${third}`)).toEqual([
    second,
    first,
  ]);
  const { body: message } = await here.ada.get(`/messages/${first}`);
  expect(await all(here.ada, `/messages?roomId=${here.lobbyId}&before=${message.created}`)).toEqual([]);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  expect(await all(here.ada, `/messages?roomId=${here.lobbyId}&before=${tomorrow}`)).toEqual([
    third,
    second,
    first,
  ]);
});

it.each([1, 2, 5])("gives each webhook once, %d a page", async (max) => {
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const body = { name: `${n}`, targetUrl: here.receiver.url, resource: "messages", event: "created" };
    made.push((await here.bot.post("/webhooks", body)).body.id);
  }
  expect(await all(here.bot, `/webhooks?max=${max}`)).toEqual(made);
});

it("skips nothing when what it has shown is deleted between two pages", async () => {
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const body = { name: `${n}`, targetUrl: here.receiver.url, resource: "messages", event: "created" };
    made.push((await here.bot.post("/webhooks", body)).body.id);
  }
  const seen = await all(here.bot, "/webhooks?max=2", async ({ body }) => {
    await here.bot.delete(`/webhooks/${body.items[0].id}`);
  });
  expect(seen).toEqual(made);
});

it("skips nothing when the last item of a page is deleted", async () => {
  const made: string[] = [];
  for (let n = 0; n < 5; n++) {
    const body = { name: `${n}`, targetUrl: here.receiver.url, resource: "messages", event: "created" };
    made.push((await here.bot.post("/webhooks", body)).body.id);
  }
  const seen = await all(here.bot, "/webhooks?max=2", async ({ body }) => {
    await here.bot.delete(`/webhooks/${body.items.at(-1).id}`);
  });
  expect(seen).toEqual(made);
});

it("sorts rooms by last activity, by creation and by id", async () => {
  const made: string[] = [];
  for (const title of ["a", "b", "c"]) made.push((await here.grace.post("/rooms", { title })).body.id);
  const [a, b, c] = made;
  await here.grace.post("/messages", { roomId: a, text: "x" });
  const own = (ids: string[]) => ids.filter((id) => made.includes(id));
  expect(own(await all(here.grace, "/rooms?sortBy=created&max=1"))).toEqual([c, b, a]);
  expect(own(await all(here.grace, "/rooms?sortBy=lastactivity"))[0]).toBe(a);
  expect(own(await all(here.grace, "/rooms?sortBy=id"))).toEqual(
    made.toSorted((one, other) => (one < other ? -1 : 1)),
  );
  expect(await all(here.grace, "/rooms?type=direct")).toEqual([]);
});
