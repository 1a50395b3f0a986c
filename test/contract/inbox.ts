import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { InboxError, RecordConflictError } from "../../src/core/contract/errors";
import type {
  AttemptFailure,
  EventFilter,
  Inbox,
  Lease,
  RecordedBlock,
  Settlement,
} from "../../src/core/contract/inbox";
import { createNotice, type Notice } from "../../src/core/contract/notice";

/** An inbox under test, and the same one opened anew after it was closed. */
export interface InboxUnderTest {
  readonly inbox: Inbox;
  /** Opens it again, on the same store. The one before is closed. */
  reopen(): Promise<Inbox>;
}

/** A notice of its own conversation, unless told otherwise. */
export function noticeOf(
  key: string,
  more: Partial<Pick<Notice, "repeatableAfterMs">> & { in?: string } = {},
): Notice {
  return createNotice(
    { name: "webex", account: "default" },
    {
      name: "messages.created",
      key,
      conversation: more.in ?? `room of ${key}`,
      repeatableAfterMs: more.repeatableAfterMs,
      person: { id: "ada", email: "ada@example.com" },
      room: { id: "lobby", kind: "group" },
      data: { id: key, text: "Grüße, 你好 👋", nested: [{ deep: null }] },
    },
  );
}

const RECORD_IN_THREAD = `
  const { parentPort, workerData: { module, data, event, where } } = require("node:worker_threads");
  require(module).recordBlock(data, event, where).then((recorded) => parentPort.postMessage(recorded));
`;

/** Records a block as the watchdog's thread does, while the inbox's own process can do nothing. */
export async function recordBlock(
  inbox: Inbox,
  lease: Pick<Lease, "id">,
  where: string,
): Promise<RecordedBlock | undefined> {
  const thread = new Worker(RECORD_IN_THREAD, {
    eval: true,
    execArgv: [],
    workerData: { ...inbox.blockRecorder, event: Number(lease.id), where },
  });
  const [recorded] = (await once(thread, "message")) as [RecordedBlock | undefined];
  return recorded;
}

/** Takes without waiting longer than it takes to see that there is nothing. */
export async function takeNow(inbox: Inbox, max = 100): Promise<readonly Lease[]> {
  // Whatever is ready, also what has to be read first, is handed out before these calls are answered.
  const aborting = new AbortController();
  const taking = inbox.take(max, aborting.signal);
  for (let call = 0; call < 5; call++) await inbox.counts();
  aborting.abort();
  return taking;
}

/** Takes one, waiting for it. */
export async function takeOne(inbox: Inbox): Promise<Lease> {
  const [lease] = await inbox.take(1, new AbortController().signal);
  if (lease === undefined) throw new Error("take() resolved with nothing");
  return lease;
}

export const HANDLED: Settlement = { kind: "handled" };
export const DEAD: Settlement = { kind: "dead", error: { code: "handler-failed", message: "it broke" } };
export const retryAfter = (afterMs: number): Settlement => ({
  kind: "retry",
  afterMs,
  error: { code: "api-unreachable", message: "no answer" },
});

const keysOf = (leases: readonly Lease[]): string[] =>
  leases.map(({ notice }) => notice.key.split("/").at(-1) ?? "");

/** What an inbox does otherwise than the contract says, each with the reason. */
export interface Differences {
  /** Who writes only now waits for the whole backlog. */
  readonly newcomersWait?: string;
}

/** What every inbox does, wherever it keeps its events. @param open makes an empty one */
export function inboxContract(
  name: string,
  open: () => Promise<InboxUnderTest>,
  differences: Differences = {},
): void {
  describe(`${name} keeps the contract of an inbox`, () => {
    it("a check succeeds while events can be stored, and fails once the inbox is closed", async () => {
      await expect(inbox.check()).resolves.toBeUndefined();
      await inbox.add(noticeOf("checked"));
      await expect(inbox.check()).resolves.toBeUndefined();
      expect(await inbox.counts()).toMatchObject({ waiting: 1 });
      await inbox.close();
      await expect(inbox.check()).rejects.toMatchObject({ code: "inbox-closed" });
    });

    let inbox: Inbox;
    let reopen: () => Promise<Inbox>;

    beforeEach(async () => {
      const opened = await open();
      inbox = opened.inbox;
      reopen = async () => {
        await inbox.close();
        inbox = await opened.reopen();
        return inbox;
      };
    });
    afterEach(() => inbox.close());

    describe("ids of a platform", () => {
      it("are found as whole parts of a key", async () => {
        for (const key of ["message|2", "message|12", "conversation|2|13", "message|2%"])
          await inbox.add(noticeOf(key));
        const keys = async (keyParts: string): Promise<string[]> =>
          (await inbox.list({ keyParts })).map(({ key }) => key.slice("webex/default/".length));
        expect(await keys("2")).toEqual(["conversation|2|13", "message|2"]);
        expect(await keys("message|2")).toEqual(["message|2"]);
        expect(await keys("webex/default/message|2")).toEqual(["message|2"]);
        expect(await keys("2|13")).toEqual(["conversation|2|13"]);
        expect(await keys("1")).toEqual([]);
        expect(await keys("%")).toEqual([]);
      });
    });

    describe("accepting", () => {
      it("stores a delivery once, however often it is sent", async () => {
        expect(await inbox.add(noticeOf("a"))).toBe("added");
        expect(await inbox.add(noticeOf("a"))).toBe("duplicate");
        expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 0 });
      });

      it("recognises duplicates that arrive at the same instant", async () => {
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => inbox.add(noticeOf("a"))));
        expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(1);
      });

      it("recognises a duplicate of what is being handled, was handled, was dropped, is dead", async () => {
        for (const key of ["leased", "handled", "dropped", "dead"]) await inbox.add(noticeOf(key));
        const [, second, third, fourth] = await takeNow(inbox);
        await second?.settle(HANDLED);
        await third?.settle({ kind: "dropped", reason: "nobody listens" });
        await fourth?.settle(DEAD);
        for (const key of ["leased", "handled", "dropped", "dead"]) {
          expect(await inbox.add(noticeOf(key))).toBe("duplicate");
        }
      });

      it("takes a repeatable key as a new event once it is old enough, and not before", async () => {
        const notice = (repeatableAfterMs: number) => noticeOf("renamed", { repeatableAfterMs });
        expect(await inbox.add(notice(60_000))).toBe("added");
        expect(await inbox.add(notice(60_000))).toBe("duplicate");
        expect(await inbox.add(notice(-1))).toBe("added");
        expect(await inbox.add(notice(60_000))).toBe("duplicate");
        expect(keysOf([await takeOne(inbox)])).toEqual(["renamed"]);
        expect(await inbox.counts()).toMatchObject({ waiting: 2 });
      });

      it("keeps names apart that a careless store would take for the same", async () => {
        const names = ["room", "Room", "room ", "r\u00f6m", "ro\u0308m", "'; --", "%"];
        for (const name of names) expect(await inbox.add(noticeOf(name, { in: name }))).toBe("added");
        await reopen();
        const opened = inbox;
        const leases = await Promise.all(names.map(() => takeOne(opened)));
        expect(leases.map(({ notice }) => notice.conversation)).toEqual(
          names.map((name) => `webex/default/${name}`),
        );
      });

      it("hands out the notice as it was added, and when that was", async () => {
        const before = Date.now();
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        expect(lease.notice).toEqual(noticeOf("a"));
        expect(lease.attempt).toBe(1);
        expect(lease.receivedAt).toBeGreaterThanOrEqual(before);
        expect(lease.receivedAt).toBeLessThanOrEqual(Date.now());
      });
    });

    describe("handing out", () => {
      it("gives what is oldest first, with ids that sort by arrival", async () => {
        for (const key of ["a", "b", "c", "d"]) await inbox.add(noticeOf(key));
        const leases = [...(await takeNow(inbox, 3)), ...(await takeNow(inbox))];
        expect(keysOf(leases)).toEqual(["a", "b", "c", "d"]);
        const ids = leases.map(({ id }) => id);
        for (const [index, id] of ids.slice(1).entries()) expect(id > (ids[index] ?? "")).toBe(true);
      });

      it("has one event of a conversation on lease at a time, in the order of arrival", async () => {
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        const handled: string[] = [];
        for (let round = 0; round < 3; round++) {
          const leases = await takeNow(inbox);
          expect(leases).toHaveLength(1);
          handled.push(...keysOf(leases));
          expect(await takeNow(inbox)).toEqual([]);
          await leases[0]?.settle(HANDLED);
        }
        expect(handled).toEqual(["a", "b", "c"]);
      });

      it("goes on with other conversations while one is busy", async () => {
        await inbox.add(noticeOf("slow", { in: "lobby" }));
        await inbox.add(noticeOf("behind it", { in: "lobby" }));
        await inbox.add(noticeOf("elsewhere"));
        expect(keysOf(await takeNow(inbox))).toEqual(["slow", "elsewhere"]);
        await inbox.add(noticeOf("later"));
        expect(keysOf(await takeNow(inbox))).toEqual(["later"]);
      });

      it("wakes a waiting taker when something is added", async () => {
        const taking = takeOne(inbox);
        await inbox.add(noticeOf("a"));
        expect(keysOf([await taking])).toEqual(["a"]);
      });

      it("gives several takers different events", async () => {
        const taking = [takeOne(inbox), takeOne(inbox), takeOne(inbox)];
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key));
        expect(new Set(keysOf(await Promise.all(taking)))).toEqual(new Set(["a", "b", "c"]));
      });

      it("gives nothing to a taker that has gone", async () => {
        const aborting = new AbortController();
        const taking = inbox.take(1, aborting.signal);
        aborting.abort();
        expect(await taking).toEqual([]);
        expect(await inbox.take(1, aborting.signal)).toEqual([]);
        await inbox.add(noticeOf("a"));
        expect(keysOf([await takeOne(inbox)])).toEqual(["a"]);
      });
    });

    describe("settling", () => {
      it("refuses to settle a lease twice", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.settle(HANDLED);
        await expect(lease.settle(HANDLED)).rejects.toThrow(InboxError);
        expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 1 });
      });

      it("brings a retry back with its next attempt, and its conversation waits for it", async () => {
        await inbox.add(noticeOf("a", { in: "lobby" }));
        await inbox.add(noticeOf("b", { in: "lobby" }));
        const first = await takeOne(inbox);
        const settledAt = Date.now();
        await first.settle(retryAfter(40));
        const again = await takeOne(inbox);
        expect(Date.now() - settledAt).toBeGreaterThanOrEqual(40);
        expect([again.notice.data.id, again.attempt]).toEqual(["a", 2]);
        await again.settle(HANDLED);
        const next = await takeOne(inbox);
        expect([next.notice.data.id, next.attempt]).toEqual(["b", 1]);
      });

      it.each([0.5, 0, -5, Number.NaN])(
        "takes a wait of %p ms for what it can only mean",
        async (afterMs) => {
          await inbox.add(noticeOf("a"));
          await (await takeOne(inbox)).settle(retryAfter(afterMs));
          expect((await takeOne(inbox)).attempt).toBe(2);
        },
      );

      it("hands out nothing of a conversation whose first event waits for its retry", async () => {
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        await (await takeOne(inbox)).settle(retryAfter(3_600_000));
        expect(await takeNow(inbox)).toEqual([]);
      });

      it("lets other conversations overtake the one that waits for its retry", async () => {
        await inbox.add(noticeOf("a"));
        await (await takeOne(inbox)).settle(retryAfter(3_600_000));
        await inbox.add(noticeOf("b"));
        expect(keysOf(await takeNow(inbox))).toEqual(["b"]);
      });

      it("gives retries back in the order in which they are due", async () => {
        for (const key of ["much later", "later", "soon"]) await inbox.add(noticeOf(key));
        const [muchLater, later, soon] = await takeNow(inbox);
        await muchLater?.settle(retryAfter(3_600_000));
        await soon?.settle(retryAfter(20));
        await later?.settle(retryAfter(60));
        expect(keysOf([await takeOne(inbox), await takeOne(inbox)])).toEqual(["soon", "later"]);
        expect(await takeNow(inbox)).toEqual([]);
      });
    });

    describe("a failing event", () => {
      const FULL: AttemptFailure = {
        code: "handler-failed",
        message: 'bot "pay" threw: \u0000 \ud83d \' "quoted" ☎',
        name: "TypeError",
        at: "/app/bots/pay.ts:12",
        where: 'bot "pay", command "pay"',
        stack: "TypeError: x\n    at charge (/app/bots/pay.ts:12:3)",
        causes: [{ name: "Error", message: "refused", code: "ECONNREFUSED", stack: "Error: refused" }],
      };

      it("is shown with the whole failure, while it waits and when it is dead", async () => {
        await inbox.add(noticeOf("a"));
        await inbox.add(noticeOf("b"));
        const [a, b] = await takeNow(inbox);
        await a?.settle({ kind: "retry", afterMs: 3_600_000, error: FULL });
        await b?.settle({ kind: "dead", error: FULL });
        expect((await inbox.show(a?.id ?? ""))?.error).toEqual(FULL);
        expect((await inbox.show(b?.id ?? ""))?.error).toEqual(FULL);
        expect((await inbox.list({ code: "handler-failed" })).map(({ error }) => error)).toEqual([
          FULL,
          FULL,
        ]);
      });

      it("knows for how long it has been failing, over attempts and restarts", async () => {
        await inbox.add(noticeOf("a"));
        const first = await takeOne(inbox);
        expect(first.failingForMs).toBeUndefined();
        const before = Date.now();
        await first.settle(retryAfter(20));
        const second = await takeOne(inbox);
        expect(second.failingForMs).toBeGreaterThan(0);
        await second.settle(retryAfter(20));
        await reopen();
        const third = await takeOne(inbox);
        expect(third.failingForMs).toBeGreaterThanOrEqual(second.failingForMs ?? Number.NaN);
        expect(third.failingForMs).toBeLessThanOrEqual(Date.now() - before);
        await third.settle(DEAD);
        await inbox.replay(third.id);
        expect((await takeOne(inbox)).failingForMs).toBeUndefined();
      });
    });

    describe("an event that is set aside", () => {
      const aside = (afterMs: number): Settlement => ({ ...retryAfter(afterMs), aside: true }) as Settlement;
      const lobby = "webex/default/lobby";

      beforeEach(async () => {
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key, { in: "lobby" }));
      });

      it("lets its conversation go on in order, and comes back on its own", async () => {
        await (await takeOne(inbox)).settle(aside(60));
        const second = await takeOne(inbox);
        expect(keysOf([second])).toEqual(["b"]);
        const again = await takeOne(inbox);
        expect([...keysOf([again]), again.attempt, again.isAside]).toEqual(["a", 2, true]);
        expect(again.notice).toEqual(noticeOf("a", { in: "lobby" }));
        expect(await takeNow(inbox)).toEqual([]);
        await second.settle(HANDLED);
        const third = await takeOne(inbox);
        expect([...keysOf([third]), third.isAside ?? false]).toEqual(["c", false]);
        await Promise.all([again.settle(HANDLED), third.settle(HANDLED)]);
        expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 3 });
      });

      it("stays aside over attempts and restarts, and keeps its id, its journal and its attempts", async () => {
        const first = await takeOne(inbox);
        await first.note("1 reply", 1);
        await first.settle(aside(0));
        const byKey = async (): Promise<Map<string, Lease>> => {
          const leases = [await takeOne(inbox), await takeOne(inbox)];
          return new Map(leases.map((lease) => [keysOf([lease])[0] ?? "", lease]));
        };
        const second = (await byKey()).get("a");
        await second?.settle(aside(3_600_000));
        await reopen();
        const third = (await byKey()).get("a");
        expect(third).toMatchObject({ id: first.id, attempt: 3, isAside: true });
        expect([...(third?.journal ?? [])]).toEqual([["1 reply", 1]]);
        await third?.settle(retryAfter(0));
        expect(await takeOne(inbox)).toMatchObject({ id: first.id, attempt: 4, isAside: true });
      });

      it.each(["in the same process", "after a restart"])(
        "is counted, listed and shown as one of its conversation, %s",
        async (when) => {
          const { id } = await takeOne(inbox).then(async (lease) => {
            await lease.settle(aside(3_600_000));
            return lease;
          });
          if (when === "after a restart") await reopen();
          expect(await inbox.counts()).toEqual({ waiting: 3, dead: 0, remembered: 0 });
          const listed = await inbox.list({ conversation: lobby });
          expect(listed.map(({ isAside }) => isAside ?? false)).toEqual([false, false, true]);
          expect(await inbox.show(id)).toMatchObject({
            state: "waiting",
            conversation: lobby,
            isAside: true,
          });
        },
      );

      it("dies as one of its conversation, and is replayed behind what that has waiting", async () => {
        const first = await takeOne(inbox);
        await first.settle(aside(0));
        const leases = [await takeOne(inbox), await takeOne(inbox)];
        await leases.find(({ id }) => id === first.id)?.settle(DEAD);
        expect(await inbox.list({ conversation: lobby, state: "dead" })).toMatchObject([{ id: first.id }]);
        const newId = await inbox.replay(first.id);
        for (const key of ["b", "c"]) {
          const next = leases.find((lease) => keysOf([lease])[0] === key) ?? (await takeOne(inbox));
          expect(keysOf([next])).toEqual([key]);
          await next.settle(HANDLED);
        }
        const replayed = await takeOne(inbox);
        expect([replayed.id, replayed.attempt, replayed.isAside ?? false]).toEqual([newId, 1, false]);
      });
    });

    describe("an operator", () => {
      beforeEach(async () => {
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key, { in: "lobby" }));
      });

      it.each([false, true])("makes a retry due at once, aside: %p", async (isAside) => {
        const { id, settle } = await takeOne(inbox);
        await settle({ ...retryAfter(3_600_000), ...(isAside && { aside: true }) } as Settlement);
        if (isAside) await (await takeOne(inbox)).settle(HANDLED);
        expect(await inbox.retry(id)).toBe(true);
        const leases = [await takeOne(inbox), ...(isAside ? [await takeOne(inbox)] : [])];
        expect(leases.find((lease) => lease.id === id)).toMatchObject({ attempt: 2 });
        expect(leases.map((lease) => lease.id).includes(id)).toBe(true);
      });

      it("leaves an event that waits for its turn in its place", async () => {
        const first = await takeOne(inbox);
        await first.settle(retryAfter(3_600_000));
        const [, second] = await inbox.list();
        expect(await inbox.retry(second?.id ?? "")).toBe(true);
        expect(await takeNow(inbox)).toEqual([]);
        await inbox.retry(first.id);
        expect(keysOf([await takeOne(inbox)])).toEqual(["a"]);
      });

      it.each(["in the same process", "after a restart"])(
        "discards an event that holds its conversation, %s",
        async (when) => {
          const first = await takeOne(inbox);
          await first.note("1 reply", 1);
          await first.settle(retryAfter(3_600_000));
          if (when === "after a restart") await reopen();
          expect(await inbox.discard(first.id, "no use")).toBe(true);
          expect(keysOf([await takeOne(inbox)])).toEqual(["b"]);
          expect(await inbox.show(first.id)).toMatchObject({
            state: "discarded",
            reason: "no use",
            journal: {},
          });
          expect(await inbox.counts()).toEqual({ waiting: 2, dead: 0, remembered: 1 });
          expect(await inbox.discard(first.id, "again")).toBe(false);
          expect(await inbox.add(noticeOf("a", { in: "lobby" }))).toBe("duplicate");
        },
      );

      it("discards events that were set aside, that wait for their turn, and that were never tried", async () => {
        const first = await takeOne(inbox);
        await first.settle({ ...retryAfter(3_600_000), aside: true } as Settlement);
        await inbox.add(noticeOf("fresh"));
        const second = await takeOne(inbox);
        const ids = (await inbox.list()).map(({ id }) => id).filter((id) => id !== second.id);
        expect(ids).toHaveLength(3);
        for (const id of ids) expect(await inbox.discard(id, "no use")).toBe(true);
        await second.settle(HANDLED);
        expect(await takeNow(inbox)).toEqual([]);
        expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 4 });
        await inbox.add(noticeOf("d", { in: "lobby" }));
        expect(keysOf([await takeOne(inbox)])).toEqual(["d"]);
      });

      it("is refused while the event is being handled, and not for those behind it", async () => {
        const first = await takeOne(inbox);
        const refused = { code: "event-leased", message: expect.stringContaining(first.id) };
        await expect(inbox.retry(first.id)).rejects.toMatchObject(refused);
        await expect(inbox.discard(first.id, "no use")).rejects.toMatchObject(refused);
        const [, second] = await inbox.list();
        expect(await inbox.discard(second?.id ?? "", "no use")).toBe(true);
        await first.settle(HANDLED);
        expect(keysOf([await takeOne(inbox)])).toEqual(["c"]);
        expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 2 });
      });

      it("changes nothing of an event that is handled, or was never there", async () => {
        const first = await takeOne(inbox);
        await first.settle(HANDLED);
        for (const id of [first.id, "999999", "no id", ""]) {
          expect(await inbox.retry(id)).toBe(false);
          expect(await inbox.discard(id, "no use")).toBe(false);
        }
      });

      it("cannot retry a dead letter, which is replayed", async () => {
        const first = await takeOne(inbox);
        await first.settle(DEAD);
        expect(await inbox.retry(first.id)).toBe(false);
      });
    });

    describe("dead letters", () => {
      it("keeps them with their error, newest first, and goes on with the conversation", async () => {
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        const first = await takeOne(inbox);
        await first.settle(retryAfter(0));
        await (await takeOne(inbox)).settle(DEAD);
        await (await takeOne(inbox)).settle({ kind: "dead", error: { code: "unknown", message: "odd" } });
        expect(keysOf([await takeOne(inbox)])).toEqual(["c"]);

        const dead = await inbox.list({ state: "dead" });
        expect(dead).toMatchObject([
          { attempts: 1, error: { code: "unknown", message: "odd" } },
          { id: first.id, attempts: 2, error: { code: "handler-failed", message: "it broke" } },
        ]);
        expect(dead.map(({ key }) => key)).toEqual(["webex/default/b", "webex/default/a"]);
        expect((await inbox.show(first.id))?.notice).toEqual(noticeOf("a", { in: "lobby" }));
        expect(dead[1]?.settledAt).toBeGreaterThanOrEqual(dead[1]?.receivedAt ?? Number.NaN);
        expect(await inbox.list({ state: "dead", limit: 1 })).toHaveLength(1);
        expect(await inbox.counts()).toEqual({ waiting: 1, dead: 2, remembered: 0 });
      });

      it("replays one with a new set of attempts, behind what its conversation has waiting", async () => {
        await inbox.add(noticeOf("a", { in: "lobby" }));
        await (await takeOne(inbox)).settle(retryAfter(0));
        await (await takeOne(inbox)).settle(DEAD);
        await inbox.add(noticeOf("b", { in: "lobby" }));
        const [letter] = await inbox.list({ state: "dead" });
        const newId = await inbox.replay(letter?.id ?? "");
        expect((newId ?? "") > (letter?.id ?? "")).toBe(true);
        expect(await inbox.list({ state: "dead" })).toEqual([]);

        const next = await takeOne(inbox);
        expect(keysOf([next])).toEqual(["b"]);
        await next.settle(HANDLED);
        const replayed = await takeOne(inbox);
        expect(replayed.id).toBe(newId);
        expect(replayed.notice).toEqual(noticeOf("a", { in: "lobby" }));
        expect(replayed.attempt).toBe(1);
        expect(replayed.receivedAt).toBe(letter?.receivedAt);
        expect(await inbox.add(noticeOf("a", { in: "lobby" }))).toBe("duplicate");
      });

      it.each(["1", "000000000001", "999999", "", "no id", "-1", "1.5", "1'; DROP TABLE dead"])(
        "says that there is no dead letter %j",
        async (id) => {
          await inbox.add(noticeOf("a"));
          expect(await inbox.replay(id)).toBeUndefined();
        },
      );
    });

    describe("dead letters that hold their conversation", () => {
      const error = { code: "handler-failed", message: "it broke" };
      const HOLDS: Settlement = { kind: "dead", error, holds: true };

      beforeEach(async () => {
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        await (await takeOne(inbox)).settle(HOLDS);
      });

      it.each(["in the same process", "after a restart"])("keep it waiting, %s", async (when) => {
        if (when === "after a restart") await reopen();
        await inbox.add(noticeOf("c", { in: "lobby" }));
        await inbox.add(noticeOf("elsewhere"));
        expect(keysOf([await takeOne(inbox)])).toEqual(["elsewhere"]);
        expect(await takeNow(inbox)).toEqual([]);
        expect(await inbox.list({ state: "dead" })).toMatchObject([{ holds: true }]);
      });

      it.each(["in the same process", "after a restart"])(
        "are replayed where they stand, %s",
        async (when) => {
          if (when === "after a restart") await reopen();
          const [letter] = await inbox.list({ state: "dead" });
          expect(await inbox.replay(letter?.id ?? "")).toBe(letter?.id);
          const again = await takeOne(inbox);
          expect([again.id, again.attempt]).toEqual([letter?.id, 1]);
          await again.settle(HANDLED);
          expect(keysOf([await takeOne(inbox)])).toEqual(["b"]);
        },
      );

      it.each(["in the same process", "after a restart"])("let it go on when discarded, %s", async (when) => {
        if (when === "after a restart") await reopen();
        const [letter] = await inbox.list({ state: "dead" });
        expect(await inbox.discard(letter?.id ?? "", "sent by mistake")).toBe(true);
        expect(keysOf([await takeOne(inbox)])).toEqual(["b"]);
      });
    });

    describe("a discarded event", () => {
      it("is kept with its reason, and recognised when it is delivered again", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.note("reply", { sent: 1 });
        await lease.settle(DEAD);
        expect(await inbox.discard(lease.id, "sent by mistake")).toBe(true);
        expect(await inbox.discard(lease.id, "again")).toBe(false);
        expect(await inbox.replay(lease.id)).toBeUndefined();
        expect(await inbox.show(lease.id)).toMatchObject({
          state: "discarded",
          reason: "sent by mistake",
          journal: {},
        });
        expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 1 });
        expect(await inbox.add(noticeOf("a"))).toBe("duplicate");
      });
    });

    describe("the journal of an event", () => {
      it("is there for the next attempt, in this process and the next", async () => {
        await inbox.add(noticeOf("a"));
        const first = await takeOne(inbox);
        expect([...first.journal]).toEqual([]);
        await Promise.all([first.note("1 reply", { sent: "x" }), first.note("2 reply", "begun")]);
        await first.note("2 reply", { sent: "ÿ 👋" });
        await first.settle(retryAfter(0));
        const second = await takeOne(inbox);
        const noted = [
          ["1 reply", { sent: "x" }],
          ["2 reply", { sent: "ÿ 👋" }],
        ];
        expect([...second.journal]).toEqual(noted);
        await second.settle(retryAfter(0));
        await reopen();
        expect([...(await takeOne(inbox)).journal].sort()).toEqual(noted);
      });

      it("survives a process that dies before it settles", async () => {
        await inbox.add(noticeOf("a"));
        await (await takeOne(inbox)).note("1 reply", 1);
        await reopen();
        expect([...(await takeOne(inbox)).journal]).toEqual([["1 reply", 1]]);
      });

      it("goes with a dead letter, and comes back with its replay", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.note("1 reply", 1);
        await lease.settle(DEAD);
        expect((await inbox.show(lease.id))?.journal).toEqual({ "1 reply": 1 });
        await inbox.replay(lease.id);
        expect([...(await takeOne(inbox)).journal]).toEqual([["1 reply", 1]]);
      });

      it("is gone once the event is handled, and of no other event", async () => {
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        const first = await takeOne(inbox);
        await first.note("1 reply", 1);
        void first.note("2 reply", 2);
        await first.settle(HANDLED);
        expect((await inbox.show(first.id))?.journal).toEqual({});
        expect([...(await takeOne(inbox)).journal]).toEqual([]);
      });

      it("keeps what was noted before a settlement that was not made", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        const settling = [
          lease.note("1 reply", 1),
          lease.settle(HANDLED, { records: [{ key: "gone", ifVersion: 3 }] }),
        ];
        const [noted, settled] = await Promise.allSettled(settling);
        expect([noted?.status, settled?.status]).toEqual(["fulfilled", "rejected"]);
        await lease.note("2 reply", 2);
        await reopen();
        const journal = (await takeOne(inbox)).journal;
        expect(Object.fromEntries(journal)).toEqual({ "1 reply": 1, "2 reply": 2 });
      });

      it("takes nothing more once the lease is over", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.settle(HANDLED);
        await expect(lease.note("1 reply", 1)).rejects.toThrow(InboxError);
      });
    });

    describe("an attempt that ended without a word", () => {
      it("is counted as an interruption, until one is settled", async () => {
        await inbox.add(noticeOf("a"));
        const crashCount: number[] = [];
        for (let life = 0; life < 3; life++) {
          const lease = await takeOne(inbox);
          expect(lease.attempt).toBe(1);
          crashCount.push(lease.crashCount);
          await reopen();
        }
        const lease = await takeOne(inbox);
        crashCount.push(lease.crashCount);
        await lease.settle(retryAfter(0));
        const next = await takeOne(inbox);
        crashCount.push(next.crashCount);
        expect(crashCount).toEqual([0, 1, 2, 3, 0]);
      });

      it("is still known when the process after it stops before its turn", async () => {
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        expect(keysOf([await takeOne(inbox)])).toEqual(["a"]);
        await reopen();
        await reopen();
        const lease = await takeOne(inbox);
        expect([lease.notice.data.id, lease.crashCount]).toEqual(["a", 1]);
      });

      it("is none when it was released: it comes back at once, and is not counted", async () => {
        await inbox.add(noticeOf("a"));
        await (await takeOne(inbox)).settle({ kind: "released" });
        const again = await takeOne(inbox);
        expect([again.attempt, again.crashCount]).toEqual([1, 0]);
        await again.settle({ kind: "released" });
        await reopen();
        const after = await takeOne(inbox);
        expect([after.attempt, after.crashCount]).toEqual([1, 0]);
      });
    });

    describe("an event that blocked the process", () => {
      it("is handed out with how often and where, also after another attempt, in every process", async () => {
        await inbox.add(noticeOf("a"));
        const first = await takeOne(inbox);
        expect(first.blocked).toBeUndefined();
        expect(await recordBlock(inbox, first, "a.ts:1")).toEqual({ key: first.notice.key, times: 1 });
        await reopen();
        const second = await takeOne(inbox);
        expect(second.blocked).toEqual({ times: 1, where: "a.ts:1" });
        expect((await inbox.show(second.id))?.error).toMatchObject({
          code: "handler-blocks",
          message: expect.stringMatching(/once; last in a\.ts:1/),
        });
        await second.settle(retryAfter(0));
        expect((await takeOne(inbox)).blocked).toEqual({ times: 1, where: "a.ts:1" });
        expect(await recordBlock(inbox, first, "b.ts:2")).toEqual({ key: first.notice.key, times: 2 });
        await reopen();
        expect((await takeOne(inbox)).blocked).toEqual({ times: 2, where: "b.ts:2" });
      });

      it("begins anew when it is replayed", async () => {
        await inbox.add(noticeOf("a"));
        await recordBlock(inbox, await takeOne(inbox), "a.ts:1");
        await reopen();
        const lease = await takeOne(inbox);
        await lease.settle({ kind: "dead", error: { code: "handler-blocks", message: "m" } });
        await inbox.replay(lease.id);
        expect((await takeOne(inbox)).blocked).toBeUndefined();
      });

      it("stays as it is when it was settled meanwhile", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.settle(HANDLED);
        expect(await recordBlock(inbox, lease, "a.ts:1")).toBeUndefined();
        expect((await inbox.show(lease.id))?.state).toBe("handled");
      });
    });

    describe("records", () => {
      it("are kept by key, over restarts, with a version that grows", async () => {
        await inbox.records.write([{ key: "a", value: { n: 1 } }]);
        expect(await inbox.records.read("a")).toEqual({ value: { n: 1 }, version: 1 });
        await inbox.records.write([{ key: "a", value: null }]);
        await reopen();
        expect(await inbox.records.read("a")).toEqual({ value: null, version: 2 });
        await inbox.records.write([{ key: "a" }]);
        expect(await inbox.records.read("a")).toBeUndefined();
      });

      it("are written all or none, when one is not at the version it should have", async () => {
        await inbox.records.write([{ key: "a", value: 1 }]);
        const stale = inbox.records.write([
          { key: "b", value: 1, ifVersion: 0 },
          { key: "a", value: 2, ifVersion: 7 },
        ]);
        await expect(stale).rejects.toMatchObject({ code: "record-conflict", keys: ["a"] });
        expect(await inbox.records.read("b")).toBeUndefined();
      });

      it("belong to the one who was first, of many who claim one at the same time", async () => {
        const claims = Array.from({ length: 50 }, (_, by) =>
          inbox.records.write([{ key: "once", value: by, ifVersion: 0 }]),
        );
        const won = (await Promise.allSettled(claims)).filter(({ status }) => status === "fulfilled");
        expect(won).toHaveLength(1);
      });

      it("are removed only at the version that a change names", async () => {
        await inbox.records.write([{ key: "a", value: 1 }]);
        const stale = inbox.records.write([{ key: "a", ifVersion: 2 }]);
        await expect(stale).rejects.toMatchObject({ code: "record-conflict", keys: ["a"] });
        await inbox.records.write([{ key: "a", ifVersion: 1 }]);
        expect(await inbox.records.read("a")).toBeUndefined();
        await expect(inbox.records.write([{ key: "a", value: 2, ifVersion: 1 }])).rejects.toThrow(
          RecordConflictError,
        );
      });

      it.each(["__proto__", "constructor", "", "ключ 'x'; --", "k".repeat(512)])(
        "have keys that mean nothing but themselves: %j",
        async (key) => {
          await inbox.records.write([{ key, value: { [key]: "Grüße" } }]);
          expect(await inbox.records.read(key)).toEqual({ value: { [key]: "Grüße" }, version: 1 });
        },
      );

      it("end when they expire, and begin again", async () => {
        await inbox.records.write([{ key: "a", value: 1, expiresAt: Date.now() - 1 }]);
        expect(await inbox.records.read("a")).toBeUndefined();
        await inbox.records.write([{ key: "a", value: 2, ifVersion: 0 }]);
        expect(await inbox.records.read("a")).toEqual({ value: 2, version: 1 });
      });

      it("are changed with the settlement, or the lease goes on", async () => {
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key));
        const [first, second] = await takeNow(inbox);
        const claim = { records: [{ key: "session", value: "mine", ifVersion: 0 }] };
        await first?.settle(HANDLED, claim);
        await expect(second?.settle(HANDLED, claim)).rejects.toMatchObject({ code: "record-conflict" });
        expect(await inbox.counts()).toMatchObject({ waiting: 1, remembered: 1 });
        await second?.settle(HANDLED);
        expect(await inbox.counts()).toMatchObject({ waiting: 0, remembered: 2 });
        expect(await inbox.records.read("session")).toMatchObject({ value: "mine" });
      });
    });

    describe("looking", () => {
      it("shows an event with the path of each attempt", async () => {
        await inbox.add(noticeOf("a"));
        const first = await takeOne(inbox);
        const trace = [{ at: 1, step: "unwanted", reason: "no" }] as const;
        await first.settle(retryAfter(0), { trace });
        const second = await takeOne(inbox);
        expect(await inbox.show(second.id)).toMatchObject({
          state: "waiting",
          attempts: 1,
          error: { code: "api-unreachable" },
          attemptsMade: [{ attempt: 1, trace }],
        });
        await new Promise((resolve) => setTimeout(resolve, 2));
        await second.settle(HANDLED, { trace });
        const shown = await inbox.show(second.id);
        expect(shown).toMatchObject({ id: second.id, state: "handled", key: "webex/default/a" });
        expect(shown?.attemptsMade.map(({ attempt }) => attempt)).toEqual([1, 2]);
      });

      it("lists events by what is asked for, newest first, page by page", async () => {
        for (const key of ["handled", "dropped", "dead", "waits"]) await inbox.add(noticeOf(key));
        const [handled, dropped, dead] = await takeNow(inbox);
        await handled?.settle(HANDLED);
        await dropped?.settle({ kind: "dropped", reason: "nobody listens" });
        await dead?.settle(DEAD);
        const names = async (filter: EventFilter): Promise<string[]> =>
          (await inbox.list(filter)).map(({ key }) => key.split("/").at(-1) ?? "");
        expect(await names({})).toEqual(["waits", "dead", "dropped", "handled"]);
        expect(await names({ state: "waiting" })).toEqual(["waits"]);
        expect(await names({ state: "handled" })).toEqual(["handled"]);
        expect(await names({ state: "discarded" })).toEqual([]);
        expect(await inbox.list({ state: "dropped" })).toMatchObject([{ reason: "nobody listens" }]);
        expect(await names({ code: "handler-failed" })).toEqual(["dead"]);
        expect(await names({ code: "another" })).toEqual([]);
        expect(await names({ platform: "webex", account: "default" })).toHaveLength(4);
        expect(await names({ platform: "spika" })).toEqual([]);
        expect(await names({ key: "ndle" })).toEqual(["handled"]);
        expect(await names({ key: "NDLE" })).toEqual([]);
        expect(await names({ keyParts: "handled" })).toEqual(["handled"]);
        expect(await names({ keyParts: "default/handled" })).toEqual(["handled"]);
        expect(await names({ keyParts: "ndle" })).toEqual([]);
        expect(await names({ account: "other" })).toEqual([]);
        expect(await names({ name: "messages.created" })).toEqual(["waits", "dead"]);
        expect(await names({ conversation: "webex/default/room of waits" })).toEqual(["waits"]);
        const [, , third] = await inbox.list({ limit: 3 });
        expect(await names({ before: third?.id ?? "" })).toEqual(["handled"]);
      });
    });

    describe("a long backlog", () => {
      it("does not keep those waiting who write only now", async () => {
        for (let n = 0; n < 300; n++) await inbox.add(noticeOf(`old ${n}`, { in: `room ${n % 100}` }));
        await inbox.add(noticeOf("new"));
        const taken: string[] = [];
        while (!taken.includes("new")) {
          const [lease] = await takeNow(inbox, 1);
          if (lease === undefined) break;
          taken.push(...keysOf([lease]));
          await lease.settle(HANDLED);
        }
        expect(taken).toContain("new");
        expect(taken.length < 20).toBe(differences.newcomersWait === undefined);
      });
    });

    describe("restarting", () => {
      it("hands out again, in order, what was on lease and what waited", async () => {
        for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        await inbox.add(noticeOf("d"));
        expect(keysOf(await takeNow(inbox))).toEqual(["a", "d"]);
        await reopen();
        const first = await takeOne(inbox);
        expect(keysOf([first, await takeOne(inbox)])).toEqual(["a", "d"]);
        expect(first.notice).toEqual(noticeOf("a", { in: "lobby" }));
        await first.settle(HANDLED);
        expect(keysOf([await takeOne(inbox)])).toEqual(["b"]);
      });

      it("remembers duplicates, dead letters, counts and attempts", async () => {
        for (const key of ["handled", "dead", "tried", "waits"]) await inbox.add(noticeOf(key));
        const [first, second, third] = await takeNow(inbox);
        await Promise.all([first?.settle(HANDLED), second?.settle(DEAD), third?.settle(retryAfter(0))]);
        await reopen();
        expect(await inbox.counts()).toEqual({ waiting: 2, dead: 1, remembered: 1 });
        expect(await inbox.add(noticeOf("handled"))).toBe("duplicate");
        expect((await inbox.list({ state: "dead" })).map(({ key }) => key)).toEqual(["webex/default/dead"]);
        const again = [await takeOne(inbox), await takeOne(inbox)];
        const attempts = Object.fromEntries(again.map(({ notice, attempt }) => [notice.data.id, attempt]));
        expect(attempts).toEqual({ tried: 2, waits: 1 });
      });

      it("a start makes retries due within seconds, each before what its conversation has behind it", async () => {
        for (const lobby of ["x", "y"])
          for (const key of ["a", "b"]) await inbox.add(noticeOf(lobby + key, { in: lobby }));
        for (const lease of await takeNow(inbox)) await lease.settle(retryAfter(3_600_000));
        expect(await takeNow(inbox)).toEqual([]);
        await reopen();
        const leases = [await takeOne(inbox), await takeOne(inbox)];
        expect(keysOf(leases).sort()).toEqual(["xa", "ya"]);
        expect(leases.map(({ attempt }) => attempt)).toEqual([2, 2]);
        expect(await takeNow(inbox)).toEqual([]);
        for (const lease of leases) await lease.settle(HANDLED);
        expect(keysOf([await takeOne(inbox), await takeOne(inbox)]).sort()).toEqual(["xb", "yb"]);
      });

      it("keeps the ids growing", async () => {
        await inbox.add(noticeOf("a"));
        const first = await takeOne(inbox);
        await first.settle(HANDLED);
        await reopen();
        await inbox.add(noticeOf("b"));
        expect((await takeOne(inbox)).id > first.id).toBe(true);
      });
    });

    describe("closing", () => {
      it("waits for what is being written", async () => {
        const adding = Promise.all([inbox.add(noticeOf("a")), inbox.add(noticeOf("b"))]);
        await inbox.close();
        expect(await adding).toEqual(["added", "added"]);
        await reopen();
        expect(await inbox.counts()).toMatchObject({ waiting: 2 });
      });

      it("refuses every call that comes later, and whoever waits for something to do", async () => {
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        const waiting = takeOne(inbox);
        const refused = expect(waiting).rejects.toMatchObject({ code: "inbox-closed" });
        await inbox.close();
        await refused;
        const calls = [
          () => inbox.add(noticeOf("b")),
          () => takeOne(inbox),
          () => lease.settle(HANDLED),
          () => inbox.counts(),
          () => lease.note("a place", 1),
          () => inbox.list(),
          () => inbox.show("1"),
          () => inbox.discard("1", "no use"),
          () => inbox.records.read("a"),
          () => inbox.records.write([]),
          () => inbox.replay("1"),
        ];
        for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "inbox-closed" });
        await inbox.close();
      });
    });
  });
}
