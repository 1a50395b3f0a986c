import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Inbox, InboxCounts } from "../core/contract/inbox";
import type { Metrics } from "../core/contract/metrics";

/** Metrics that Prometheus can read. */
export interface PrometheusMetrics extends Metrics {
  readonly contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Makes counters of deliveries and events, and gauges of what the inbox holds; in a registry of their own. */
export function createPrometheusMetrics(inbox: Pick<Inbox, "counts">): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  const deliveries = new Counter({
    name: "bellhop_deliveries_total",
    help: "Deliveries, by webhook or over a connection, by what became of them: accepted, duplicate, ignored, malformed, refused, failed",
    labelNames: ["platform", "outcome"],
    registers,
  });
  const events = new Counter({
    name: "bellhop_events_total",
    help: "Attempts at events by what became of them: handled, dropped, retried, dead",
    labelNames: ["platform", "event", "outcome"],
    registers,
  });
  const webhooks = new Counter({
    name: "bellhop_webhooks_total",
    help: "What was done to webhooks at the platforms: created, updated, reactivated, deleted; failed: nobody could look after them",
    labelNames: ["platform", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "bellhop_event_duration_seconds",
    help: "From taking an event to the end of the attempt",
    labelNames: ["platform"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const caughtUp = new Counter({
    name: "bellhop_caught_up_events_total",
    help: "Events that no delivery brought and catching up found",
    labelNames: ["platform"],
    registers,
  });
  const connections = new Gauge({
    name: "bellhop_connected",
    help: "1 while an account's own connection is there, 0 while it is not; absent for accounts that receive by webhook",
    labelNames: ["platform", "account"],
    registers,
  });
  new Gauge({
    name: "bellhop_inbox_events",
    help: "Events in the inbox: waiting, dead, remembered; absent while it cannot be read",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      // Who looks while the inbox fails needs the other figures all the more.
      const counts: Partial<InboxCounts> = await inbox.counts().catch(() => ({}));
      for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
    },
  });

  return {
    delivery: (platform, outcome) => deliveries.inc({ platform, outcome }),
    event(platform, event, outcome, ms) {
      events.inc({ platform, event, outcome });
      durations.observe({ platform }, ms / 1_000);
    },
    connected: (platform, account, isConnected) =>
      connections.set({ platform, account }, isConnected ? 1 : 0),
    caughtUp: (platform, count) => caughtUp.inc({ platform }, count),
    webhook: (platform, outcome) => webhooks.inc({ platform, outcome }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
