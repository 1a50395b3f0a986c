/** @jest-environment ./test/inbox/postgres-environment.ts */
import { renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type Bellhop, createBellhop } from "../../src/bellhop";
import type { Inbox } from "../../src/core/contract/inbox";
import type { Logger } from "../../src/core/contract/logger";
import { openPostgres } from "../../src/inbox/postgres";
import { InMemoryPlatform } from "../core/in-memory-platform";
import { closed, listening } from "../http/receiver-fixture";
import { loaded } from "../inbox/postgres-loaded";
import { type PostgresServer, postgresIsMissing, startPostgres } from "../inbox/postgres-server";
import { tempDir } from "../inbox/temp-dir";
import {
  canSetWritable,
  createSmallDisk,
  type SmallDisk,
  setWritable,
  smallDiskIsMissing,
} from "../small-disk";

/** A program whose readiness is asked over HTTP. */
interface Desk {
  readonly lines: string[];
  readyz(): Promise<{ readonly status: number; readonly failed: readonly string[] }>;
  deliver(id: string): Promise<number>;
  /** Waits until it is ready, or not. */
  until(status: 200 | 503): Promise<void>;
  close(): Promise<void>;
}

async function open(inbox: string | (() => Promise<Inbox>)): Promise<Desk> {
  const lines: string[] = [];
  const write = (sentence: string): void => void lines.push(sentence);
  const log: Logger = { debug() {}, info: write, warn: write, error: write };
  const chat = new InMemoryPlatform();
  const bellhop: Bellhop = await createBellhop({
    platforms: [chat],
    bots: {},
    cards: join(__dirname, "cards"),
    inbox,
    log,
  });
  const { server, port } = await listening(bellhop.receiver.or(bellhop.app));
  await bellhop.start();
  const url = `http://127.0.0.1:${port}`;
  const desk: Desk = {
    lines,
    async readyz() {
      const response = await fetch(`${url}/readyz`);
      const report = (await response.json()) as {
        checks: { isOk: boolean; code?: string; message?: string }[];
      };
      return {
        status: response.status,
        failed: report.checks.filter(({ isOk }) => !isOk).map(({ code, message }) => `${code}: ${message}`),
      };
    },
    async deliver(id) {
      const { headers, body } = chat.delivery({ id, room: "room-1" });
      return (await fetch(`${url}/webhooks/memory`, { method: "POST", headers, body: String(body) })).status;
    },
    async until(status) {
      while ((await desk.readyz()).status !== status) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async close() {
      await closed(server);
      await bellhop.close(1_000);
    },
  };
  return desk;
}

const SAID = "the inbox cannot store deliveries; they are answered 503";
const MENDED = "the inbox can store deliveries again";

describe("/readyz", () => {
  let desk: Desk;
  afterEach(() => desk.close());

  it("is 503 while the inbox's folder is gone, says why, and is 200 when it is back", async () => {
    const dataDir = join(tempDir(), "data");
    desk = await open(dataDir);
    expect(await desk.readyz()).toEqual({ status: 200, failed: [] });
    renameSync(dataDir, `${dataDir}-moved`);
    expect(await desk.deliver("m1")).toBe(503);
    await desk.until(503);
    expect((await desk.readyz()).failed).toEqual([
      expect.stringMatching(/^inbox-file-changed: .*inbox\.db"/),
    ]);
    renameSync(`${dataDir}-moved`, dataDir);
    await desk.until(200);
    expect(await desk.deliver("m2")).toBe(200);
    expect(desk.lines.filter((line) => line === SAID || line === MENDED)).toEqual([SAID, MENDED]);
  });
});

describe("/readyz with an inbox whose thread has ended", () => {
  it("is 503, and says to restart the program", async () => {
    const posted = jest.spyOn(Worker.prototype, "postMessage");
    const desk = await open(join(tempDir(), "data"));
    const [thread] = posted.mock.contexts;
    posted.mockRestore();
    try {
      await thread?.terminate();
      await desk.until(503);
      expect((await desk.readyz()).failed.join()).toMatch(
        /^inbox-failed: .*its thread ended .*Restart the program/,
      );
      expect(await desk.deliver("m1")).toBe(503);
    } finally {
      await desk.close();
    }
  });
});

(canSetWritable(tmpdir()) ? describe : describe.skip)("/readyz with an inbox that becomes read-only", () => {
  it("is 503 until the file can be written again", async () => {
    const dataDir = join(tempDir(), "data");
    const desk = await open(dataDir);
    const file = join(dataDir, "inbox.db");
    try {
      setWritable(file, false);
      await desk.until(503);
      expect((await desk.readyz()).failed.join()).toMatch(/^inbox-failed: /);
      setWritable(file, true);
      await desk.until(200);
      expect(await desk.deliver("m1")).toBe(200);
    } finally {
      setWritable(file, true);
      await desk.close();
    }
  });
});

const diskIsMissing = smallDiskIsMissing();

(diskIsMissing === undefined ? describe : describe.skip)(
  "/readyz with the inbox on a disk of its own",
  () => {
    let disk: SmallDisk;
    let desk: Desk;
    beforeEach(async () => {
      disk = createSmallDisk(8);
      desk = await open(join(disk.folder, "data"));
    });
    afterEach(async () => {
      await desk.close();
      disk.remove();
    });

    it("is 503 while the disk is full, and 200 when there is room", async () => {
      disk.fill();
      await desk.until(503);
      expect((await desk.readyz()).failed.join()).toMatch(/^inbox-failed: .*bytes are free/);
      disk.empty();
      await desk.until(200);
      expect(await desk.deliver("m1")).toBe(200);
    });
  },
);

const missing = postgresIsMissing();

(missing === undefined ? describe : describe.skip)("/readyz with the inbox in PostgreSQL", () => {
  let server: PostgresServer;
  let desk: Desk;
  let url: string;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    url = server.newDatabase();
    desk = await open(() => openPostgres({ databaseUrl: url }, { importers: loaded }));
    await desk.until(200);
  });
  afterEach(() => desk.close());

  it("is 503 while the server is stopped, and 200 when it is back", async () => {
    server.stop();
    await desk.until(503);
    expect((await desk.readyz()).failed.join()).toMatch(/^inbox-(failed|no-answer): /);
    // Nothing is on lease, so that nothing is renewed: only a question shows that the database is back.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(desk.lines).not.toContain("the database is back");
    server.start();
    await desk.until(200);
    expect(await desk.deliver("m1")).toBe(200);
    expect(desk.lines.filter((line) => line === MENDED)).toHaveLength(1);
  }, 60_000);

  it("is 503 while the server hangs, and 200 when it goes on", async () => {
    server.sql(url, "SELECT 1");
    server.freeze();
    try {
      await desk.until(503);
    } finally {
      server.thaw();
    }
    await desk.until(200);
  }, 60_000);

  (diskIsMissing === undefined ? it : it.skip)(
    "is 503 while the database's disk is full, and 200 when there is room",
    async () => {
      const disk = createSmallDisk(64);
      await desk.close();
      try {
        url = server.newDatabase(disk.folder);
        desk = await open(() => openPostgres({ databaseUrl: url }, { importers: loaded }));
        await desk.until(200);
        disk.fill();
        // Some deliveries fit into what the tables' files have already.
        for (let n = 0; (await desk.deliver(`full-${n}`)) === 200; n++);
        await desk.until(503);
        expect((await desk.readyz()).failed.join()).toMatch(/^inbox-failed: .*No space left on device/);
        await new Promise((resolve) => setTimeout(resolve, 3_000));
        expect((await desk.readyz()).status).toBe(503);
        disk.empty();
        await desk.until(200);
        expect(await desk.deliver("m1")).toBe(200);
      } finally {
        server.sql(
          new URL("/postgres", url).href,
          `DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`,
        );
        disk.remove();
      }
    },
    60_000,
  );

  it("is 503 while the database is read-only, and says so", async () => {
    const name = new URL(url).pathname.slice(1);
    const setReadOnly = (to: "on" | "off"): void => {
      // From another database: this one refuses it while it is read-only.
      const elsewhere = url.replace(name, "postgres");
      server.sql(elsewhere, `ALTER DATABASE ${name} SET default_transaction_read_only = ${to}`);
      // It holds for new connections.
      server.sql(
        elsewhere,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
    };
    setReadOnly("on");
    await desk.until(503);
    while (!(await desk.readyz()).failed.join().includes("read-only transaction"))
      await new Promise((resolve) => setTimeout(resolve, 50));
    setReadOnly("off");
    await desk.until(200);
  }, 60_000);
});
