import type { EventHistory } from "../../core/contract/platform";
import type { IntercomClient } from "./client";
import { beginningOf, isContact, partsOf } from "./item";
import { type NoticeSource, toMessageNotice } from "./parse";

/** What Intercom tells of what people wrote meanwhile. What else happened is told once, by notifications. */
export function createMissed(client: IntercomClient, source: NoticeSource): EventHistory {
  return {
    async *rooms(since, signal) {
      for await (const { id } of client.conversations.updatedSince(since / 1_000, { signal })) yield id;
    },
    async notices(id, since, signal) {
      const { raw } = await client.conversations.get(id, { signal });
      // Times are in whole seconds.
      const from = Math.floor(since / 1_000);
      const beginning = beginningOf(raw);
      const isNew =
        beginning !== undefined && isContact(beginning.author) && (beginning.createdAt ?? 0) >= from;
      const parts = partsOf(raw).filter(
        ({ author, createdAt = 0 }) => isContact(author) && createdAt >= from,
      );
      return [
        ...(isNew ? [toMessageNotice(raw, beginning, source, "beginning")] : []),
        ...parts.map((part) => toMessageNotice(raw, part, source, "newest part")),
      ];
    },
  };
}
