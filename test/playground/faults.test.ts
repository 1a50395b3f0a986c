import type { Fault } from "../../src/playground/faults/fault";
import { createRandom } from "../../src/playground/faults/random";
import { holdTime, releaseTime } from "../held-time";
import { useSetting } from "./setting";

const setting = useSetting({ deliveryTimeoutMs: 2_000 });

afterEach(releaseTime);

/** The control routes, as a page or curl calls them. */
async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${setting.playground.url}/api${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}

function rooms(init: RequestInit = {}): Promise<Response> {
  const { apiBaseUrl, webex } = setting.playground;
  return fetch(`${apiBaseUrl}/rooms`, { headers: { authorization: `Bearer ${webex.botToken}` }, ...init });
}

async function messagesOfBot(): Promise<unknown[]> {
  const { body } = await setting.bot.get(`/messages?roomId=${setting.lobbyId}&mentionedPeople=me`);
  return body.items;
}

describe("an API call", () => {
  it.each([
    [{ kind: "status", status: 503 }, 503, "application/json"],
    [{ kind: "status", status: 401 }, 401, "application/json"],
    [{ kind: "status", status: 423, retryAfterS: 2 }, 423, "application/json"],
    [{ kind: "html" }, 502, "text/html"],
    [{ kind: "html", status: 200 }, 200, "text/html"],
  ] as const)("is answered with %j", async (fault, status, type) => {
    setting.playground.faults.add({ on: "call", do: fault });
    const response = await rooms();
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain(type);
    expect(response.headers.get("trackingid")).not.toBeNull();
    if ("retryAfterS" in fault) expect(response.headers.get("retry-after")).toBe(String(fault.retryAfterS));
  });

  it.each([[{ kind: "reset", when: "before" }], [{ kind: "reset", when: "after" }]] as const)(
    "has its connection reset: %j",
    async (fault) => {
      setting.playground.faults.add({ on: "call", do: fault });
      await expect(rooms()).rejects.toThrow("fetch failed");
    },
  );

  it("is answered with half a body", async () => {
    setting.playground.faults.add({ on: "call", do: { kind: "cut" } });
    const response = await rooms();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("is not answered", async () => {
    setting.playground.faults.add({ on: "call", do: { kind: "hang" } });
    await expect(rooms({ signal: AbortSignal.timeout(100) })).rejects.toThrow();
  });

  it("is answered late", async () => {
    const time = holdTime();
    setting.playground.faults.add({ on: "call", do: { kind: "delay", ms: 300 }, times: 1 });
    const answered: string[] = [];
    const late = rooms().then(() => answered.push("the first"));
    while (setting.playground.timeline.all("fault").length === 0)
      await new Promise((resolve) => setImmediate(resolve));
    await rooms().then(() => answered.push("the second"));
    time.pass(300);
    await late;
    expect(answered).toEqual(["the second", "the first"]);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("that is reset %s it was done has posted %i messages", async (when, count) => {
    setting.playground.faults.add({
      on: "call",
      match: { path: "/messages" },
      do: { kind: "reset", when },
      times: 1,
    });
    const { bot } = setting.playground.webex;
    const posting = setting.ada.post("/messages", {
      roomId: setting.lobbyId,
      markdown: `<@personId:${bot.id}|Bellhop> hello`,
    });
    await expect(posting).rejects.toThrow();
    expect(await messagesOfBot()).toHaveLength(count);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("that is answered by a page %s it was done has posted %i messages", async (when, count) => {
    setting.playground.faults.add({ on: "call", do: { kind: "html", status: 504, when }, times: 1 });
    const { bot } = setting.playground.webex;
    const { apiBaseUrl } = setting.playground;
    const response = await fetch(`${apiBaseUrl}/messages`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${setting.playground.webex.people[0]?.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        roomId: setting.lobbyId,
        markdown: `<@personId:${bot.id}|Bellhop> hello`,
      }),
    });
    expect([response.status, await response.text()]).toEqual([504, expect.stringContaining("<h1>")]);
    expect(await messagesOfBot()).toHaveLength(count);
  });
});

describe("which calls", () => {
  it("are told by method, path and who makes them, and how often", async () => {
    const { faults } = setting.playground;
    const fault: Fault = {
      on: "call",
      match: { method: "GET", path: "/rooms", by: "bot" },
      do: { kind: "status", status: 500 },
      times: 2,
    };
    const added = faults.add(fault);
    expect((await setting.ada.get("/rooms")).status).toBe(200);
    expect((await setting.bot.get("/people/me")).status).toBe(200);
    const statuses = [1, 2, 3].map(async () => (await setting.bot.get("/rooms")).status);
    expect((await Promise.all(statuses)).sort((a, b) => a - b)).toEqual([200, 500, 500]);
    expect(added.happened).toBe(2);
    expect(setting.playground.timeline.all("fault")).toEqual([
      expect.objectContaining({ faultId: added.id, on: "call", what: "status", about: "GET /rooms" }),
      expect.objectContaining({ faultId: added.id }),
    ]);
  });

  it("are chosen by a seed, the same way each time", async () => {
    const { faults } = setting.playground;
    const seen = async (): Promise<number[]> => {
      const added = faults.add({
        on: "call",
        do: { kind: "status", status: 500 },
        probability: 0.5,
        seed: 7,
      });
      const statuses: number[] = [];
      for (let count = 0; count < 20; count++) statuses.push((await setting.bot.get("/people/me")).status);
      added.remove();
      return statuses;
    };
    const first = await seen();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await seen()).toEqual(first);
  });
});

describe("a delivery", () => {
  beforeEach(async () => {
    await setting.bot.post("/webhooks", {
      name: "all",
      targetUrl: setting.receiver.url,
      resource: "messages",
      event: "created",
      secret: "s",
    });
  });

  async function arrivedIds(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(JSON.parse((await setting.receiver.next()).body.toString()).data.id);
    return ids;
  }

  it("is lost", async () => {
    setting.playground.faults.add({ on: "delivery", do: { kind: "lost" }, times: 1 });
    await setting.playground.says("Ada", "one");
    const two = await setting.playground.says("Ada", "two");
    expect(await arrivedIds(1)).toEqual([two.id]);
  });

  it("comes several times", async () => {
    setting.playground.faults.add({ on: "delivery", do: { kind: "duplicate", copies: 2 } });
    const { id } = await setting.playground.says("Ada", "one");
    expect(await arrivedIds(3)).toEqual([id, id, id]);
  });

  it("comes behind the next one, or late", async () => {
    setting.playground.faults.add({ on: "delivery", do: { kind: "disorder" }, times: 1 });
    const one = await setting.playground.says("Ada", "one");
    const two = await setting.playground.says("Ada", "two");
    expect(await arrivedIds(2)).toEqual([two.id, one.id]);
    setting.playground.faults.add({ on: "delivery", do: { kind: "delay", ms: 20 }, times: 1 });
    const three = await setting.playground.says("Ada", "three");
    expect(await arrivedIds(1)).toEqual([three.id]);
  });

  it("is out of order for each webhook by itself", async () => {
    const { faults } = setting.playground;
    await setting.bot.post("/webhooks", {
      name: "the same once more",
      targetUrl: `${setting.receiver.url}?second`,
      resource: "messages",
      event: "created",
    });
    faults.add({ on: "delivery", do: { kind: "disorder" }, times: 2 });
    const one = await setting.playground.says("Ada", "one");
    const two = await setting.playground.says("Ada", "two");
    const ids = await arrivedIds(4);
    expect(new Set(ids.slice(0, 2))).toEqual(new Set([two.id]));
    expect(new Set(ids.slice(2))).toEqual(new Set([one.id]));
  });

  it("meets only faults that happen: what is lost is not doubled, too", async () => {
    const { faults, timeline } = setting.playground;
    const doubled = faults.add({ on: "delivery", do: { kind: "duplicate" } });
    const lost = faults.add({ on: "delivery", do: { kind: "lost" }, times: 1 });
    await setting.playground.says("Ada", "one");
    expect([doubled.happened, lost.happened]).toEqual([0, 1]);
    const { id } = await setting.playground.says("Ada", "two");
    expect(await arrivedIds(2)).toEqual([id, id]);
    expect([doubled.happened, lost.happened]).toEqual([1, 1]);
    expect(timeline.all("fault").map(({ what }) => what)).toEqual(["lost", "duplicate"]);
  });

  it("breaks off in the middle of its body, and counts as failed", async () => {
    setting.playground.faults.add({ on: "delivery", do: { kind: "cut" }, times: 1 });
    await setting.playground.says("Ada", "one");
    const two = await setting.playground.says("Ada", "two");
    expect(await arrivedIds(1)).toEqual([two.id]);
    await untilDelivered(2);
    const failed = setting.playground.timeline.all("delivery").find(({ status }) => status === null);
    expect(failed?.error).toContain("in the middle of the body");
  });

  it("switches its webhook off", async () => {
    setting.playground.faults.add({ on: "delivery", do: { kind: "deactivate" }, times: 1 });
    await setting.playground.says("Ada", "one");
    expect((await setting.bot.get("/webhooks")).body.items).toEqual([
      expect.objectContaining({ status: "inactive" }),
    ]);
  });

  it("is sent again when somebody asks for it, rightly and wrongly signed", async () => {
    await setting.playground.says("Ada", "one");
    const first = await setting.receiver.next();
    await untilDelivered(1);
    const [{ id } = { id: "" }] = setting.playground.timeline.all("delivery");
    expect((await control("POST", `/deliveries/${id}/again`, {})).status).toBe(200);
    const again = await setting.receiver.next();
    expect(again.body.equals(first.body)).toBe(true);
    expect(again.headers["x-spark-signature"]).toBe(first.headers["x-spark-signature"]);
    await control("POST", `/deliveries/${id}/again?signature=wrong`, {});
    expect((await setting.receiver.next()).headers["x-spark-signature"]).not.toBe(
      first.headers["x-spark-signature"],
    );
    expect((await control("POST", "/deliveries/nothing/again", {})).status).toBe(404);
  });

  async function untilDelivered(count: number): Promise<void> {
    while (setting.playground.timeline.all("delivery").length < count)
      await new Promise((resolve) => setImmediate(resolve));
  }
});

describe("over HTTP", () => {
  it("faults are added, listed and taken away", async () => {
    const fault = { on: "call", do: { kind: "status", status: 429, retryAfterS: 1 }, times: 1 };
    const { status, body } = await control("POST", "/faults", fault);
    expect({ status, body }).toEqual({ status: 201, body: { id: 1, happened: 0, ...fault } });
    expect((await rooms()).status).toBe(429);
    expect((await control("GET", "/faults")).body.items).toEqual([{ id: 1, happened: 1, ...fault }]);
    expect((await control("DELETE", "/faults/1")).status).toBe(204);
    expect((await control("DELETE", "/faults/1")).status).toBe(404);
    await control("POST", "/faults", fault);
    expect((await control("DELETE", "/faults")).status).toBe(204);
    expect(setting.playground.faults.list()).toEqual([]);
  });

  it.each([
    [{}, "'do' is expected to be an object"],
    [{ on: "mail", do: {} }, "'on' is expected"],
    [{ on: "call", do: { kind: "explode" } }, "'do.kind' of a call"],
    [{ on: "delivery", do: { kind: "html" } }, "'do.kind' of a delivery"],
    [{ on: "call", do: { kind: "status" } }, "'status' is missing"],
    [
      { on: "call", do: { kind: "status", status: 99 } },
      "'status' is expected to be a number from 400 to 599",
    ],
    [{ on: "call", do: { kind: "reset", when: "never" } }, "'when' is expected"],
    [{ on: "call", do: { kind: "hang" }, match: { url: "/" } }, "'match' has 'url'"],
    [{ on: "call", do: { kind: "hang" }, match: { path: 1 } }, "'match.path' is expected to be a text"],
    [{ on: "call", do: { kind: "hang" }, often: 1 }, "the body has 'often'"],
    [{ on: "call", do: { kind: "hang" }, probability: 2 }, "'probability' is expected"],
  ])("%j is refused, with what is expected", async (body, message) => {
    const refused = await control("POST", "/faults", body);
    expect(refused.status).toBe(400);
    expect(refused.body.message).toContain(message);
  });

  it("a page elsewhere, which can send no JSON, is refused", async () => {
    const response = await fetch(`${setting.playground.url}/api/faults`, { method: "POST", body: "{}" });
    expect(response.status).toBe(415);
  });
});

it("the numbers of a seed are spread and stay in their range", () => {
  const random = createRandom(42);
  const numbers = Array.from({ length: 1_000 }, random);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.05);
});
