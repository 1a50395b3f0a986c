import type { Lease } from "../../src/core/contract/inbox";
import { type Conversation, createBacklog } from "../../src/inbox/embedded/backlog";
import { createLeaseQueue } from "../../src/inbox/embedded/lease-queue";
import { createNoticeCache } from "../../src/inbox/embedded/notice-cache";
import { createQuarantine } from "../../src/inbox/embedded/quarantine";
import type { StoredNotice } from "../../src/inbox/embedded/thread-protocol";
import { noticeOf } from "../contract/inbox";

/** Takers before a file that answers when the test says so. Asserted in it: takers ask for nothing but `read`. */
function setting(rooms: readonly string[]) {
  const backlog = createBacklog();
  const payloads = createNoticeCache({ count: 0, bytes: 0, aheadCount: 100, aheadBytes: 100_000 });
  rooms.forEach((room, index) => {
    backlog.push(index + 1, room);
  });
  const asked: { ids: number[]; answer(rows?: readonly StoredNotice[]): Promise<void> }[] = [];
  const takers = createLeaseQueue({
    backlog,
    cache: payloads,
    thread: {
      call: (_, request) =>
        new Promise((resolve) => {
          const { ids } = request as { ids: number[] };
          const all = ids.map((id) => ({
            id,
            notice: JSON.stringify(noticeOf(`${id}`)),
            receivedAt: 0,
            crashCount: 0,
            blockedTimes: 0,
            blockedWhere: null,
            failingSince: 0,
            isAside: 0,
            journal: [],
          }));
          const answer = async (rows: readonly StoredNotice[] = all): Promise<void> => {
            resolve(rows as never);
            await new Promise(setImmediate);
          };
          asked.push({ ids, answer });
        }),
    },
    // Asserted: nothing settles these.
    toLease: (conversation, { notice }) => ({ id: `${conversation.head}`, notice }) as Lease,
    onMissing: (conversation) => backlog.finish(conversation),
    isRecovered: () => false,
    isPaused: () => false,
    quarantine: createQuarantine(),
  });
  return { backlog, payloads, takers, asked };
}

const ids = (leases: readonly Lease[]): string[] => leases.map(({ id }) => id);

it("reads what comes next along with what is needed now", async () => {
  const { takers, asked } = setting(["a", "b", "a", "c"]);
  const aborting = new AbortController();
  const taking = takers.take(1, aborting.signal);
  expect(asked[0]?.ids).toEqual([1, 2, 4, 3]);
  await asked[0]?.answer();
  expect(ids(await taking)).toEqual(["1"]);
  expect(ids(await takers.take(2, aborting.signal))).toEqual(["2", "4"]);
  expect(asked).toHaveLength(1);
});

it("does not keep what was read ahead a second time after it has been handed out", async () => {
  const { takers, payloads, asked } = setting(["a", "b", "c"]);
  const { signal } = new AbortController();
  const first = takers.take(1, signal);
  const second = takers.take(1, signal);
  expect(asked.map((request) => request.ids)).toEqual([
    [1, 2, 3],
    [2, 3],
  ]);
  await asked[0]?.answer();
  expect(ids(await takers.take(1, signal))).toEqual(["3"]);
  await asked[1]?.answer();
  expect([ids(await first), ids(await second)]).toEqual([["1"], ["2"]]);
  expect(payloads.has(3)).toBe(false);
});

it("gives what a taker left while it was being read to the next one, in the same order", async () => {
  const { takers, asked } = setting(["a", "b"]);
  const aborting = new AbortController();
  const gone = takers.take(2, aborting.signal);
  const next = takers.take(2, new AbortController().signal);
  aborting.abort();
  await asked[0]?.answer();
  expect(await gone).toEqual([]);
  await asked[1]?.answer();
  expect(ids(await next)).toEqual(["1", "2"]);
});

it("lets a taker go that found nothing of what it should have got", async () => {
  const { takers, asked } = setting(["a"]);
  const aborting = new AbortController();
  const taking = takers.take(1, aborting.signal);
  await asked[0]?.answer([]);
  aborting.abort();
  expect(await taking).toEqual([]);
});

it("refuses those who wait, also for the file, and those who come later", async () => {
  const { takers, asked } = setting(["a"]);
  const { signal } = new AbortController();
  const closed = new Error("closed");
  const calls = [takers.take(1, signal), takers.take(1, signal)];
  takers.refuse(closed);
  calls.push(takers.take(1, signal));
  const refused = Promise.all(calls.map((call) => expect(call).rejects.toBe(closed)));
  await asked[0]?.answer();
  await refused;
});

it("gives every event once, when it cannot be noted that an attempt begins", async () => {
  const backlog = createBacklog();
  for (const [index, room] of ["a", "b", "c"].entries()) backlog.push(index + 1, room);
  const full = new Error("the disk is full");
  let isFull = true;
  const suspects = createQuarantine();
  const handedOut: Conversation[] = [];
  const takers = createLeaseQueue({
    backlog,
    cache: createNoticeCache({ count: 0, bytes: 0, aheadCount: 100, aheadBytes: 100_000 }),
    thread: {
      // Asserted: it is asked for nothing but `read` and `mark`.
      call: async (kind, request) => {
        if (kind === "mark" && isFull) throw full;
        const { ids: wanted } = request as { ids: number[] };
        const notice = JSON.stringify(noticeOf("a"));
        return wanted.map((id) => ({ id, notice, receivedAt: 0, crashCount: 5, journal: [] })) as never;
      },
    },
    toLease(conversation) {
      handedOut.push(conversation);
      return { id: `${conversation.head}` } as Lease; // asserted: nothing settles it
    },
    onMissing: (conversation) => backlog.finish(conversation),
    isRecovered: () => true,
    isPaused: () => false,
    quarantine: suspects,
  });
  const { signal } = new AbortController();
  await expect(takers.take(3, signal)).rejects.toBe(full);
  expect(backlog.leased).toBe(0);
  isFull = false;
  expect(ids(await takers.take(3, signal))).toEqual(["1"]);
  const [first] = handedOut;
  if (first === undefined) throw new Error("nothing was handed out");
  expect(suspects.release(first).map(({ name }) => name)).toEqual(["b", "c"]);
});
