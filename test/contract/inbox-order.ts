import fc from "fast-check";
import type { Inbox, Lease, Settlement } from "../../src/core/contract/inbox";
import { DEAD, HANDLED, type InboxUnderTest, noticeOf, retryAfter, takeNow, takeOne } from "./inbox";

type How = "handled" | "dropped" | "retry" | "aside" | "released" | "dead";

type Step =
  | { readonly do: "add"; readonly room: number }
  | { readonly do: "take"; readonly max: number }
  | { readonly do: "settle"; readonly which: number; readonly how: How }
  | { readonly do: "note"; readonly which: number }
  | { readonly do: "wait" | "reopen" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("add" as const), room: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("take" as const), max: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      which: fc.nat(9),
      how: fc.constantFrom("handled", "handled", "dropped", "retry", "aside", "released", "dead"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("note" as const), which: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);

/** What was put in and what came out, and the checks that hold at every moment. */
class Witness {
  readonly added: number[] = [];
  readonly settled: { readonly room: string; readonly number: number }[] = [];
  readonly held = new Map<string, Lease>();
  /** Events that have lost their place, by key. */
  readonly aside = new Set<string>();
  /** What was noted of each event, in this life or one before. */
  readonly noted = new Map<string, Map<string, number>>();

  receive(lease: Lease): void {
    const { key } = lease.notice;
    expect(lease.isAside ?? false).toBe(this.aside.has(key));
    expect(this.held.has(this.#turnOf(lease))).toBe(false);
    this.held.set(this.#turnOf(lease), lease);
    expect(Object.fromEntries(lease.journal)).toEqual(Object.fromEntries(this.noted.get(key) ?? []));
  }

  note(lease: Lease): Promise<void> {
    const { key } = lease.notice;
    const journal = this.noted.get(key) ?? new Map<string, number>();
    const [place, entry] = [`${journal.size % 3}`, journal.size];
    this.noted.set(key, journal.set(place, entry));
    return lease.note(place, entry);
  }

  /** Its turn was over: the conversation may have another on lease from now on, and not before. */
  release(lease: Lease, how: How): void {
    const { notice } = lease;
    this.held.delete(this.#turnOf(lease));
    if (how === "aside") this.aside.add(notice.key);
    else if (how !== "retry" && how !== "released")
      this.settled.push({ room: this.#turnOf(lease), number: Number(notice.data.id) });
  }

  /** What it is handled in turn with: its conversation, or nothing once it has lost its place there. */
  #turnOf({ notice, isAside }: Lease): string {
    return isAside === true ? notice.key : notice.conversation;
  }

  /** Every event exactly once, and in each room in the order of arrival. */
  check(): void {
    const numbers = this.settled.map(({ number }) => number);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(this.added);
    const last = new Map<string, number>();
    for (const { room, number } of this.settled) {
      expect(number).toBeGreaterThan(last.get(room) ?? -1);
      last.set(room, number);
    }
  }
}

function settlementOf(how: How, { attempt }: Lease): Settlement {
  switch (how) {
    case "handled":
      return HANDLED;
    case "dropped":
      return { kind: "dropped", reason: "nobody listens" };
    case "retry":
      return retryAfter(attempt % 3);
    case "aside":
      return { ...retryAfter(attempt % 3), aside: true } as Settlement;
    case "released":
      return { kind: "released" };
    case "dead":
      return DEAD;
    default:
      return how satisfies never;
  }
}

/**
 * Every event is handled once and in order, with what was noted of it, whatever happens meanwhile: arrivals, failures,
 * processes that stop with leases in hand.
 * @param open makes an empty inbox
 */
export async function expectOrder(open: () => Promise<InboxUnderTest>, numRuns: number): Promise<void> {
  const runs = fc.asyncProperty(
    fc.array(step, { minLength: 20, maxLength: 80, size: "max" }),
    async (steps) => {
      const opened = await open();
      let { inbox } = opened;
      const witness = new Witness();
      // Nothing is awaited before it has to be: what is under way overlaps with what comes next.
      const underWay: Promise<unknown>[] = [];

      const ended = new Set<Lease>();
      const settle = async (lease: Lease, how: How): Promise<void> => {
        ended.add(lease);
        await lease.settle(settlementOf(how, lease));
        witness.release(lease, how);
      };
      const take = async (from: Inbox, max: number): Promise<void> => {
        for (const lease of await takeNow(from, max)) witness.receive(lease);
      };

      for (const now of steps) {
        switch (now.do) {
          case "add": {
            const number = witness.added.length;
            witness.added.push(number);
            underWay.push(inbox.add(noticeOf(`${number}`, { in: `room ${now.room}` })));
            break;
          }
          case "take":
            underWay.push(take(inbox, now.max));
            break;
          case "settle": {
            const leases = [...witness.held.values()].filter((lease) => !ended.has(lease));
            const lease = leases[now.which % Math.max(1, leases.length)];
            if (lease !== undefined) underWay.push(settle(lease, now.how));
            break;
          }
          case "note": {
            const leases = [...witness.held.values()].filter((lease) => !ended.has(lease));
            const lease = leases[now.which % Math.max(1, leases.length)];
            if (lease !== undefined) underWay.push(witness.note(lease));
            break;
          }
          case "wait":
            await Promise.all(underWay.splice(0));
            break;
          case "reopen":
            await Promise.all(underWay.splice(0));
            await inbox.close();
            witness.held.clear();
            inbox = await opened.reopen();
            break;
          default:
            now satisfies never;
        }
      }
      await Promise.all(underWay);
      for (const lease of witness.held.values()) await settle(lease, "handled");
      while ((await inbox.counts()).waiting > 0) {
        const lease = await takeOne(inbox);
        witness.receive(lease);
        await settle(lease, "handled");
      }
      witness.check();
      await inbox.close();
    },
  );
  await fc.assert(runs, { numRuns });
}
