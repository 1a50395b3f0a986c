import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { InboxError } from "../../src/core/contract/errors";
import type { Inbox } from "../../src/core/contract/inbox";
import { openEmbedded } from "../../src/inbox/embedded";
import { MIGRATIONS } from "../../src/inbox/embedded/schema";
import { openDatabase } from "../../src/inbox/embedded/sqlite";
import { HANDLED, noticeOf, takeNow, takeOne } from "../contract/inbox";
import { tempDir } from "./temp-dir";

const opened: Inbox[] = [];
afterEach(async () => {
  for (const inbox of opened.splice(0)) await inbox.close();
});

async function open(...args: Parameters<typeof openEmbedded>): Promise<Inbox> {
  const inbox = await openEmbedded(...args);
  opened.push(inbox);
  return inbox;
}

/** A file with one event waiting, closed. */
async function filled(): Promise<string> {
  const file = join(tempDir(), "inbox.db");
  const inbox = await openEmbedded({ file });
  await inbox.add(noticeOf("kept"));
  await inbox.close();
  return file;
}

function sql(file: string, statements: string): void {
  const db = openDatabase(file);
  db.exec(statements);
  db.close();
}

describe("a file that is in use", () => {
  const HOLDER = resolve(__dirname, "lock-holder.ts");

  it("is refused to a second process, with the file's name and what to do, until the first one is killed", async () => {
    const file = join(tempDir(), "inbox.db");
    const holder = spawn(process.execPath, ["--import", "jiti/register", HOLDER, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(holder.stdout, "data");
    await expect(openEmbedded({ file })).rejects.toMatchObject({
      code: "inbox-locked",
      message: expect.stringMatching(/inbox\.db" is in use by another process\. Stop that process, or set/),
    });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await (await open({ file })).counts()).toMatchObject({ waiting: 1 });
  });

  it("is refused to a second inbox of the same process, and free again after close", async () => {
    const file = join(tempDir(), "inbox.db");
    const first = await open({ file });
    await expect(openEmbedded({ file })).rejects.toMatchObject({ code: "inbox-locked" });
    await first.add(noticeOf("a"));
    await first.close();
    expect(await (await open({ file })).counts()).toMatchObject({ waiting: 1 });
  });
});

describe("a file that cannot be used is left as it is:", () => {
  it.each<[string, (file: string) => void, RegExp]>([
    [
      "no database",
      (file) => writeFileSync(file, "Dear diary, ".repeat(1_000)),
      /not a SQLite database.*Move it away/,
    ],
    [
      "a newer version's",
      (file) => sql(file, "PRAGMA user_version = 99"),
      /newer version of Bellhop \(format 99, this one knows \d+\)/,
    ],
    ["another program's", (file) => sql(file, "CREATE TABLE songs (title)"), /database of another program/],
    [
      "one with a damaged page",
      (file) => {
        sql(file, "CREATE TABLE songs (title)");
        const bytes = readFileSync(file);
        writeFileSync(file, bytes.fill(0xaa, 100, 4_000));
      },
      /damaged.*\.recover/,
    ],
  ])("%s", async (_, make, message) => {
    const file = join(tempDir(), "inbox.db");
    make(file);
    const before = readFileSync(file);
    const error: unknown = await openEmbedded({ file }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InboxError);
    expect(error).toMatchObject({ code: "inbox-failed", message: expect.stringMatching(message) });
    expect(error).toMatchObject({ message: expect.stringContaining(file) });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("one of a newer version that still holds events", async () => {
    const file = await filled();
    const ours = MIGRATIONS.length;
    sql(file, `PRAGMA user_version = ${ours + 1}`);
    await expect(openEmbedded({ file })).rejects.toThrow(`format ${ours + 1}, this one knows ${ours}`);
    sql(file, `PRAGMA user_version = ${ours}`);
    expect(await (await open({ file })).counts()).toMatchObject({ waiting: 1 });
  });
});

describe("a place that cannot be written is refused:", () => {
  type Place = [what: string, make: () => string, message: RegExp];

  const places: Place[] = [
    [
      "a folder below a file",
      () => {
        const file = join(tempDir(), "file");
        writeFileSync(file, "");
        return join(file, "data", "inbox.db");
      },
      /creating its folder failed: .*ENOTDIR.*Choose a DATA_DIR/,
    ],
    [
      "a folder in the file's place",
      () => {
        const file = join(tempDir(), "inbox.db");
        mkdirSync(file);
        return file;
      },
      /opening failed: .*right to write it/,
    ],
    [
      "a folder in the lock's place",
      () => {
        const file = join(tempDir(), "inbox.db");
        mkdirSync(`${file}.lock`);
        return file;
      },
      /locking failed: .*right to write it/,
    ],
  ];
  if (process.platform === "linux") {
    // Nobody can make a file in it, root neither.
    places.push([
      "a folder that is read only",
      () => "/proc/self/inbox.db",
      /locking failed: .*right to write/,
    ]);
  }

  it.each(places)("%s", async (_, place, message) => {
    const file = place();
    await expect(openEmbedded({ file })).rejects.toMatchObject({
      code: "inbox-failed",
      message: expect.stringMatching(message),
    });
  });
});

describe("when the disk is full", () => {
  const big = (key: string) => ({ ...noticeOf(key), data: { text: "x".repeat(20_000) } });

  it("refuses the whole group, keeps nothing of it and goes on when there is room", async () => {
    const file = join(tempDir(), "inbox.db");
    const inbox = await open({ file }, { maxPages: 60 });
    const outcomes: string[] = [];
    const tries = Array.from({ length: 40 }, (_, index) => index);
    for (const index of tries) {
      outcomes.push(await inbox.add(big(`${index}`)).catch((error: InboxError) => error.message));
    }
    const added = outcomes.filter((outcome) => outcome === "added").length;
    expect(added).toBeGreaterThan(3);
    expect(outcomes.at(-1)).toMatch(
      /writing failed: .*full.*Free space on the disk. The inbox continues by itself/,
    );

    const group = [
      inbox.add(noticeOf("small")),
      ...[90, 91, 92, 93].map((index) => inbox.add(big(`${index}`))),
    ];
    expect((await Promise.allSettled(group)).map(({ status }) => status)).toEqual(
      group.map(() => "rejected"),
    );
    expect(await inbox.counts()).toEqual({ waiting: added, dead: 0, remembered: 0 });

    for (const lease of await takeNow(inbox)) await lease.settle(HANDLED);
    expect(await inbox.add(noticeOf("small"))).toBe("added");
    expect(await inbox.add(big("90"))).toBe("added");
    expect((await takeNow(inbox)).map(({ notice }) => notice.key)).toEqual([
      noticeOf("small").key,
      big("90").key,
    ]);
  });
});

describe("when what is on disk cannot be read", () => {
  it("hands an event out again after a settlement that could not be written", async () => {
    const file = join(tempDir(), "inbox.db");
    const inbox = await open({ file });
    await inbox.add(noticeOf("a", { in: "lobby" }));
    await inbox.add(noticeOf("b", { in: "lobby" }));
    const lease = await takeOne(inbox);
    sql(file, "ALTER TABLE waiting RENAME TO hidden");
    await expect(lease.settle(HANDLED)).rejects.toMatchObject({ code: "inbox-failed" });
    sql(file, "ALTER TABLE hidden RENAME TO waiting");
    const again = await takeOne(inbox);
    expect([again.id, again.attempt]).toEqual([lease.id, 1]);
    await again.settle(HANDLED);
    expect((await takeOne(inbox)).notice.data.id).toBe("b");
  });

  it("refuses the taker, and hands the same events to the next one", async () => {
    const file = join(tempDir(), "inbox.db");
    const inbox = await open({ file }, { maxNotices: 0 });
    await inbox.add(noticeOf("a"));
    sql(file, "ALTER TABLE waiting RENAME TO hidden");
    await expect(takeOne(inbox)).rejects.toMatchObject({ code: "inbox-failed" });
    sql(file, "ALTER TABLE hidden RENAME TO waiting");
    expect((await takeOne(inbox)).notice.data.id).toBe("a");
  });

  it("passes over an event that somebody deleted from the file", async () => {
    const file = join(tempDir(), "inbox.db");
    const inbox = await open({ file }, { maxNotices: 0 });
    for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
    sql(file, "DELETE FROM waiting WHERE id = 1");
    expect((await takeOne(inbox)).notice.data.id).toBe("b");
  });
});

describe("when the thread dies", () => {
  it("refuses what was under way and every later call, and says that what was accepted is on disk", async () => {
    const posted = jest.spyOn(Worker.prototype, "postMessage");
    const file = join(tempDir(), "inbox.db");
    const inbox = await openEmbedded({ file });
    await inbox.add(noticeOf("a"));
    const lease = await takeOne(inbox);
    const waiting = expect(takeOne(inbox)).rejects.toMatchObject({ code: "inbox-failed" });
    const [thread] = posted.mock.contexts;
    posted.mockRestore();

    const adding = expect(inbox.add(noticeOf("b"))).rejects.toThrow(/its thread ended .*Restart the program/);
    await thread?.terminate();
    await adding;
    await waiting;
    for (const call of [() => inbox.add(noticeOf("c")), () => takeOne(inbox), () => lease.settle(HANDLED)]) {
      await expect(call()).rejects.toMatchObject({ code: "inbox-failed" });
    }
    await inbox.close();
    expect(await (await open({ file })).counts()).toMatchObject({ waiting: 1 });
  });
});
