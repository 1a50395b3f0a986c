import { existsSync } from "node:fs";
import { join, resolve as toAbsolute } from "node:path";
import { checkOptions, optionNames } from "../../core/contract/check-options";
import { EventLeasedError, InboxError } from "../../core/contract/errors";
import type { InboxAdmin } from "../../core/contract/inbox";
import { sleep } from "../../core/util/sleep";
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
  /** Folder of the file `inbox.db`. @default "data" */
  readonly dataDir?: string | undefined;
  /** Path of the file, in place of `dataDir`. */
  readonly file?: string | undefined;
  /** Longest wait for the process that uses the file, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number | undefined;
}

const OPTIONS = optionNames<EmbeddedAdminOptions>({ dataDir: true, file: true, timeoutMs: true });

/** Changes events, in this process or through the one that uses the file. */
interface AdminBackend extends AdminActions {
  close(): void;
}

/**
 * Opens an embedded inbox for an operator. If a bot uses the file, the bot's process replays, retries and discards on
 * request; otherwise this process does.
 * @throws InboxError if the file is missing or cannot be read
 */
export async function openEmbeddedAdmin(options: EmbeddedAdminOptions): Promise<InboxAdmin> {
  checkOptions("openEmbeddedAdmin", options, OPTIONS);
  const file = toAbsolute(options.file ?? join(options.dataDir ?? "data", "inbox.db"));
  if (!existsSync(file))
    throw new InboxError(
      "inbox-failed",
      `inbox "${file}" does not exist. The bot creates it at its first start. If the bot has been started, set DATA_DIR to the bot's value`,
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

/** For a file that no other process uses. A bot cannot open it until this admin is closed. */
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
      // If the last bot was killed, the next one must learn of it.
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
      await sleep(POLL_EVERY_MS);
      outcome = readOutcome.get(request)?.outcome;
    }
    remove.run(request);
    if (outcome === null || outcome === undefined)
      throw new InboxError(
        "inbox-locked",
        `inbox "${file}" is locked by another process, which did not respond within ${timeoutMs} ms. If that process hangs, stop it and run the command again`,
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
