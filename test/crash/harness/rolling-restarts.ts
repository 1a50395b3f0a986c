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
 * Restarts the program again and again while people write, as an update does: with SIGTERM, and with the next one there
 * before the last one is told to stop. On a database it is at work by then; on a file it waits for it.
 */
export async function rollingRestarts(options: RestartOptions): Promise<Report> {
  const random = createRandom(options.seed);
  const onDatabase = options.databaseUrl !== undefined;
  const site = await openSite({ ...options, command: "npx jest test/crash/restart.test.ts" });
  try {
    let current = await site.start();
    await site.begin(current);
    for (let restart = 0; restart < options.restarts; restart++) {
      await wait(random.between(SHORTEST_MS, LONGEST_MS));
      const next = await site.start();
      await (onDatabase ? next.ready() : next.listens());
      site.route([next, current]);
      await current.stop();
      await next.ready();
      site.route([next]);
      current = next;
    }
    await site.drain([current]);
    return await site.report();
  } finally {
    await site.close();
  }
}
