/** @jest-environment ./test/inbox/postgres-environment.ts */
import type { Inbox, InboxAdmin } from "../../src/core/contract/inbox";
import { migratePostgres, openPostgres, openPostgresAdmin } from "../../src/inbox/postgres";
import { DEAD, HANDLED, noticeOf, takeOne } from "../contract/inbox";
import { loaded } from "./postgres-loaded";
import { type PostgresServer, postgresIsMissing, startPostgres } from "./postgres-server";

const tuning = { importers: loaded };

(postgresIsMissing() === undefined ? describe : describe.skip)(
  "an inbox in PostgreSQL, beside its workers",
  () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.remove());

    const opened: InboxAdmin[] = [];
    afterEach(async () => {
      for (const admin of opened.splice(0)) await admin.close();
    });

    function keep<T extends InboxAdmin>(admin: T): T {
      opened.push(admin);
      return admin;
    }
    const openInbox = async (databaseUrl: string): Promise<Inbox> =>
      keep(await openPostgres({ databaseUrl }, tuning));
    const openAdmin = async (databaseUrl: string): Promise<InboxAdmin> =>
      keep(await openPostgresAdmin({ databaseUrl }, tuning));

    describe("an inbox admin", () => {
      it("shows what they do", async () => {
        const url = server.newDatabase();
        const inbox = await openInbox(url);
        const admin = await openAdmin(url);
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key));
        const lease = await takeOne(inbox);
        await lease.note("reply 0", "sent");
        expect(await admin.counts()).toEqual({ waiting: 2, dead: 0, remembered: 0 });
        expect(await admin.show(lease.id)).toMatchObject({
          state: "waiting",
          journal: { "reply 0": "sent" },
        });
        await lease.settle(DEAD);
        expect(await admin.list({ state: "dead" })).toMatchObject([
          { id: lease.id, error: { message: "it broke" } },
        ]);
        expect(await admin.show("999999")).toBeUndefined();
      });

      it("replays a dead letter, which a worker then takes", async () => {
        const url = server.newDatabase();
        const inbox = await openInbox(url);
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        await lease.settle(DEAD);
        const taking = takeOne(inbox);
        const id = await (await openAdmin(url)).replay(lease.id);
        expect(await taking).toMatchObject({ id, attempt: 1 });
      });

      it("discards the dead letter that holds its conversation, which then goes on", async () => {
        const url = server.newDatabase();
        const inbox = await openInbox(url);
        for (const key of ["a", "b"]) await inbox.add(noticeOf(key, { in: "lobby" }));
        const lease = await takeOne(inbox);
        await lease.settle({
          kind: "dead",
          error: { code: "handler-failed", message: "it broke" },
          holds: true,
        });
        const taking = takeOne(inbox);
        const admin = await openAdmin(url);
        expect(await admin.discard(lease.id, "not worth it")).toBe(true);
        expect((await taking).notice.data.id).toBe("b");
        expect(await admin.show(lease.id)).toMatchObject({ state: "discarded", reason: "not worth it" });
        expect(await admin.discard(lease.id, "again")).toBe(false);
      });

      it("does nothing more once it is closed, and disturbs nobody", async () => {
        const url = server.newDatabase();
        const inbox = await openInbox(url);
        await inbox.add(noticeOf("a"));
        const lease = await takeOne(inbox);
        const admin = await openAdmin(url);
        await admin.close();
        await expect(admin.counts()).rejects.toMatchObject({ code: "inbox-closed" });
        await expect(admin.replay("1")).rejects.toMatchObject({ code: "inbox-closed" });
        await lease.settle(HANDLED);
        expect(await inbox.counts()).toEqual({ waiting: 0, dead: 0, remembered: 1 });
      });

      it.each<[string, string, RegExp]>([
        [
          "no inbox",
          "SET client_min_messages = warning; DROP SCHEMA bellhop CASCADE",
          /the database has no inbox.*bellhop inbox migrate/,
        ],
        [
          "an older one",
          "DELETE FROM bellhop.migrations",
          /older version of Bellhop \(format 0, this one has \d+\)/,
        ],
        [
          "a newer one",
          "INSERT INTO bellhop.migrations (version) VALUES (99)",
          /newer version of Bellhop \(format 99, this one knows \d+\)/,
        ],
      ])("is not opened on a database with %s, and makes nothing there", async (_, statement, message) => {
        const url = server.newDatabase();
        await migratePostgres({ databaseUrl: url }, tuning);
        server.sql(url, statement);
        const before = tablesOf(url);
        await expect(openAdmin(url)).rejects.toMatchObject({
          code: "inbox-failed",
          message: expect.stringMatching(message),
        });
        expect(tablesOf(url)).toBe(before);
      });
    });

    describe("migrating", () => {
      it("makes the tables, also when several do it at once and when they are there", async () => {
        const url = server.newDatabase();
        const migrate = (): Promise<void> => migratePostgres({ databaseUrl: url }, tuning);
        await Promise.all([migrate(), migrate(), migrate()]);
        const made = tablesOf(url);
        await migrate();
        expect(tablesOf(url)).toBe(made);
        expect(await (await openAdmin(url)).counts()).toEqual({ waiting: 0, dead: 0, remembered: 0 });
      });
    });

    const tablesOf = (url: string): string =>
      server.sql(url, "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'bellhop' ORDER BY 2");
  },
);
