/** The watchdog's thread: counts the time in which the event loop does not turn. */
import { workerData } from "node:worker_threads";
import { readActivity } from "../core/handle/activity";
import { createBlockedTime } from "./blocked-time";
import type { ThreadData } from "./thread-data";

function watch(data: ThreadData): void {
  const activity = readActivity(data.buffer);
  const time = createBlockedTime(data.everyMs);
  let isLooking = false;

  async function look(): Promise<void> {
    // A debugger may hold the main thread for as long as its user likes.
    if (activity.isDebugged()) return time.reset();
    const blockedMs = time.look(performance.now(), activity.beats());
    if (blockedMs < data.blockedMs) return;
    isLooking = true;
    try {
      // Loaded only now: most programs never need it.
      const { endIfBlocked } = require("./end-if-blocked") as typeof import("./end-if-blocked");
      await endIfBlocked(activity, blockedMs, data);
    } finally {
      isLooking = false;
      time.reset();
    }
  }

  setInterval(() => {
    if (!isLooking) void look();
  }, data.everyMs);
}

// Asserted: `startWatchdog` starts this thread, and is of the same version.
watch(workerData as ThreadData);
