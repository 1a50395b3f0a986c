import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TimelineEntry } from "../../src/playground";
import { holdTime, releaseTime } from "../held-time";
import { useSetting } from "./setting";

let nowMs = 0;
const deliveryTimeoutMs = 10_000;
const here = useSetting({ now: () => nowMs, deliveryTimeoutMs });
const minute = 60_000;

afterEach(releaseTime);
beforeEach(() => {
  nowMs = Date.parse("2026-01-01T00:00:00.000Z");
});

async function watch(targetUrl = here.receiver.url) {
  const body = { name: "w", targetUrl, resource: "messages", event: "created" };
  return (await here.bot.post("/webhooks", body)).body;
}

/** Lets somebody write, and waits until the delivery has been answered or has failed. */
async function deliver(times = 1): Promise<TimelineEntry & { name: "delivery" }> {
  for (let n = 1; ; n++) {
    const delivered = new Promise<TimelineEntry & { name: "delivery" }>((resolve) => {
      const unlisten = here.playground.timeline.listen((entry) => {
        if (entry.name !== "delivery") return;
        unlisten();
        resolve(entry);
      });
    });
    await here.playground.says("ada", "x");
    const entry = await delivered;
    if (n === times) return entry;
  }
}

async function statusOf(webhook: { id: string }): Promise<string> {
  return (await here.bot.get(`/webhooks/${webhook.id}`)).body.status;
}

function wake(webhook: { id: string }) {
  const body = { name: "w", targetUrl: here.receiver.url, status: "active" };
  return here.bot.put(`/webhooks/${webhook.id}`, body);
}

it("deactivates a webhook with the hundredth failure in five minutes, and sends it nothing more", async () => {
  const webhook = await watch();
  here.receiver.status = 500;
  await deliver(99);
  expect(await statusOf(webhook)).toBe("active");
  nowMs += 5 * minute - 1;
  await deliver();
  expect(await statusOf(webhook)).toBe("inactive");
  const other = await watch();
  await deliver();
  expect(here.receiver.received.slice(100).map(({ json }) => json.id)).toEqual([other.id]);
});

it("counts a redirect as a failure", async () => {
  const webhook = await watch();
  here.receiver.status = 302;
  await deliver(100);
  expect(await statusOf(webhook)).toBe("inactive");
});

it("leaves a webhook active when its hundred failures took longer", async () => {
  const webhook = await watch();
  here.receiver.status = 404;
  await deliver(99);
  nowMs += 5 * minute;
  await deliver();
  expect(await statusOf(webhook)).toBe("active");
});

it("deactivates a webhook with one failure when it was woken within five minutes", async () => {
  const webhook = await watch();
  here.receiver.status = 500;
  await deliver(100);
  nowMs += 4 * minute;
  expect((await wake(webhook)).body.status).toBe("active");
  await deliver();
  expect(await statusOf(webhook)).toBe("inactive");
});

it("counts anew when a webhook was woken after five minutes", async () => {
  const webhook = await watch();
  here.receiver.status = 500;
  await deliver(100);
  nowMs += 5 * minute;
  await wake(webhook);
  await deliver(99);
  expect(await statusOf(webhook)).toBe("active");
  await deliver();
  expect(await statusOf(webhook)).toBe("inactive");
});

it.each([200, 202, 204, 299])("takes %d as success", async (status) => {
  await watch();
  here.receiver.status = status;
  expect((await deliver()).data.status).toBe(status);
});

it("does not follow a redirect", async () => {
  await watch();
  here.receiver.status = 307;
  expect((await deliver()).data.status).toBe(307);
  expect(here.receiver.received).toHaveLength(1);
});

it("gives up on a receiver that does not answer", async () => {
  await watch();
  here.receiver.status = 0;
  const time = holdTime();
  const delivering = deliver();
  while (here.receiver.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
  time.pass(deliveryTimeoutMs);
  expect((await delivering).data).toMatchObject({ status: null, error: "no answer in 10 s" });
});

it("counts a receiver that is not there as a failure", async () => {
  await watch("http://127.0.0.1:1/hook");
  expect((await deliver()).data).toMatchObject({
    status: null,
    error: expect.stringContaining("ECONNREFUSED"),
  });
});

it("delivers once more over a new connection when a kept one was closed meanwhile", async () => {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    // The second request on the kept connection finds it closed.
    if (requests === 2) request.socket.destroy();
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
  expect([(await deliver()).data.status, (await deliver()).data.status]).toEqual([200, 200]);
  expect(requests).toBe(3);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("delivers over a new connection when the receiver has closed every kept one", async () => {
  let isClosing = false;
  const held: (() => void)[] = [];
  const server = createServer((request, response) => {
    // A request on a kept connection finds it closed, whichever it is.
    if (isClosing && kept.has(request.socket)) request.socket.destroy();
    else if (isClosing) response.end();
    else held.push(() => response.end());
    kept.add(request.socket);
    if (held.length === 2) for (const answer of held) answer();
  });
  const kept = new Set<unknown>();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
  await Promise.all([deliver(), deliver()]);
  expect(kept.size).toBe(2);
  isClosing = true;
  expect((await deliver()).data.status).toBe(200);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it("sends deliveries side by side", async () => {
  let open = 0;
  let most = 0;
  const server = createServer((_request, response) => {
    most = Math.max(most, ++open);
    // Answers only when all three are there.
    if (open === 3) for (const waiting of [...held, response]) waiting.end();
    else held.push(response);
  });
  const held: import("node:http").ServerResponse[] = [];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`);
  const answered = new Promise<void>((resolve) => {
    here.playground.timeline.listen(() => {
      const deliveries = here.playground.timeline.all("delivery");
      if (deliveries.length === 3 && deliveries.every(({ status }) => status === 200)) resolve();
    });
  });
  for (const text of ["1", "2", "3"]) await here.playground.says("ada", text);
  await answered;
  expect(most).toBe(3);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
