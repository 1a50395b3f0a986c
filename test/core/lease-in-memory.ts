import type { Enclosed, Lease, Settlement } from "../../src/core/inbox";
import type { JsonValue, Notice } from "../../src/core/notice";

/** A lease that no inbox gave: what is noted is kept in memory, and given to the attempt that follows. */
export interface LeaseInMemory extends Lease {
  readonly journal: Map<string, JsonValue>;
  readonly settlements: { readonly settlement: Settlement; readonly enclosed: Enclosed }[];
  /** The same event, handed out anew. */
  again(more?: { readonly interruptions?: number }): LeaseInMemory;
}

export function leaseInMemory(
  notice: Notice,
  before?: { attempt: number; interruptions: number; journal: Map<string, JsonValue> },
): LeaseInMemory {
  const { attempt = 1, interruptions = 0, journal = new Map<string, JsonValue>() } = before ?? {};
  const settlements: LeaseInMemory["settlements"] = [];
  return {
    id: "1",
    notice,
    attempt,
    interruptions,
    receivedAt: 0,
    journal: new Map(journal),
    settlements,
    async note(place, entry) {
      journal.set(place, entry);
    },
    async settle(settlement, enclosed = {}) {
      settlements.push({ settlement, enclosed });
    },
    again: (more = {}) =>
      leaseInMemory(notice, { attempt: attempt + 1, interruptions: more.interruptions ?? 0, journal }),
  };
}
