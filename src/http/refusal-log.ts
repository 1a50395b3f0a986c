import type { Logger } from "../core/contract/logger";

/** Logs refused deliveries so that a flood of them is a line a second and not a full disk. */
export interface RefusalLog {
  add(platform: string, code: string, reason: string): void;
}

const EVERY_MS = 1_000;

/** Makes a log that writes the first refusal of a kind at once, and how many followed once a second. */
export function createRefusalLog(log: Logger): RefusalLog {
  const counts = new Map<string, { platform: string; reason: string; more: number }>();

  return {
    add(platform, code, reason) {
      const kind = `${platform} ${code}`;
      const known = counts.get(kind);
      if (known !== undefined) {
        known.more++;
        return;
      }
      const count = { platform, reason, more: 0 };
      counts.set(kind, count);
      log.warn("delivery refused", { platform, code, reason });
      setTimeout(() => {
        counts.delete(kind);
        if (count.more > 0)
          log.warn("more deliveries refused", { platform, code, reason, count: count.more });
      }, EVERY_MS).unref();
    },
  };
}
