import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Inbox } from "../../src/core/contract/inbox";
import { openEmbedded } from "../../src/inbox/embedded";
import { openDatabase } from "../../src/inbox/embedded/sqlite";
import { HANDLED, noticeOf, takeOne } from "../contract/inbox";
import { tempDir } from "./temp-dir";

let dataDir: string;
let inbox: Inbox;

beforeEach(async () => {
  dataDir = join(tempDir(), "data");
  inbox = await openEmbedded({ dataDir });
  await inbox.add(noticeOf("before"));
  // From then on the folder's time of change is trusted.
  await new Promise((resolve) => setTimeout(resolve, 120));
  await inbox.add(noticeOf("later"));
});
afterEach(() => inbox.close());

const at = (name: string): string => join(dataDir, name);
const remove = (...names: readonly string[]): void => {
  for (const name of names) rmSync(at(name));
};
const ALL = ["inbox.db", "inbox.db-wal", "inbox.db-shm"];

const changes: [string, () => void, RegExp][] = [
  ["inbox.db is deleted with what belongs to it", () => remove(...ALL), /inbox\.db" was deleted or moved/],
  ["inbox.db alone is deleted", () => remove("inbox.db"), /inbox\.db" was deleted or moved/],
  [
    "inbox.db is replaced by a copy of itself",
    () => {
      copyFileSync(at("inbox.db"), at("copy"));
      renameSync(at("copy"), at("inbox.db"));
    },
    /inbox\.db" was replaced/,
  ],
  ["its -wal is deleted", () => remove("inbox.db-wal"), /inbox\.db-wal" was deleted/],
  ["its -shm is deleted", () => remove("inbox.db-shm"), /inbox\.db-shm" was deleted/],
  ["its .lock is deleted", () => remove("inbox.db.lock"), /inbox\.db\.lock" was deleted/],
  [
    "the folder is moved away and made anew",
    () => {
      renameSync(dataDir, `${dataDir}-moved`);
      mkdirSync(dataDir);
    },
    /inbox\.db" was deleted or moved/,
  ],
];

it("a check fails while a table is missing, and succeeds when it is back", async () => {
  const sql = (statement: string): void => {
    const db = openDatabase(at("inbox.db"));
    db.exec(statement);
    db.close();
  };
  sql("ALTER TABLE waiting RENAME TO hidden");
  await expect(inbox.add(noticeOf("after"))).rejects.toMatchObject({ code: "inbox-failed" });
  await expect(inbox.check()).rejects.toThrow("no such table");
  sql("ALTER TABLE hidden RENAME TO waiting");
  await inbox.check();
  expect(await inbox.add(noticeOf("after"))).toBe("added");
});

describe("when the files of an open inbox change:", () => {
  it.each(changes)("%s, nothing is accepted, and the check says why", async (_, change, says) => {
    change();
    await expect(inbox.add(noticeOf("after"))).rejects.toMatchObject({
      code: "inbox-file-changed",
      message: expect.stringMatching(says),
    });
    await expect(inbox.check()).rejects.toThrow(says);
  });

  it.each(changes.slice(0, 6))("%s, and the next start finds all that was accepted", async (_, change) => {
    change();
    await expect(inbox.add(noticeOf("after"))).rejects.toMatchObject({ code: "inbox-file-changed" });
    // As a process that is killed leaves it: nothing more is written to the files.
    const killed = join(tempDir(), "killed");
    mkdirSync(killed);
    for (const name of readdirSync(dataDir)) copyFileSync(at(name), join(killed, name));
    if (existsSync(join(killed, "inbox.db.rescued"))) rmSync(join(killed, "inbox.db"), { force: true });
    const next = await openEmbedded({ dataDir: killed });
    expect((await takeOne(next)).notice.data.id).toBe("before");
    await next.close();
  });

  it("nothing is handed out while it could not be settled, and all goes on when the folder is back", async () => {
    const lease = await takeOne(inbox);
    await inbox.add(noticeOf("next"));
    renameSync(dataDir, `${dataDir}-moved`);
    await expect(lease.settle(HANDLED)).rejects.toMatchObject({ code: "inbox-file-changed" });
    const handed: string[] = [];
    const taking = inbox.take(2, new AbortController().signal).then((leases) => {
      for (const { notice } of leases) handed.push(String(notice.data.id));
      return leases;
    });
    // Longer than an event rests whose settlement could not be written.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(handed).toEqual([]);
    renameSync(`${dataDir}-moved`, dataDir);
    await inbox.check();
    await taking;
    expect(handed.length).toBeGreaterThan(0);
    expect(await inbox.add(noticeOf("after"))).toBe("added");
  });
});
