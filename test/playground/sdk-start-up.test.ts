import { useSetting } from "./setting";

const here = useSetting();

// Requests as clients that other people wrote make them.
it.each([
  ["a list of people by ids, with a slash before the ?", (id: string) => `/people/?id=${id},bm9ib2R5`],
  ["one person", (id: string) => `/people/${id}`],
  ["oneself", () => "/people/me"],
  ["the organisations one is in", () => "/organizations"],
  ["licences", () => "/licenses?max=100"],
  ["roles", () => "/roles"],
  ["rooms, newest first", () => "/rooms?sortBy=lastactivity&max=1000"],
  ["one's memberships", () => "/memberships?max=1000"],
  ["one's webhooks", () => "/webhooks?max=100"],
])("answers %s", async (_what, path) => {
  const answer = await here.bot.get(path(here.playground.webex.bot.id));
  expect(answer.status).toBe(200);
});

it("names the ids of nobody", async () => {
  const { body } = await here.bot.get(`/people/?id=${here.playground.webex.bot.id},bm9ib2R5`);
  expect(body).toMatchObject({ items: [{ id: here.playground.webex.bot.id }], notFoundIds: ["bm9ib2R5"] });
});

it("shows one organisation by its id, and no other", async () => {
  const { body } = await here.bot.get("/organizations");
  const [{ id }] = body.items;
  expect((await here.bot.get(`/organizations/${id}`)).body).toMatchObject({ id });
  expect((await here.bot.get("/organizations/nothing")).status).toBe(404);
});

it("refuses what only administrators may read", async () => {
  expect((await here.bot.get("/events?resource=messages")).status).toBe(403);
});
