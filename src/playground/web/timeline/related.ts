import type { TimelineEntry } from "./entries";

/**
 * What has to do with one message: what was told of it, what the bots did about it, and what came of that; or, of what a bot
 * wrote, what it answered.
 */
export function relatedTo(timeline: readonly TimelineEntry[], id: string): readonly TimelineEntry[] {
  const ids = new Set([id]);
  // An attempt is about the event and about what was written in answer.
  for (const entry of timeline)
    if (entry.kind === "attempt" && entry.about.includes(id)) for (const other of entry.about) ids.add(other);
  return timeline.filter(({ about }) => about.some((one) => ids.has(one)));
}
