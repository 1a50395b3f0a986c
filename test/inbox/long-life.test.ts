import { join } from "node:path";
import type { Inbox } from "../../src/core/contract/inbox";
import { sleep } from "../../src/core/util/sleep";
import { openEmbedded } from "../../src/inbox/embedded";
import { DEAD, HANDLED, noticeOf, retryAfter, takeNow, takeOne } from "../contract/inbox";
import { tempDir } from "./temp-dir";

const DAY_MS = 24 * 3_600_000;

let inbox: Inbox | undefined;
afterEach(async () => {
  await inbox?.close();
  inbox = undefined;
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(5);
}

describe("forgetting", () => {
  it("forgets what was settled a week ago, in small steps, and keeps what waits and what is dead", async () => {
    let now = Date.now();
    inbox = await openEmbedded({ dataDir: tempDir(), now: () => now }, { pruneEveryMs: 5, pruneStep: 3 });
    const opened = inbox;
    for (const key of ["waits", "dead"]) await opened.add(noticeOf(key));
    for (let index = 0; index < 20; index++) await opened.add(noticeOf(`old ${index}`));
    const [, dead, ...old] = await takeNow(opened);
    await dead?.settle(DEAD);
    await Promise.all(old.map((lease) => lease.settle(HANDLED)));

    now += 6 * DAY_MS;
    await opened.add(noticeOf("young"));
    await (await takeOne(opened)).settle(HANDLED);
    await sleep(30);
    expect(await opened.counts()).toEqual({ waiting: 1, dead: 1, remembered: 21 });

    now += 2 * DAY_MS;
    await until(async () => (await opened.counts()).remembered === 1);
    expect(await opened.counts()).toEqual({ waiting: 1, dead: 1, remembered: 1 });
    expect(await opened.add(noticeOf("young"))).toBe("duplicate");
    expect(await opened.add(noticeOf("waits"))).toBe("duplicate");
    expect(await opened.add(noticeOf("dead"))).toBe("duplicate");
    expect(await opened.add(noticeOf("old 7"))).toBe("added");
  });
});

describe("forgetting also ends", () => {
  it("the oldest of what was settled, when more is remembered than may be", async () => {
    inbox = await openEmbedded({ dataDir: tempDir(), rememberCount: 4 }, { pruneEveryMs: 5, pruneStep: 3 });
    const opened = inbox;
    for (let index = 0; index < 12; index++) await opened.add(noticeOf(`${index}`));
    const [waits, ...others] = await takeNow(opened);
    await Promise.all(others.map((lease) => lease.settle(HANDLED)));
    await until(async () => (await opened.counts()).remembered === 4);
    expect(await opened.add(noticeOf("11"))).toBe("duplicate");
    expect(await opened.add(noticeOf("1"))).toBe("added");
    await waits?.settle(HANDLED);
  });

  it("the paths of what was settled a day ago, and of nothing that waits", async () => {
    let now = Date.now();
    inbox = await openEmbedded({ dataDir: tempDir(), now: () => now }, { pruneEveryMs: 5 });
    const opened = inbox;
    for (const key of ["handled", "waits"]) await opened.add(noticeOf(key));
    const [handled, waits] = await takeNow(opened);
    const trace = [{ at: now, step: "fetched", ms: 1 }] as const;
    await handled?.settle(HANDLED, { trace });
    await waits?.settle(retryAfter(3_600_000), { trace });
    const traces = async (id = ""): Promise<number | undefined> =>
      (await opened.show(id))?.attemptsMade.length;
    expect([await traces(handled?.id), await traces(waits?.id)]).toEqual([1, 1]);
    now += DAY_MS + 1;
    await until(async () => (await traces(handled?.id)) === 0);
    expect(await traces(waits?.id)).toBe(1);
  });
});

describe("what has to stay", () => {
  it("keeps no other paths from being forgotten, however much of it there is", async () => {
    let now = Date.now();
    inbox = await openEmbedded({ dataDir: tempDir(), now: () => now }, { pruneEveryMs: 5, pruneStep: 3 });
    const opened = inbox;
    const trace = [{ at: now, step: "fetched", ms: 1 }] as const;
    for (let index = 0; index < 7; index++) await opened.add(noticeOf(`dead ${index}`));
    for (const lease of await takeNow(opened)) await lease.settle(DEAD, { trace });
    await opened.add(noticeOf("handled"));
    const handled = await takeOne(opened);
    await handled.settle(HANDLED, { trace });
    now += DAY_MS + 1;
    await until(async () => (await opened.show(handled.id))?.attemptsMade.length === 0);
    const [letter] = await opened.list({ state: "dead" });
    expect((await opened.show(letter?.id ?? ""))?.attemptsMade).toHaveLength(1);
  });
});

describe("events in the middle of which the process died again and again", () => {
  it("are handed out one at a time, the others as ever", async () => {
    const file = join(tempDir(), "inbox.db");
    inbox = await openEmbedded({ file });
    for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key));
    for (let life = 0; life < 3; life++) {
      expect(await takeNow(inbox)).toHaveLength(3);
      await inbox.close();
      inbox = await openEmbedded({ file });
    }
    await inbox.add(noticeOf("new"));
    const [first, other, ...more] = await takeNow(inbox);
    expect([first?.notice.data.id, first?.crashCount, other?.notice.data.id, more]).toEqual([
      "a",
      3,
      "new",
      [],
    ]);
    await first?.settle(HANDLED);
    expect((await takeNow(inbox)).map(({ notice }) => notice.data.id)).toEqual(["b"]);
  });
});

describe("a file that another process has", () => {
  it("is waited for, as long as one is told to", async () => {
    const file = join(tempDir(), "inbox.db");
    const before = await openEmbedded({ file });
    await before.add(noticeOf("a"));
    const opening = openEmbedded({ file, lockWaitMs: 10_000 });
    await sleep(150);
    await before.close();
    inbox = await opening;
    expect(await inbox.counts()).toMatchObject({ waiting: 1 });
    await expect(openEmbedded({ file, lockWaitMs: 50 })).rejects.toMatchObject({ code: "inbox-locked" });
  });
});

describe("a clock that jumps", () => {
  it("does not reorder what came before and after", async () => {
    let now = Date.now();
    inbox = await openEmbedded({ dataDir: tempDir(), now: () => now });
    await inbox.add(noticeOf("first"));
    now -= DAY_MS;
    await inbox.add(noticeOf("second"));
    expect((await takeNow(inbox)).map(({ notice }) => notice.data.id)).toEqual(["first", "second"]);
  });

  it("does not make a retry wait longer than it was told, over a restart either", async () => {
    const file = join(tempDir(), "inbox.db");
    let now = Date.now();
    const open = () => openEmbedded({ file, now: () => now });
    inbox = await open();
    await inbox.add(noticeOf("a"));
    await (await takeOne(inbox)).settle(retryAfter(50));
    await inbox.close();
    now -= DAY_MS;
    inbox = await open();
    const taking = takeOne(inbox);
    const ticking = setInterval(() => {
      now += 60;
    }, 5);
    expect((await taking).attempt).toBe(2);
    clearInterval(ticking);
  });
});

describe("a repeatable key", () => {
  it("is a new event again and again, each one remembered on its own", async () => {
    let now = Date.now();
    inbox = await openEmbedded({ dataDir: tempDir(), now: () => now });
    const notice = noticeOf("renamed", { repeatableAfterMs: 1_000, in: "lobby" });
    for (let round = 0; round < 3; round++) {
      expect(await inbox.add(notice)).toBe("added");
      now += 1_000;
      expect(await inbox.add(notice)).toBe("duplicate");
      now += 1;
    }
    expect(await inbox.counts()).toEqual({ waiting: 3, dead: 0, remembered: 0 });
  });
});

describe("a long backlog", () => {
  it("is begun before it is read to its end, and nothing new overtakes it", async () => {
    const file = join(tempDir(), "inbox.db");
    const waiting = Array.from({ length: 5_000 }, (_, index) => index);
    inbox = await openEmbedded({ file });
    const first = inbox;
    await Promise.all(waiting.map((index) => first.add(noticeOf(`${index}`, { in: `room ${index % 10}` }))));
    await first.close();

    inbox = await openEmbedded({ file }, { page: 100, maxEvents: 1_000 });
    const second = inbox;
    const adding = second.add(noticeOf("5000", { in: "room 0" }));
    const handled: number[] = [];
    while ((await second.counts()).waiting > 0) {
      const leases = await second.take(10, new AbortController().signal);
      handled.push(...leases.map(({ notice }) => Number(notice.data.id)));
      await Promise.all(leases.map((lease) => lease.settle(HANDLED)));
    }
    expect(await adding).toBe("added");
    for (let room = 0; room < 10; room++) {
      const inRoom = handled.filter((number) => number % 10 === room);
      expect(inRoom).toEqual([...waiting, 5_000].filter((number) => number % 10 === room));
    }
  });
});
