import { existsSync } from "node:fs";
import { join, resolve as toAbsolute } from "node:path";
import { checkOptions, optionNames } from "../../core/definition-checks";
import { EventLeasedError, InboxError } from "../../core/errors";
import type { InboxAdmin } from "../../core/inbox";
import { pause } from "../../core/pause";
import type { AdminActions } from "./admin-actions";
import { LEASED, NOT_FOUND } from "./admin-writes";
import { lockFile, openInboxFile } from "./database-file";
import { formatId, parseId } from "./event-ids";
import { toListFilter } from "./list-filter";
import { createQueries, readCounts } from "./queries";
import { type Database, openDatabase } from "./sqlite";
import { isBusy, toStoreFailure } from "./sqlite-errors";
import { createStore } from "./store";
import type { AdminRequest } from "./thread-protocol";
import { createWriteProbe } from "./write-probe";

export interface EmbeddedAdminOptions {
  /** Folder of the file, or the file itself. */
  readonly dataDir?: string | undefined;
  readonly file?: string | undefined;
  /** How long the process that has the file may take to do what it is asked, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS = optionNames<EmbeddedAdminOptions>({ dataDir: true, file: true, timeoutMs: true });

/** What changes events. */
interface AdminBackend extends AdminActions {
  close(): void;
}

/**
 * Looks into the file of an embedded inbox, also while a server works with it: that one then does the replaying and
 * discarding, which this one asks for in the file. Without a server it does it itself.
 * @throws InboxError when there is no such file, or it cannot be read
 */
export async function openEmbeddedAdmin(options: EmbeddedAdminOptions): Promise<InboxAdmin> {
  checkOptions("openEmbeddedAdmin", options, OPTIONS);
  const file = toAbsolute(options.file ?? join(options.dataDir ?? "data", "inbox.db"));
  if (!existsSync(file))
    throw new InboxError(
      "inbox-failed",
      `inbox "${file}" is not there. It is made when the bot is started; is DATA_DIR what it is for the bot?`,
    );
  const describeFailures = <T>(doing: string, work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      const { code, message } = toStoreFailure(doing, file, thrown);
      throw new InboxError(code, message, thrown);
    }
  };
  const { db, backend } = describeFailures("opening", () => acquireFile(file, options.timeoutMs ?? 10_000));
  const queries = createQueries(db);
  const probe = createWriteProbe(db, file);
  let isClosed = false;

  async function ifOpen<T>(doing: string, work: () => T): Promise<T> {
    if (isClosed) throw new InboxError("inbox-closed", `inbox "${file}" is closed here`);
    return describeFailures(doing, work);
  }

  return {
    counts: () => ifOpen("counting", () => readCounts(db)),
    check: () => ifOpen("checking that it can be written", () => probe.check()),
    list: (filter = {}) => ifOpen("listing events", () => queries.list({ filter: toListFilter(filter) })),
    show: (text) =>
      ifOpen("reading an event", () => {
        const id = parseId(text);
        return id === undefined ? undefined : queries.show({ id });
      }),
    async replay(text) {
      const id = parseId(text);
      const newId = id === undefined ? undefined : await ifOpen("replaying", () => backend.replay(id));
      return newId === undefined ? undefined : formatId(newId);
    },
    async retry(text) {
      const id = parseId(text);
      return id !== undefined && (await ifOpen("making a retry due", () => backend.retry(id)));
    },
    async discard(text, reason) {
      const id = parseId(text);
      return id !== undefined && (await ifOpen("discarding", () => backend.discard(id, reason)));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      backend.close();
      db.close();
    },
  };
}

function acquireFile(file: string, timeoutMs: number): { db: Database; backend: AdminBackend } {
  let guard: Database;
  try {
    guard = lockFile(file);
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown;
    const db = openDatabase(file);
    db.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL");
    return { db, backend: createRequestBackend(db, file, timeoutMs) };
  }
  try {
    const db = openInboxFile({ file });
    return { db, backend: createDirectBackend(db, guard) };
  } catch (thrown) {
    guard.close();
    throw thrown;
  }
}

/** Nobody else has the file: until it is closed here, no server gets it. */
function createDirectBackend(db: Database, guard: Database): AdminBackend {
  const store = createStore(db);
  return {
    replay: async (id) => store.replay({ id })?.id,
    async retry(id) {
      if (store.find({ id })?.state !== "waiting") return false;
      store.makeDue({ id });
      return true;
    },
    discard: async (id, reason) => store.discard({ id, reason }) !== undefined,
    close() {
      // Whether the server before us was killed is for the next one to know.
      if (!store.opened.wasKilled) store.markClosedCleanly();
      guard.close();
    },
  };
}

const POLL_EVERY_MS = 50;

function createRequestBackend(db: Database, file: string, timeoutMs: number): AdminBackend {
  const insert = db.prepare<{ id: number }>(
    "INSERT INTO admin_requests (kind, event, reason, deadline) VALUES (?, ?, ?, ?) RETURNING id",
  );
  const readOutcome = db.prepare<{ outcome: number | null }>(
    "SELECT outcome FROM admin_requests WHERE id = ?",
  );
  const remove = db.prepare("DELETE FROM admin_requests WHERE id = ?");

  async function request(
    kind: AdminRequest["kind"],
    event: number,
    reason: string,
  ): Promise<number | undefined> {
    const deadline = Date.now() + timeoutMs;
    const request = insert.get(kind, event, reason, deadline)?.id ?? 0;
    let outcome: number | null | undefined = null;
    while (outcome === null && Date.now() < deadline) {
      await pause(POLL_EVERY_MS);
      outcome = readOutcome.get(request)?.outcome;
    }
    remove.run(request);
    if (outcome === null || outcome === undefined)
      throw new InboxError(
        "inbox-locked",
        `inbox "${file}" is in use by another process, which has not done what it was asked within ${timeoutMs} ms. Is it hanging? Stop it, and try again`,
      );
    if (outcome === LEASED) throw new EventLeasedError(formatId(event));
    return outcome === NOT_FOUND ? undefined : outcome;
  }

  return {
    replay: (id) => request("replay", id, ""),
    retry: async (id) => (await request("retry", id, "")) !== undefined,
    discard: async (id, reason) => (await request("discard", id, reason)) !== undefined,
    close() {},
  };
}
