import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../../src/core/contract/logger";
import { openEmbedded, openEmbeddedAdmin } from "../../src/inbox/embedded";
import { isLocked } from "../../src/inbox/embedded/database-file";
import { noticeOf } from "../contract/inbox";
import { tempDir } from "./temp-dir";

const lines: string[] = [];
const write = (sentence: string, fields?: object): void =>
  void lines.push(sentence + JSON.stringify(fields ?? {}));
const log: Logger = { debug: write, info: write, warn: write, error: write };

let umask: number;
beforeEach(() => {
  lines.length = 0;
  umask = process.umask(0);
});
afterEach(() => void process.umask(umask));

/** `inbox.db 600`, of all files in a folder. */
const modes = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => `${name} ${(statSync(join(folder, name)).mode & 0o777).toString(8)}`);

const PRIVATE = ["inbox.db 600", "inbox.db-shm 600", "inbox.db-wal 600", "inbox.db.lock 600"];

describe("the files of an inbox", () => {
  it("are readable by their owner only in a folder that existed before, whatever the umask", async () => {
    const dataDir = tempDir();
    chmodSync(dataDir, 0o777);
    const inbox = await openEmbedded({ dataDir, log });
    await inbox.add(noticeOf("a"));
    expect(modes(dataDir)).toEqual(PRIVATE);
    await inbox.close();
    expect(lines.join()).not.toContain("other users");
  });

  it("are in a folder that only its owner can enter when Bellhop makes it", async () => {
    const folder = join(tempDir(), "new", "data");
    await (await openEmbedded({ dataDir: folder })).close();
    expect([statSync(folder).mode & 0o777, statSync(join(folder, "..")).mode & 0o777]).toEqual([
      0o700, 0o700,
    ]);
  });

  it("are narrowed by the next start, which logs the files that others could read", async () => {
    const dataDir = tempDir();
    await (await openEmbedded({ dataDir })).close();
    chmodSync(join(dataDir, "inbox.db"), 0o644);
    chmodSync(join(dataDir, "inbox.db.lock"), 0o640);
    const inbox = await openEmbedded({ dataDir, log });
    await inbox.add(noticeOf("a"));
    expect(modes(dataDir)).toEqual(PRIVATE);
    await inbox.close();
    expect(lines.filter((line) => line.includes("restricted to the owner now"))).toHaveLength(4);
  });

  it("are private when the command line makes them", async () => {
    const dataDir = tempDir();
    const file = join(dataDir, "inbox.db");
    writeFileSync(file, "", { mode: 0o600 });
    isLocked(file);
    const admin = await openEmbeddedAdmin({ dataDir });
    expect(modes(dataDir)).toEqual(PRIVATE);
    await admin.close();
  });

  it("stay locked against a second inbox of the same process, which looks at their rights too", async () => {
    const dataDir = join(tempDir(), "data");
    mkdirSync(dataDir);
    const first = await openEmbedded({ dataDir });
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ code: "inbox-locked" });
    await expect(openEmbedded({ dataDir })).rejects.toMatchObject({ code: "inbox-locked" });
    await first.close();
  });
});
