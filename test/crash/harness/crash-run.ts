import { describeKill, planKills, pointsFor } from "./plan";
import { createRandom } from "./random";
import { openSite, type Report, type SiteOptions } from "./site";

/** What is to be tried. The same options make the same plan; what meets what in it differs from run to run. */
export interface CrashOptions extends Omit<SiteOptions, "command"> {
  readonly kills: number;
  /** Fault points to be killed at, each once before chance takes over. @default all that there are */
  readonly points?: readonly string[] | undefined;
  /** Is told of each kill. */
  readonly onKill?: ((description: string) => void) | undefined;
}

/** Kills the program again and again while people write, and looks at what became of it all. */
export async function crashRun(options: CrashOptions): Promise<Report> {
  const random = createRandom(options.seed);
  const { conditions = [] } = options;
  const points = options.points ?? pointsFor(options.replies ?? "at-least-once");
  const site = await openSite({ ...options, command: commandFor(options) });
  try {
    const first = await site.start();
    await site.begin(first);
    await first.stop();
    for (const kill of planKills({ count: options.kills, random, points, conditions })) {
      options.onKill?.(describeKill(kill));
      const program = await site.start({ kill });
      site.route([program]);
      if (!("point" in kill)) await program.ready();
      await program.killed(kill);
    }
    const last = await site.start();
    site.route([last]);
    await site.drain([last]);
    return await site.report();
  } finally {
    await site.close();
  }
}

function commandFor(options: CrashOptions): string {
  const { seed, kills, databaseUrl, copies, replies, points, conditions = [] } = options;
  const flags = [
    `--seed ${seed} --kills ${kills}`,
    databaseUrl === undefined ? "" : "--inbox postgres",
    copies === undefined ? "" : `--copies ${copies}`,
    replies === undefined ? "" : `--replies ${replies}`,
    conditions.length === 0 ? "" : `--with ${conditions.join(",")}`,
    points === undefined ? "" : `--points "${points.join(",")}"`,
  ];
  return `npm run crash -- ${flags.filter(Boolean).join(" ")}`;
}
