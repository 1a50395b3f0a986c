import { fieldsOf } from "../../src/playground/read-fields";
import { useSetting } from "./setting";

const here = useSetting();

type Headers = Readonly<Record<string, string>>;

async function call(method: string, path: string, body?: string, headers: Headers = bearer()) {
  const response = await fetch(`${here.playground.url}/intercom${path}`, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, body: fieldsOf(text === "" ? {} : JSON.parse(text)) };
}

const post = (path: string, body: object) => call("POST", path, JSON.stringify(body));
const bearer = (): Headers => ({ Authorization: `Bearer ${here.playground.intercom.token}` });
const basic = (credentials: string): Headers => ({
  Authorization: `Basic ${Buffer.from(credentials).toString("base64")}`,
});

/** A subscription, whose ping has come. */
async function subscribe(topics: readonly string[], metadata: object = {}): Promise<string> {
  const { body } = await post("/subscriptions", { url: here.receiver.url, topics, metadata });
  await topicsOf(1);
  return String(body.id);
}

/** The topics and items of the first deliveries. */
async function topicsOf(
  count: number,
): Promise<{ topic: unknown; item: Readonly<Record<string, unknown>> }[]> {
  const deliveries = await here.receiver.arrived(count);
  return deliveries.map(({ json }) => {
    const { topic, data } = fieldsOf(json);
    return { topic, item: fieldsOf(fieldsOf(data).item) };
  });
}

it.each(['""', "null", "{}", "[]", " {} ", "0"])("a ping with the JSON body %s is sent", async (body) => {
  const id = await subscribe(["all"]);
  expect((await call("POST", `/subscriptions/${id}/ping`, body)).status).toBe(200);
  expect((await topicsOf(2)).map(({ topic }) => topic)).toEqual(["ping", "ping"]);
  expect((await call("DELETE", `/subscriptions/${id}`, body)).status).toBe(200);
});

it("the token is taken as the user name of Basic authentication, and in any case of the scheme", async () => {
  const { token } = here.playground.intercom;
  expect((await call("GET", "/me", undefined, basic(`${token}:`))).status).toBe(200);
  expect((await call("GET", "/me", undefined, basic(`${token}:x`))).status).toBe(200);
  expect((await call("GET", "/me", undefined, { Authorization: `bearer ${token}` })).status).toBe(200);
  expect((await call("GET", "/me", undefined, basic(`:${token}`))).status).toBe(401);
  expect((await call("GET", "/me", undefined, basic("none:"))).status).toBe(401);
});

it("users are created, updated, found and deleted, and subscriptions hear of it", async () => {
  await subscribe(["user"]);
  const given = { email: "bob@example.com", user_id: 7, name: "Bob" };
  const { body: bob } = await post("/users", given);
  expect(bob).toMatchObject({ type: "user", email: "bob@example.com", user_id: "7", name: "Bob" });
  await topicsOf(2);
  expect((await post("/users", given)).body.id).toBe(bob.id);
  expect((await call("GET", "/users?email=bob@example.com")).body.id).toBe(bob.id);
  expect((await call("DELETE", `/users/${bob.id}`)).status).toBe(200);
  expect((await call("GET", `/users/${bob.id}`)).status).toBe(404);
  const [, created, deleted] = await topicsOf(3);
  expect(created).toMatchObject({ topic: "user.created", item: { type: "user", id: bob.id } });
  expect(deleted).toMatchObject({ topic: "user.deleted", item: { id: bob.id, email: "bob@example.com" } });
});

it("a contact of today's API is created once", async () => {
  const given = { email: "bob@example.com", external_id: "7", role: "user" };
  const { body } = await post("/contacts", given);
  expect(body).toMatchObject({ type: "contact", role: "user", external_id: "7" });
  expect((await post("/contacts", given)).status).toBe(409);
  expect((await call("GET", `/contacts/${body.id}`)).body).toMatchObject({ email: "bob@example.com" });
});

it("subscriptions hear of the events that they name", async () => {
  await subscribe(["event.created"], { event_names: ["bought"] });
  const [ada] = here.playground.intercom.people;
  const event = { email: ada?.email, created_at: 1_700_000_000, metadata: { amount: 3 } };
  expect((await post("/events", { ...event, event_name: "looked" })).status).toBe(202);
  expect((await post("/events", { ...event, event_name: "bought" })).status).toBe(202);
  expect((await post("/events", { ...event, event_name: "bought", email: "none@example.com" })).status).toBe(
    404,
  );
  expect((await post("/events", event)).status).toBe(400);
  const [, told] = await topicsOf(2);
  expect(told).toMatchObject({
    topic: "event.created",
    item: { event_name: "bought", email: ada?.email, metadata: { amount: 3 }, created_at: 1_700_000_000 },
  });
});
