import { request } from "node:http";
import { join } from "node:path";
import { listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { ApiClient } from "./api-client";
import { useSetting } from "./setting";
import { failUntilSwitchedOff } from "./switch-off";

const here = useSetting();

async function startOver(): Promise<void> {
  const response = await fetch(`${here.playground.url}/api/state`, { method: "DELETE" });
  expect(response.status).toBe(204);
}

/** The first of the people with the token of now. */
function ada(): ApiClient {
  return new ApiClient(here.playground.apiBaseUrl, here.playground.webex.people[0]?.token);
}

it("takes away what people made: rooms, messages, invited people, and their tokens", async () => {
  const fresh = (await here.ada.get("/rooms")).body.items.map(({ id }: { id: string }) => id);
  const said = await here.playground.says("Ada", "hello", { roomId: here.lobbyId });
  await here.ada.post("/rooms", { title: "Cellar" });
  await here.ada.post("/messages", { toPersonEmail: "new@example.com", text: "welcome" });
  await startOver();
  expect((await here.ada.get("/rooms")).status).toBe(401);
  expect((await ada().get("/rooms")).body.items.map(({ id }: { id: string }) => id)).toEqual(fresh);
  expect((await ada().get(`/messages/${said.id}`)).status).toBe(404);
  expect((await ada().get("/people?email=new@example.com")).body.items).toEqual([]);
  expect((await ada().get(`/messages?roomId=${here.lobbyId}`)).body.items).toEqual([]);
});

it("leaves the bot its token and its webhooks, awake, and takes people's webhooks away", async () => {
  const watch = (targetUrl: string) => ({ name: "w", targetUrl, resource: "messages", event: "created" });
  const { body: webhook } = await here.bot.post("/webhooks", watch("http://127.0.0.1:9/nobody"));
  await failUntilSwitchedOff(here.playground);
  expect((await here.bot.get(`/webhooks/${webhook.id}`)).body.status).toBe("inactive");
  await here.bot.put(`/webhooks/${webhook.id}`, { name: "w", targetUrl: here.receiver.url });
  await here.ada.post("/webhooks", watch(here.receiver.url));
  await startOver();
  expect((await here.bot.get("/webhooks")).body.items).toMatchObject([{ id: webhook.id, status: "active" }]);
  expect((await ada().get("/webhooks")).body.items).toEqual([]);

  const { id } = await here.playground.says("Ada", "hello");
  expect((await here.receiver.next()).json.data.id).toBe(id);
  expect((await here.bot.get(`/messages/${id}`)).body.text).toBe("hello");
});

it("tells the bot nothing: to it nothing has happened", async () => {
  const everything = { name: "w", targetUrl: here.receiver.url, resource: "all", event: "all" };
  await here.bot.post("/webhooks", everything);
  await startOver();
  const { id } = await here.playground.says("Ada", "the first that it hears");
  expect((await here.receiver.next()).json.data.id).toBe(id);
});

it("leaves other bots their tokens, in no room, and people of tests nothing", async () => {
  const other = here.playground.addBot("Other");
  const stranger = here.playground.addPerson("Stranger");
  await here.ada.post("/memberships", { roomId: here.lobbyId, personId: other.id });
  await startOver();
  const client = new ApiClient(here.playground.apiBaseUrl, other.token);
  expect((await client.get("/people/me")).body.id).toBe(other.id);
  expect((await client.get("/rooms")).body.items).toEqual([]);
  expect((await new ApiClient(here.playground.apiBaseUrl, stranger.token).get("/people/me")).status).toBe(
    401,
  );
});

it("empties Spika and Intercom, gives no number again, and leaves bots what they need", async () => {
  const { spika, intercom } = here.playground;
  const { signature } = spika.connect(here.receiver.url);
  const { id } = spika.says("Ada", "hello");
  const { conversationId } = intercom.says("Ada", "hello");
  await here.receiver.next();
  await startOver();
  expect(spika.messages).toEqual([]);
  expect(() => intercom.conversation(conversationId)).toThrow("there is no conversation");
  expect(spika.says("Ada", "again").id).toBe(id + 1);
  expect(Number(intercom.says("Ada", "again").conversationId)).toBe(Number(conversationId) + 1);
  const delivery = await here.receiver.next();
  expect([delivery.headers["verification-signature"], delivery.json.message.body.text]).toEqual([
    signature,
    "again",
  ]);
  const me = await fetch(`${here.playground.url}/spika/api/messaging/test/auth`, {
    headers: { accesstoken: spika.apiKey },
  });
  expect(me.status).toBe(200);
});

it("takes faults away, and what was in the timeline", async () => {
  here.playground.faults.add({ on: "delivery", do: { kind: "lost" } });
  await here.playground.says("Ada", "hello");
  await startOver();
  expect(here.playground.faults.list()).toEqual([]);
  expect(here.playground.timeline.all("message.created")).toEqual([]);
});

it("ends the page's stream, so that it comes back and finds other tokens", async () => {
  const session = async () => (await fetch(`${here.playground.url}/api/session`)).json();
  const before = await session();
  const stream = await fetch(`${here.playground.url}/api/events`);
  const ended = stream.text();
  await startOver();
  await expect(ended).resolves.toEqual(expect.any(String));
  expect(await session()).not.toEqual(before);
  const next = await fetch(`${here.playground.url}/api/events`);
  expect(next.status).toBe(200);
  await next.body?.cancel();
});

it("is over for good: a restart does not bring it back, and a given token stays", async () => {
  const stateDir = join(tempDir(), "playground");
  const first = await listenPlayground({ stateDir, userToken: "ada" });
  const { id } = await first.says("Ada", "hello");
  await fetch(`${first.url}/api/state`, { method: "DELETE" });
  // As after a crash: nobody closes the first one.
  const second = await listenPlayground({ stateDir, userToken: "ada" });
  for (const { apiBaseUrl } of [first, second])
    expect((await new ApiClient(apiBaseUrl, "ada").get(`/messages/${id}`)).status).toBe(404);
  expect(second.webex.botToken).toBe(first.webex.botToken);
  await first.close();
  await second.close();
});

describe("a page elsewhere cannot start it over:", () => {
  function send(method: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const url = `${here.playground.url}/api/state`;
      const sent = request(url, { method, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject).end();
    });
  }

  it.each<[string, string, Record<string, string>, number]>([
    ["under another name", "DELETE", { Host: "evil.example" }, 403],
    ["as a form", "POST", { "Content-Type": "application/x-www-form-urlencoded" }, 404],
    ["with what a page may send unasked", "GET", {}, 404],
  ])("%s", async (_fact, method, headers, status) => {
    const { id } = await here.playground.says("Ada", "hello");
    expect(await send(method, { Host: "127.0.0.1", ...headers })).toBe(status);
    expect((await here.ada.get(`/messages/${id}`)).status).toBe(200);
  });

  it("a browser that asks for it first is not allowed", async () => {
    const response = await fetch(`${here.playground.url}/api/state`, {
      method: "OPTIONS",
      headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "DELETE" },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  });
});
