/** @jest-environment ./test/inbox/postgres-environment.ts */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { InboxError } from "../../src/core/contract/errors";
import type { Inbox, Lease } from "../../src/core/contract/inbox";
import { openPostgres } from "../../src/inbox/postgres";
import { HANDLED, noticeOf, recordBlock, takeOne } from "../contract/inbox";
import { loaded } from "./postgres-loaded";
import { type PostgresServer, postgresIsMissing, startPostgres } from "./postgres-server";

const PEER = resolve(__dirname, "postgres-peer.ts");

(postgresIsMissing() === undefined ? describe : describe.skip)("processes that share an inbox", () => {
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

  async function open(databaseUrl: string): Promise<Inbox> {
    const inbox = await openPostgres({ databaseUrl }, { importers: loaded });
    opened.push(inbox);
    return inbox;
  }

  /** Lets processes begin at the same instant. @returns what each of them told, line by line, once all have ended */
  async function runPeers(
    url: string,
    role: "claim" | "count",
    rounds: number,
  ): Promise<readonly string[][]> {
    const inbox = await open(url);
    const running = ["first", "second", "third"].map((name) => {
      const peer = spawn(
        process.execPath,
        ["--no-warnings", "--import", "jiti/register", PEER, url, role, name, `${rounds}`],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      peers.push(peer);
      return { isReady: once(peer.stdout, "data"), told: text(peer.stdout) };
    });
    await Promise.all(running.map(({ isReady }) => isReady));
    await inbox.records.write([{ key: "go", value: true }]);
    const told = await Promise.all(running.map((peer) => peer.told));
    return told.map((lines) => lines.trim().split("\n"));
  }

  it("have one winner of each record that all of them claim", async () => {
    const told = await runPeers(server.newDatabase(), "claim", 20);
    const won = told
      .flat()
      .flatMap((line) => (line.includes(" won ") ? [Number(line.split(" ").at(-1))] : []));
    expect(won.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, round) => round));
  });

  it("lose no change of a record that all of them count up", async () => {
    const url = server.newDatabase();
    await runPeers(url, "count", 40);
    const inbox = await open(url);
    expect(await inbox.records.read("count")).toEqual({ value: 120, version: 120 });
  });

  it("take what another one released at once", async () => {
    const url = server.newDatabase();
    const [leaving, other] = [await open(url), await open(url)];
    await leaving.add(noticeOf("a", { in: "lobby" }));
    const lease = await takeOne(leaving);
    await lease.note("reply 0", "sent");
    const taking = takeOne(other);
    await lease.settle({ kind: "released" });
    // Not after a heartbeat, which is longer than a test may take.
    const taken = await taking;
    expect(taken).toMatchObject({ id: lease.id, attempt: 1, crashCount: 0 });
    expect([...taken.journal]).toEqual([["reply 0", "sent"]]);
  });

  it("see that an event blocked the process that had it before", async () => {
    const url = server.newDatabase();
    const [blocked, other] = [await open(url), await open(url)];
    await blocked.add(noticeOf("a"));
    const lease = await takeOne(blocked);
    await recordBlock(blocked, lease, "a.ts:1");
    // As recover() does after a heartbeat that was not heard.
    server.sql(url, "UPDATE bellhop.job SET state = 'retry', heartbeat_on = NULL");
    expect((await takeOne(other)).blocked).toEqual({ times: 1, where: "a.ts:1" });
  });

  describe("and one that was taken for dead", () => {
    let lost: Lease;
    let taken: Lease;
    let inbox: Inbox;
    beforeEach(async () => {
      const url = server.newDatabase();
      const [frozen, other] = [await open(url), await open(url)];
      await frozen.add(noticeOf("a"));
      lost = await takeOne(frozen);
      // As recover() does after a heartbeat that was not heard.
      server.sql(url, "UPDATE bellhop.job SET state = 'retry', heartbeat_on = NULL");
      taken = await takeOne(other);
      inbox = other;
    });

    it("hands on its event with an interruption", () => {
      expect(taken).toMatchObject({ id: lost.id, attempt: 1, crashCount: 1 });
    });

    it.each<[string, () => Promise<void>]>([
      ["note", () => lost.note("place", "late")],
      ["settle", () => lost.settle(HANDLED)],
      ["release", () => lost.settle({ kind: "released" })],
      ["change records", () => lost.settle(HANDLED, { records: [{ key: "late", value: true }] })],
    ])("cannot %s any more, and the one after it can", async (_, doing) => {
      await expect(doing()).rejects.toThrow(InboxError);
      expect(await inbox.counts()).toEqual({ waiting: 1, dead: 0, remembered: 0 });
      expect(await inbox.records.read("late")).toBeUndefined();
      await taken.note("place", "in time");
      expect((await inbox.show(taken.id))?.journal).toEqual({ place: "in time" });
      await taken.settle(HANDLED);
      expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 1 });
    });
  });
});
