import { LeaseLostError } from "../../src/core/contract/errors";
import type { Lease, Settlement, SettlementExtras } from "../../src/core/contract/inbox";
import type { JsonValue, Notice } from "../../src/core/contract/notice";
import type { Records } from "../../src/core/contract/records";

/** A lease that no inbox gave: what is noted is kept in memory, and given to the attempt that follows. */
export interface LeaseInMemory extends Lease {
  readonly journal: Map<string, JsonValue>;
  /** Messages that belong to a call, of this event or another one. */
  readonly sent: Set<string>;
  /** What a change of records changes. */
  records: Records | undefined;
  /** Whether another process has the event. */
  isLost: boolean;
  readonly settlements: { readonly settlement: Settlement; readonly extras: SettlementExtras }[];
  /** The same event, handed out anew. */
  again(more?: { readonly crashCount?: number }): LeaseInMemory;
}

export function leaseInMemory(
  notice: Notice,
  before?: {
    readonly attempt?: number;
    readonly crashCount?: number;
    readonly journal?: Map<string, JsonValue>;
    readonly sent?: Set<string>;
    readonly records?: Records | undefined;
  },
): LeaseInMemory {
  const { attempt = 1, crashCount = 0, journal = new Map<string, JsonValue>() } = before ?? {};
  const { sent = new Set<string>() } = before ?? {};
  const settlements: LeaseInMemory["settlements"] = [];
  const lease: LeaseInMemory = {
    id: "1",
    notice,
    attempt,
    crashCount,
    receivedAt: Date.now(),
    journal: new Map(journal),
    sent,
    records: before?.records,
    isLost: false,
    settlements,
    async note(place, entry, posted) {
      journal.set(place, entry);
      if (posted !== undefined) sent.add(posted);
    },
    async claim(place, candidates) {
      const index = candidates.findIndex(({ message }) => !sent.has(message));
      const claimed = candidates[index];
      if (claimed === undefined) return undefined;
      sent.add(claimed.message);
      journal.set(place, claimed.entry);
      return index;
    },
    async change(changes, place, entry) {
      await lease.records?.write(changes);
      journal.set(place, entry);
    },
    isHeld: () => !lease.isLost,
    async renew() {
      if (lease.isLost) throw new LeaseLostError("1");
    },
    async settle(settlement, extras = {}) {
      settlements.push({ settlement, extras });
    },
    again: (more = {}) =>
      leaseInMemory(notice, {
        attempt: attempt + 1,
        crashCount: more.crashCount ?? 0,
        journal,
        sent,
        records: lease.records,
      }),
  };
  return lease;
}
