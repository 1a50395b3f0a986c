import { request } from "node:http";
import { useSetting } from "./setting";

const here = useSetting();

/** Like fetch, which does not let one choose the Host header. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(here.playground.url).origin + path,
      { headers, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on("error", reject).end();
  });
}

interface StreamEvent {
  readonly id: number;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was streamed
  readonly data: any;
}

/** Reads server-sent events until as many have come. */
async function events(
  count: number,
  lastEventId?: number,
  meanwhile?: () => Promise<unknown>,
): Promise<StreamEvent[]> {
  const headers = lastEventId === undefined ? {} : { "Last-Event-ID": String(lastEventId) };
  const response = await fetch(`${here.playground.url}/api/events`, { headers });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  const found: StreamEvent[] = [];
  let text = (await reader.read()).value ?? "";
  await meanwhile?.();
  while (found.length < count) {
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const match = /^id: (\d+)\nevent: (\S+)\ndata: (.*)$/.exec(text.slice(0, end));
      if (match !== null)
        found.push({ id: Number(match[1]), event: match[2] ?? "", data: JSON.parse(match[3] ?? "") });
      text = text.slice(end + 2);
    }
    if (found.length < count) text += (await reader.read()).value ?? "";
  }
  await reader.cancel();
  return found;
}

it("tells who can be played, and where the API is", async () => {
  const session = JSON.parse((await get("/playground/api/session")).text);
  const { bot, people } = here.playground.webex;
  expect(session).toEqual({
    apiBase: "/playground/webex/v1",
    hasCards: false,
    bot: { id: bot.id, displayName: "Bellhop", email: "bellhop@webex.bot" },
    people: people.map(({ id, displayName, email, token }) => ({ id, displayName, email, token })),
    spika: { people: here.playground.spika.people.map(({ id, displayName }) => ({ id, displayName })) },
    intercom: {
      people: here.playground.intercom.people,
      adminId: here.playground.intercom.adminId,
      assignees: [
        { id: "1001", name: "Bellhop" },
        { id: "1002", name: "Joan Clarke" },
        { id: "2001", name: "Support" },
      ],
    },
  });
  expect(people.map(({ email }) => email)).toEqual([
    "ada@example.com",
    "grace@example.com",
    "alan@example.com",
  ]);
});

it.each([
  "evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example:80",
  "evil-localhost",
  "[::2]",
  "10.0.0.1",
])("refuses a request that was sent to another host: %p", async (Host) => {
  const { status, text } = await get("/playground/api/session", { Host });
  expect(status).toBe(403);
  expect(text).not.toContain("token");
});

it.each(["127.0.0.1", "localhost:3000", "LOCALHOST", "[::1]:8080"])(
  "answers on this computer: %s",
  async (Host) => {
    expect((await get("/playground/api/session", { Host })).status).toBe(200);
  },
);

it("says how to build the page while it is not built", async () => {
  expect(await get("/playground/main.js")).toMatchObject({
    status: 404,
    text: expect.stringContaining("npm run build"),
  });
});

it.each([
  "/playground/../package.json",
  "/playground/%2e%2e/index.ts",
  "/playground/main.ts",
  "/playground/.env",
])("serves nothing but the page: %s", async (path) => {
  expect((await get(path)).status).toBe(404);
});

it("sends the page to its address with a slash, where its script is found", async () => {
  const response = await fetch(here.playground.url, { redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([308, "/playground/"]);
});

it("allows the page nothing but its own scripts", async () => {
  const response = await fetch(`${here.playground.url}/api/session`);
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe");
});

it("streams what happens, in the shapes of the API", async () => {
  const seen = await events(7, undefined, async () => {
    const message = await here.playground.says("ada", "x", { roomId: here.lobbyId });
    await here.ada.put(`/messages/${message.id}`, { roomId: here.lobbyId, text: "y" });
    await here.ada.delete(`/messages/${message.id}`);
    await here.ada.post("/rooms", { title: "R" });
    await here.bot.get("/people/me");
  });
  expect(seen.map(({ event }) => event)).toEqual([
    "message.created",
    "unheard",
    "message.updated",
    "message.deleted",
    "room.created",
    "membership.created",
    "call",
  ]);
  const [created, unheard, updated, deleted, room, membership, call] = seen.map(({ data }) => data);
  expect(created.message).toMatchObject({ text: "x", roomId: here.lobbyId, personEmail: "ada@example.com" });
  expect(unheard).toMatchObject({ resource: "messages", event: "created", dataId: created.message.id });
  expect(updated.message).toMatchObject({ id: created.message.id, text: "y" });
  expect(deleted).toEqual({ id: created.message.id, roomId: here.lobbyId });
  expect(membership.membership).toMatchObject({ roomId: room.room.id, personEmail: "ada@example.com" });
  expect(call).toMatchObject({ method: "GET", path: "/people/me", status: 200, by: "bot" });
});

it("streams what is said in Spika and Intercom", async () => {
  const { spika, intercom } = here.playground;
  const seen = await events(3, undefined, async () => {
    spika.says("Ada", "x");
    const { conversationId } = intercom.says("Grace", "y");
    intercom.says("Grace", "z", conversationId);
  });
  expect(seen.map(({ event }) => event)).toEqual(["spika.message", "intercom.part", "intercom.part"]);
  const [message, begun, gone] = seen.map(({ data }) => data.message ?? data.conversation);
  expect(message).toMatchObject({ roomId: spika.roomId, body: { text: "x" } });
  expect(begun).toMatchObject({
    source: { body: "<p>y</p>" },
    conversation_parts: { conversation_parts: [] },
  });
  expect(gone).toMatchObject({
    id: begun.id,
    conversation_parts: { conversation_parts: [{ body: "<p>z</p>" }] },
  });
});

it("streams a delivery once it was answered", async () => {
  const webhook = {
    name: "w",
    targetUrl: here.receiver.url,
    resource: "messages",
    event: "created",
    secret: "s",
  };
  const { body: made } = await here.bot.post("/webhooks", webhook);
  const [created, delivery] = await events(2, undefined, () => here.playground.says("ada", "x"));
  const [received] = here.receiver.received;
  expect(delivery?.data).toMatchObject({
    webhookId: made.id,
    webhookName: "w",
    resource: "messages",
    event: "created",
    dataId: created?.data.message.id,
    targetUrl: here.receiver.url,
    status: 200,
    headers: { "X-Spark-Signature": received?.headers["x-spark-signature"] },
    body: received?.body.toString(),
  });
});

it("goes on after the last event that the page has seen", async () => {
  const all = await events(3, 0, async () => {
    for (const text of ["1", "2", "3"]) here.playground.spika.says("ada", text);
  });
  const messages = all.length > 0 ? await events(3, here.playground.timeline.since(0).at(-4)?.id) : [];
  expect(messages.map(({ data }) => data.message.body.text)).toEqual(["1", "2", "3"]);
  expect(messages.map(({ id }) => id)).toEqual([0, 1, 2].map((step) => (messages[0]?.id ?? 0) + step));
});

it("starts over for a page that has seen more than there is, because the playground was restarted", async () => {
  const first = here.playground.timeline.since(0)[0];
  expect((await events(1, 1_000_000))[0]?.id).toBe(first?.id);
});

it("keeps the newest two thousand events", async () => {
  for (let n = 0; n < 4_100; n++) here.playground.spika.says("ada", `${n}`);
  const kept = here.playground.timeline.since(0);
  expect(kept).toHaveLength(2_000);
  expect(kept.at(-1)?.data).toMatchObject({ message: { body: { text: "4099" } } });
});

it("ends the stream when the playground closes", async () => {
  const response = await fetch(`${here.playground.url}/api/events`);
  const ended = response.text().catch(() => "");
  await here.playground.close();
  await expect(ended).resolves.toEqual(expect.any(String));
});
