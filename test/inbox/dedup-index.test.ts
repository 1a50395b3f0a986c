import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openEmbedded } from "../../src/inbox/embedded";
import { fingerprintOf, openDedupIndex } from "../../src/inbox/embedded/dedup-index";
import { MIGRATIONS, migrate } from "../../src/inbox/embedded/schema";
import { type Database, openDatabase } from "../../src/inbox/embedded/sqlite";
import { DEAD, noticeOf, takeOne } from "../contract/inbox";
import { tempDir } from "./temp-dir";

function newFile(): string {
  const file = join(tempDir(), "data", "inbox.db");
  mkdirSync(dirname(file));
  return file;
}

describe("the keys that a file remembers", () => {
  let db: Database;
  beforeEach(() => {
    db = openDatabase(newFile());
    migrate(db);
  });
  afterEach(() => db.close());

  function fill(rows: Iterable<{ id: number; key: string; print: number; receivedAt?: number }>): void {
    const insert = db.prepare(
      "INSERT INTO events (id, key, key_fingerprint, received_at) VALUES (?, ?, ?, ?)",
    );
    db.exec("BEGIN");
    for (const { id, key, print, receivedAt = 0 } of rows) insert.run(id, key, print, receivedAt);
    db.exec("COMMIT");
  }

  it("are all known, however many steps the reading takes, and whoever asks before it is through", () => {
    const keys = Array.from({ length: 45_000 }, (_, index) => `key ${index}`);
    fill(keys.map((key, index) => ({ id: index + 1, key, print: fingerprintOf(key) })));
    const known = openDedupIndex(db);
    expect(known.loadNext()).toBe(false);
    for (const index of [0, 1_999, 2_000, 44_999])
      expect(known.find(`key ${index}`, fingerprintOf(`key ${index}`))).toEqual({
        id: index + 1,
        receivedAt: 0,
      });
    expect(known.loadNext()).toBe(true);
    expect(known.find("key 45000", fingerprintOf("key 45000"))).toBeUndefined();
  });

  it("are told from others that have the same print", () => {
    fill([
      { id: 1, key: "one", print: 7, receivedAt: 10 },
      { id: 2, key: "other", print: 7, receivedAt: 20 },
    ]);
    const known = openDedupIndex(db);
    expect(known.find("one", 7)).toEqual({ id: 1, receivedAt: 10 });
    expect(known.find("other", 7)).toEqual({ id: 2, receivedAt: 20 });
    expect(known.find("third", 7)).toBeUndefined();
  });

  it("are those of the event that came last, where several have one", () => {
    fill([
      { id: 1, key: "again", print: 7, receivedAt: 10 },
      { id: 2, key: "again", print: 7, receivedAt: 20 },
    ]);
    const known = openDedupIndex(db);
    expect(known.find("again", 7)?.id).toBe(2);
    known.remove(7, 1);
    expect(known.find("again", 7)?.id).toBe(2);
    known.remove(7, 2);
    expect(known.find("again", 7)).toBeUndefined();
  });
});

it("a dead letter that was replayed, and so has another id, is recognised, also after a restart", async () => {
  const file = newFile();
  const inbox = await openEmbedded({ file });
  await inbox.add(noticeOf("a"));
  const lease = await takeOne(inbox);
  await lease.settle(DEAD);
  expect(await inbox.replay(lease.id)).not.toBe(lease.id);
  expect(await inbox.add(noticeOf("a"))).toBe("duplicate");
  await inbox.close();
  const reopened = await openEmbedded({ file });
  expect(await reopened.add(noticeOf("a"))).toBe("duplicate");
  await reopened.close();
});

it("a file of the first format is brought up to date, and what it remembers is recognised", async () => {
  const file = newFile();
  const old = openDatabase(file);
  migrate(old, MIGRATIONS.slice(0, 1));
  const { key } = noticeOf("kept");
  old
    .prepare("INSERT INTO events (id, key, key_digest, received_at) VALUES (1, ?, ?, 5)")
    .run(key, hash("sha256", key, "buffer").subarray(0, 16));
  old
    .prepare("INSERT INTO waiting (id, conversation, received_at, notice) VALUES (1, 'lobby', 5, ?)")
    .run(JSON.stringify(noticeOf("kept")));
  old.exec("UPDATE totals SET last_id = 1, waiting = 1");
  old
    .prepare("INSERT INTO traces (event, at, attempt, steps) VALUES (1, 6, 1, ?)")
    .run('[{"at":6,"step":"leased","attempt":1,"interruptions":2}]');
  old.close();

  const inbox = await openEmbedded({ file });
  expect(await inbox.add(noticeOf("kept"))).toBe("duplicate");
  expect(await inbox.add(noticeOf("new"))).toBe("added");
  const lease = await takeOne(inbox);
  expect(lease.notice.key).toBe(key);
  expect((await inbox.show(lease.id))?.attemptsMade[0]?.trace).toEqual([
    { at: 6, step: "leased", attempt: 1, crashCount: 2 },
  ]);
  await inbox.close();
});
