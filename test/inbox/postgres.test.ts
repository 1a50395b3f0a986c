/** @jest-environment ./test/inbox/postgres-environment.ts */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { Client } from "pg";
import type { Inbox, Lease } from "../../src/core/contract/inbox";
import { type FaultPoint, watchFaultPoints } from "../../src/core/util/failpoints";
import { openPostgres } from "../../src/inbox/postgres";
import type { Importers } from "../../src/inbox/postgres/importers";
import type { Tuning } from "../../src/inbox/postgres/tuning";
import { DEAD, HANDLED, inboxContract, noticeOf, takeOne } from "../contract/inbox";
import { callsContract } from "../contract/inbox-calls";
import { expectOrder } from "../contract/inbox-order";
import { loaded } from "./postgres-loaded";
import { type PostgresServer, postgresIsMissing, startPostgres } from "./postgres-server";
import { Story } from "./story";

const missing = postgresIsMissing();
if (missing !== undefined && process.env.CI !== undefined) throw new Error(missing);
if (missing !== undefined) process.stderr.write(`\nSKIPPED, the inbox in PostgreSQL: ${missing}\n\n`);

(missing === undefined ? describe : describe.skip)("the inbox in PostgreSQL", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());

  const opened: Inbox[] = [];
  const peers: ChildProcess[] = [];
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.kill("SIGKILL");
    for (const inbox of opened.splice(0)) await inbox.close();
  });

  async function open(
    databaseUrl: string,
    tuning: Partial<Tuning> = {},
    more: { rememberMs?: number; rememberCount?: number } = {},
  ): Promise<Inbox> {
    const inbox = await openPostgres({ databaseUrl, ...more }, { importers: loaded, ...tuning });
    opened.push(inbox);
    return inbox;
  }

  inboxContract(
    "the inbox in PostgreSQL",
    async () => {
      const url = server.newDatabase();
      const tuning = { restartSpreadMs: 30 };
      return { inbox: await open(url, tuning), reopen: () => open(url, tuning) };
    },
    { newcomersWait: "conversations have their turns in a circle: a newcomer waits for one turn of each" },
  );

  callsContract("the inbox in PostgreSQL", async () => {
    const url = server.newDatabase();
    const tuning = { claimAfterMs: 0 };
    return { inbox: await open(url, tuning), reopen: () => open(url, tuning) };
  });

  it("handles every event once and in order, whatever happens meanwhile", async () => {
    await expectOrder(
      async () => {
        const url = server.newDatabase();
        return { inbox: await open(url), reopen: () => open(url) };
      },
      Number(process.env.ORDER_RUNS ?? 8),
    );
  });

  describe("several of them on one database", () => {
    it("can be opened at the same time on an empty one", async () => {
      const url = server.newDatabase();
      const inboxes = await Promise.all([open(url), open(url), open(url)]);
      const outcomes = await Promise.all(inboxes.map((inbox) => inbox.add(noticeOf("a"))));
      expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(1);
    });

    it("hand out what the others have added, one event of a conversation at a time", async () => {
      const url = server.newDatabase();
      const [receiver, worker, other] = [await open(url), await open(url), await open(url)];
      const taking = takeOne(worker);
      for (const key of ["a", "b"]) await receiver.add(noticeOf(key, { in: "lobby" }));
      const lease = await taking;
      expect(lease.notice.data.id).toBe("a");
      const next = takeOne(other);
      await receiver.add(noticeOf("elsewhere"));
      expect((await next).notice.data.id).toBe("elsewhere");
      await lease.settle(HANDLED);
      expect((await takeOne(other)).notice.data.id).toBe("b");
    });

    it("forget no event that is added at the instant in which the one before is settled", async () => {
      const url = server.newDatabase();
      const [receiver, worker] = [await open(url), await open(url)];
      await receiver.add(noticeOf("a", { in: "lobby" }));
      const lease = await takeOne(worker);
      const commits = await holdCommits(url, "INSERT ON bellhop.waiting");
      const adding = receiver.add(noticeOf("b", { in: "lobby" }));
      await server.until(url, HELD);
      // It has written everything, and is about to be committed.
      let isSettled = false;
      const settling = lease.settle(HANDLED).then(() => {
        isSettled = true;
      });
      const isBlocked = (): boolean => server.finds(url, "wait_event_type = 'Lock' AND query <> 'COMMIT'");
      while (!isSettled && !isBlocked()) await new Promise((done) => setTimeout(done, 5));
      await commits.release();
      await Promise.all([settling, adding]);
      expect((await takeOne(worker)).notice.data.id).toBe("b");
    });

    it("renew what they hold", async () => {
      const url = server.newDatabase();
      const inbox = await open(url);
      await inbox.add(noticeOf("a"));
      await takeOne(inbox);
      server.sql(url, "UPDATE bellhop.job SET heartbeat_on = now() - interval '1 hour'");
      const age = (): number =>
        Number(server.sql(url, "SELECT extract(epoch FROM now() - heartbeat_on) FROM bellhop.job"));
      while (age() > 10) await new Promise((done) => setTimeout(done, 100));
    });

    it("lose, repeat and reorder nothing when a receiver and a worker are killed while events flow", async () => {
      const url = server.newDatabase();
      const story = new Story();
      startPeer(story, url, "add", "first", 60);
      const second = startPeer(story, url, "add", "second", 60);
      const doomed = startPeer(story, url, "handle", "doomed");
      // However slowly a process starts, the first one has something to do before the other takes it all.
      await story.until(() => story.count("settled", "doomed") >= 1);
      startPeer(story, url, "handle", "survivor");

      await story.until(() => story.count("settled", "doomed") >= 20);
      doomed.kill("SIGKILL");
      await story.until(() => story.count("added", "second") >= 100);
      second.kill("SIGKILL");
      startPeer(story, url, "add", "third", 20);
      await story.until(() => story.count("done", "first") + story.count("done", "third") === 2);
      const waiting = (): string => server.sql(url, "SELECT count(*) FROM bellhop.waiting");
      while (waiting() !== "0") await new Promise((done) => setTimeout(done, 100));
      // What was settled had been told of before.
      story.read();

      expect(story.unhandled()).toEqual([]);
      expect(story.repeated()).toEqual([]);
      expect(story.overtaken()).toEqual([]);
      expect(story.sideBySide()).toEqual([]);
    });
  });

  /** Starts another process on the database, whose words become part of the story. */
  function startPeer(
    story: Story,
    url: string,
    role: "add" | "handle",
    name: string,
    rounds = 0,
  ): ChildProcess {
    const peer = spawn(
      process.execPath,
      ["--no-warnings", "--import", "jiti/register", PEER, url, role, name, `${rounds}`],
      { stdio: ["ignore", story.paperFor(name), "inherit"] },
    );
    peers.push(peer);
    return peer;
  }

  describe("while the database is away", () => {
    it("refuses what is added, waits with the rest, and goes on by itself", async () => {
      const url = server.newDatabase();
      const inbox = await open(url);
      await inbox.add(noticeOf("a", { in: "lobby" }));
      await inbox.add(noticeOf("b", { in: "lobby" }));
      const lease = await takeOne(inbox);

      server.stop();
      const settling = lease.settle(HANDLED);
      const taking = takeOne(inbox);
      try {
        await expect(inbox.add(noticeOf("c"))).rejects.toMatchObject({
          code: "inbox-failed",
          message: expect.stringMatching(/writing failed: .*Check that PostgreSQL runs/),
        });
        await expect(inbox.counts()).rejects.toMatchObject({ code: "inbox-failed" });
      } finally {
        server.start();
      }
      await settling;
      const next = await taking;
      expect([next.notice.data.id, next.attempt]).toEqual(["b", 1]);
      await next.settle(HANDLED);
      expect(await inbox.add(noticeOf("c"))).toBe("added");
      expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 2 });
    });

    it.each(["", "localhost:5432/chat", "mysql://root@127.0.0.1/chat", "postgres://u:p@[half/chat"])(
      "takes no address such as %j",
      async (databaseUrl) => {
        await expect(open(databaseUrl)).rejects.toMatchObject({
          code: "inbox-failed",
          message: expect.stringMatching(/^DATABASE_URL is not a valid PostgreSQL URL/),
        });
      },
    );

    it("is not opened, and says why", async () => {
      await expect(open("postgres://postgres@127.0.0.1:1/none")).rejects.toMatchObject({
        code: "inbox-failed",
        message: expect.stringMatching(/opening failed: .*ECONNREFUSED.*reached at DATABASE_URL/),
      });
    });
  });

  describe("a lease that somebody else was given in the meantime", () => {
    it("cannot be settled, and holds up nobody who settles at the same time", async () => {
      const url = server.newDatabase();
      const inbox = await open(url);
      for (const key of ["lost", "kept"]) await inbox.add(noticeOf(key));
      const [lost, kept] = [await takeOne(inbox), await takeOne(inbox)];
      server.sql(url, `UPDATE bellhop.job SET retry_count = 1 WHERE singleton_key LIKE '%lost'`);
      const [refused, settled] = await Promise.allSettled([lost.settle(HANDLED), kept.settle(HANDLED)]);
      expect(refused).toMatchObject({ status: "rejected", reason: { code: "lease-lost" } });
      expect(settled.status).toBe("fulfilled");
      expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 1 });
    });
  });

  it("refuses one notice that cannot be written, and none of those that came with it", async () => {
    const inbox = await open(server.newDatabase());
    // Longer than an index takes, and nothing that compression could shorten.
    const longKey = randomBytes(9_000).toString("base64");
    const notices = [noticeOf("a"), noticeOf("with \0"), noticeOf(longKey), noticeOf("b")];
    const outcomes = await Promise.allSettled(notices.map((notice) => inbox.add(notice)));
    expect(
      outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value : outcome.reason.code)),
    ).toEqual(["added", "inbox-failed", "inbox-failed", "added"]);
  });

  it("keeps what people wrote as it is, also a NUL", async () => {
    const inbox = await open(server.newDatabase());
    const notice = { ...noticeOf("a"), data: { text: "zero \0 and half a pair \ud83d" } };
    await inbox.add(notice);
    expect((await takeOne(inbox)).notice.data).toEqual(notice.data);
  });

  it("gives a turn to conversations that have lost theirs", async () => {
    const url = server.newDatabase();
    const inbox = await open(url);
    for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key));
    await inbox.close();
    server.sql(url, "DELETE FROM bellhop.job");
    const reopened = await open(url);
    const keys = [await takeOne(reopened), await takeOne(reopened), await takeOne(reopened)];
    expect(keys.map(({ notice }) => notice.data.id)).toEqual(expect.arrayContaining(["a", "b", "c"]));
  });

  it("forgets what was settled long ago, and nothing else", async () => {
    const url = server.newDatabase();
    const inbox = await open(url, { pruneEveryMs: 5, pruneStep: 2 }, { rememberMs: -1_000 });
    for (const key of ["waits", "settled", "dead", "last"]) await inbox.add(noticeOf(key));
    await takeOne(inbox);
    await (await takeOne(inbox)).settle(HANDLED);
    await (await takeOne(inbox)).settle(DEAD);
    await (await takeOne(inbox)).settle(HANDLED);
    while ((await inbox.counts()).remembered > 0) await new Promise((done) => setTimeout(done, 5));
    expect(await inbox.counts()).toEqual({ waiting: 1, dead: 1, remembered: 0 });
    expect(await inbox.add(noticeOf("settled"))).toBe("added");
    for (const key of ["waits", "dead"]) expect(await inbox.add(noticeOf(key))).toBe("duplicate");
  });

  it("refuses one settlement that cannot be written, and none of those that came with it", async () => {
    const inbox = await open(server.newDatabase());
    for (const key of ["a", "b", "c"]) await inbox.add(noticeOf(key));
    const leases = [await takeOne(inbox), await takeOne(inbox), await takeOne(inbox)];
    const settled = await Promise.allSettled(
      leases.map((lease, index) =>
        lease.settle(HANDLED, index === 1 ? { records: [{ key: "with \0", value: 1 }] } : {}),
      ),
    );
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 2 });
  });

  it("refuses one note that cannot be written, and none of those that came with it", async () => {
    const inbox = await open(server.newDatabase());
    await inbox.add(noticeOf("a"));
    const lease = await takeOne(inbox);
    const noted = await Promise.allSettled(["0", "with \0", "1"].map((place) => lease.note(place, place)));
    expect(noted.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(Object.keys((await inbox.show(lease.id))?.journal ?? {})).toEqual(["0", "1"]);
  });

  it("keeps a note that could not be written with the settlement of its attempt", async () => {
    const url = server.newDatabase();
    const inbox = await open(url, { statementMs: 300 });
    await inbox.add(noticeOf("a"));
    const lease = await takeOne(inbox);
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query("BEGIN; LOCK TABLE bellhop.journal IN ACCESS EXCLUSIVE MODE");
    await expect(lease.note("reply", { kind: "done" })).rejects.toThrow(/noting failed/);
    await client.query("ROLLBACK");
    await client.end();
    await lease.settle({ kind: "retry", afterMs: 0, error: { code: "a", message: "b" } });
    expect((await takeOne(inbox)).journal.get("reply")).toEqual({ kind: "done" });
  });

  it("remembers so many settled events at most, the latest ones", async () => {
    const inbox = await open(server.newDatabase(), { pruneEveryMs: 5, pruneStep: 2 }, { rememberCount: 3 });
    for (const key of ["a", "b", "c", "d", "e", "f", "g"]) {
      await inbox.add(noticeOf(key));
      await (await takeOne(inbox)).settle(HANDLED);
    }
    while ((await inbox.counts()).remembered > 3) await new Promise((done) => setTimeout(done, 5));
    expect((await inbox.list()).map(({ key }) => key.split("/").at(-1))).toEqual(["g", "f", "e"]);
  });

  it.each<[string, (inbox: Inbox, lease: Lease) => Promise<unknown>]>([
    ["adding", (inbox) => inbox.add(noticeOf("b"))],
    ["noting", (_, lease) => lease.note("place", "entry")],
    ["settling", (_, lease) => lease.settle(HANDLED)],
    ["writing records", (inbox) => inbox.records.write([{ key: "a", value: 1 }])],
  ])("can die at three instants of %s", async (_, doing) => {
    const inbox = await open(server.newDatabase());
    await inbox.add(noticeOf("a"));
    const lease = await takeOne(inbox);
    const points: FaultPoint[] = [];
    watchFaultPoints((point) => points.push(point));
    try {
      await doing(inbox, lease);
    } finally {
      watchFaultPoints(undefined);
    }
    expect(points).toEqual(["inbox.group-begun", "inbox.group-written", "inbox.group-committed"]);
  });

  it("forgets paths of handled events that lie behind more than one step of dead letters", async () => {
    const url = server.newDatabase();
    const inbox = await open(url, { pruneEveryMs: 5, pruneStep: 2 });
    for (const key of ["a", "b", "c", "d"]) {
      await inbox.add(noticeOf(key));
      const lease = await takeOne(inbox);
      const trace = [{ at: 0, step: "leased", attempt: 1, crashCount: 0 }] as const;
      await lease.settle(key === "d" ? HANDLED : DEAD, { trace });
    }
    server.sql(url, "UPDATE bellhop.traces SET at = at - 48 * 3600 * 1000");
    const traces = (): string => server.sql(url, "SELECT count(*) FROM bellhop.traces");
    while (traces() === "4") await new Promise((done) => setTimeout(done, 20));
    expect(traces()).toBe("3");
  });

  it("keeps a record that is written anew at the instant in which it is forgotten", async () => {
    const url = server.newDatabase();
    const inbox = await open(url);
    await inbox.records.write([{ key: "a", value: "expired", expiresAt: 1 }]);
    const commits = await holdCommits(url, "INSERT OR UPDATE ON bellhop.records");
    const writing = inbox.records.write([{ key: "a", value: "new" }]);
    await server.until(url, HELD);
    const forgetting = await open(url, { pruneEveryMs: 1 });
    await server.until(url, "wait_event_type = 'Lock' AND query LIKE '%DELETE FROM bellhop.records%'");
    await commits.release();
    await writing;
    await forgetting.close();
    expect(await inbox.records.read("a")).toMatchObject({ value: "new" });
  });

  describe("is not opened", () => {
    it("on tables of a newer version, which are left as they are", async () => {
      const url = server.newDatabase();
      await (await open(url)).close();
      server.sql(url, "INSERT INTO bellhop.migrations (version) VALUES (99)");
      await expect(open(url)).rejects.toMatchObject({
        code: "inbox-failed",
        message: expect.stringMatching(/newer version of Bellhop \(format 99, this one knows \d+\)/),
      });
      expect(server.sql(url, "SELECT max(version) FROM bellhop.migrations")).toBe("99");
    });

    it.each<[string, Partial<Importers>, RegExp]>([
      ["without pg-boss", { pgBossVersion: notFound }, /cannot be loaded: Cannot find module/],
      ["without pg", { pg: notFound }, /cannot be loaded: Cannot find module/],
      [
        "with what npm picks on Node 20",
        { pgBossVersion: () => "10.4.2" },
        /the installed pg-boss is 10\.4\.2/,
      ],
      ["with a pg-boss before the one tried", { pgBossVersion: () => "12.37.9" }, /is 12\.37\.9/],
      ["with the next major", { pgBossVersion: () => "13.0.0" }, /is 13\.0\.0/],
    ])("%s, and says what to install", async (_, broken, message) => {
      const opening = open(server.newDatabase(), { importers: { ...loaded, ...broken } });
      await expect(opening).rejects.toMatchObject({
        code: "inbox-failed",
        message: expect.stringMatching(message),
      });
      await expect(opening).rejects.toThrow(/npm install pg pg-boss@12\.38\.0/);
    });
  });
});

const PEER = resolve(__dirname, "postgres-peer.ts");

/** On pg_stat_activity: a transaction that `holdCommits` holds. */
const HELD = "wait_event = 'advisory' AND query = 'COMMIT'";

/** Holds each transaction that does this between its last statement and its end, until it is released. */
async function holdCommits(url: string, doing: string): Promise<{ release(): Promise<void> }> {
  const client = new Client(url);
  await client.connect();
  await client.query(`
    CREATE FUNCTION bellhop.hold() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER hold AFTER ${doing}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bellhop.hold();
    SELECT pg_advisory_lock(1)`);
  return { release: () => client.end() };
}

function notFound(): never {
  throw new Error("Cannot find module 'pg'");
}
