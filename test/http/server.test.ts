import request from "supertest";
import type { InboxCounts } from "../../src/core/contract/inbox";
import { createPrometheusMetrics } from "../../src/http/metrics";
import { createApp, ListenError, type Listening, listen } from "../../src/http/server";

let counts: () => Promise<InboxCounts>;
let status: "ready" | "starting";
let metrics: ReturnType<typeof createPrometheusMetrics>;
let server: Listening;

beforeEach(async () => {
  counts = async () => ({ waiting: 3, dead: 1, remembered: 20 });
  status = "starting";
  metrics = createPrometheusMetrics({ counts: () => counts() });
  server = await listen(createApp({ metrics, readiness: () => ({ status, checks: [] }) }), "127.0.0.1", 0);
});
afterEach(() => server.close());

describe("/healthz", () => {
  it("says that the process serves, ready or not", async () => {
    const response = await request(server.url).get("/healthz");
    expect([response.status, response.body]).toEqual([200, { status: "ok" }]);
    expect(response.headers).not.toHaveProperty("x-powered-by");
  });
});

describe("/readyz", () => {
  it("says 503 until events are handled", async () => {
    const before = await request(server.url).get("/readyz");
    status = "ready";
    const after = await request(server.url).get("/readyz");
    expect([before.status, before.body]).toEqual([503, { status: "starting", checks: [] }]);
    expect([after.status, after.body]).toEqual([200, { status: "ready", checks: [] }]);
  });
});

describe("/metrics", () => {
  it("counts deliveries and events, and shows what the inbox holds, for Prometheus", async () => {
    metrics.delivery("webex", "accepted");
    metrics.delivery("webex", "accepted");
    metrics.event("webex", "messages.created", "handled", 30);
    const response = await request(server.url).get("/metrics");
    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'bellhop_deliveries_total{platform="webex",outcome="accepted"} 2',
      'bellhop_events_total{platform="webex",event="messages.created",outcome="handled"} 1',
      'bellhop_event_duration_seconds_bucket{le="0.02",platform="webex"} 0',
      'bellhop_event_duration_seconds_bucket{le="0.05",platform="webex"} 1',
      'bellhop_event_duration_seconds_sum{platform="webex"} 0.03',
      'bellhop_inbox_events{state="waiting"} 3',
      'bellhop_inbox_events{state="dead"} 1',
    ])
      expect(response.text.split("\n")).toContain(line);
  });

  it("shows the counts also while the inbox cannot be read, and nothing old of the inbox", async () => {
    metrics.delivery("webex", "failed");
    await request(server.url).get("/metrics");
    counts = () => Promise.reject(new Error("the disk is gone"));
    const response = await request(server.url).get("/metrics");
    expect(response.status).toBe(200);
    expect(response.text).toContain('bellhop_deliveries_total{platform="webex",outcome="failed"} 1');
    expect(response.text).not.toContain("bellhop_inbox_events{");
    expect(response.text).not.toContain("the disk is gone");
  });

  it("counts apart what is counted by another receiver of the same process", async () => {
    metrics.delivery("webex", "accepted");
    expect(await createPrometheusMetrics({ counts }).text()).not.toContain("bellhop_deliveries_total{");
  });
});

describe("listen", () => {
  it("finds a free port and says where it is", () => {
    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
  });

  it("names an address under which one can reach it, for one that stands for all", async () => {
    const everywhere = await listen((_request, response) => response.end("here"), "0.0.0.0", 0);
    expect((await request(everywhere.url).get("/")).text).toBe("here");
    await everywhere.close();
  });

  it("says what to do when the port is taken", async () => {
    const again = listen(() => {}, "127.0.0.1", server.port);
    await expect(again).rejects.toThrow(ListenError);
    await expect(again).rejects.toMatchObject({
      code: "listen-failed",
      message: `cannot listen on 127.0.0.1 port ${server.port}: another program listens there. Stop it, or set PORT`,
    });
  });

  it("lets a running request finish when it closes, and takes no new one", async () => {
    let finish: () => void = () => {};
    let begun: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow = await listen(
      (_request, response) => {
        finish = () => response.end("finished");
        begun();
      },
      "127.0.0.1",
      0,
    );
    const answer = request(slow.url)
      .get("/")
      .then(({ text }) => text);
    await running;
    const closed = slow.close();
    await expect(request(slow.url).get("/")).rejects.toThrow("ECONNREFUSED");
    finish();
    await expect(answer).resolves.toBe("finished");
    await closed;
  });
});
