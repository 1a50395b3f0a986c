import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "./random";
import { openSite, type Report, type SiteOptions } from "./site";

export interface RestartOptions extends Omit<SiteOptions, "command"> {
  readonly restarts: number;
}

/** How long a program works before the next one takes over, in milliseconds. */
const SHORTEST_MS = 200;
const LONGEST_MS = 900;

/**
 * Restarts the program again and again while people write, as an update does: with SIGTERM. On a database the next one
 * is at work before the last one is told to stop; on a file they follow each other.
 */
export async function rollingRestarts(options: RestartOptions): Promise<Report> {
  const random = createRandom(options.seed);
  const overlap = options.databaseUrl !== undefined;
  const site = await openSite({ ...options, command: "npx jest test/crash/restart.test.ts" });
  try {
    let current = await site.start();
    await site.begin(current);
    for (let restart = 0; restart < options.restarts; restart++) {
      await wait(random.between(SHORTEST_MS, LONGEST_MS));
      if (overlap) {
        const next = await site.start();
        await next.ready();
        site.route([next, current]);
        await current.stop();
        current = next;
      } else {
        await current.stop();
        current = await site.start();
      }
      site.route([current]);
      await current.ready();
    }
    await site.drain([current]);
    return await site.report();
  } finally {
    await site.close();
  }
}
