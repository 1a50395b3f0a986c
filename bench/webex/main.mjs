// Webex as a measured program sees it: sends signed deliveries and serves the API that answers go to.
import { setTimeout as pause } from "node:timers/promises";
import { serveParent, settings } from "../child.mjs";
import { quantileOf } from "../numbers.mjs";
import { serveApi } from "./api.mjs";
import { createDeliveries } from "./deliveries.mjs";
import { openSenders } from "./senders.mjs";

const { secret } = settings();
const nextDelivery = createDeliveries(secret);
/** Messages that wait for their answer, by id. */
const unanswered = new Map();

const apiBaseUrl = await serveApi({
  roomOf: (messageId) => unanswered.get(messageId)?.roomId,
  onReply(messageId) {
    unanswered.get(messageId)?.answered();
    unanswered.delete(messageId);
  },
});

/** One delivery after the other, as fast as they are acknowledged. */
async function acknowledge(sender, event) {
  await sender.send(nextDelivery(event).request);
}

/** One message after the other, as fast as they are answered. */
async function converse(sender) {
  const { messageId, roomId, request } = nextDelivery("created");
  const answered = new Promise((resolve) => unanswered.set(messageId, { roomId, answered: resolve }));
  await Promise.all([sender.send(request), answered]);
}

/** An answer that has not come so long after the end will not come, in milliseconds. */
const GRACE_MS = 15_000;

/** Lets each of so many connections do its work again and again until the time is up. */
async function repeat({ port, connections, seconds }, work) {
  const overdue = setTimeout(
    () => {
      throw new Error(`${unanswered.size} messages were not answered in time`);
    },
    seconds * 1_000 + GRACE_MS,
  );
  const senders = await openSenders(port, connections);
  const took = [];
  const from = performance.now();
  const until = from + seconds * 1_000;
  await Promise.all(
    senders.map(async (sender) => {
      for (let at = performance.now(); at < until; ) {
        await work(sender);
        const now = performance.now();
        took.push(now - at);
        at = now;
      }
    }),
  );
  const lasted = (performance.now() - from) / 1_000;
  clearTimeout(overdue);
  for (const sender of senders) sender.close();
  return {
    count: took.length,
    perSecond: took.length / lasted,
    p50Ms: quantileOf(took, 0.5),
    p99Ms: quantileOf(took, 0.99),
  };
}

serveParent(
  { apiBaseUrl },
  {
    acks: (run) => repeat(run, (sender) => acknowledge(sender, run.event)),
    replies: (run) => repeat(run, converse),
    /** One message at a time with rest between them. */
    async alone({ port, messages, restMs }) {
      const [sender] = await openSenders(port, 1);
      const took = [];
      for (let sent = 0; sent < messages; sent++) {
        await pause(restMs);
        const from = performance.now();
        await converse(sender);
        took.push(performance.now() - from);
      }
      sender.close();
      return { p50Ms: quantileOf(took, 0.5) };
    },
  },
);
