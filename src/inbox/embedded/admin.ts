import { existsSync } from "node:fs";
import { join, resolve as toAbsolute } from "node:path";
import { checkOptions, optionNames } from "../../core/definition-checks";
import { EventLeasedError, InboxError } from "../../core/errors";
import type { InboxAdmin } from "../../core/inbox";
import { pause } from "../../core/pause";
import type { Operations } from "./admin-actions";
import { LEASED, NOT_FOUND } from "./admin-writes";
import { lockFile, openInboxFile } from "./database-file";
import { formatId, parseId } from "./event-ids";
import { toListFilter } from "./list-filter";
import { createReading, readCounts } from "./queries";
import { type Database, openDatabase } from "./sqlite";
import { isBusy, toRefusal } from "./sqlite-errors";
import { createStore } from "./store";
import type { Errand } from "./thread-protocol";
import { createProbe } from "./write-probe";

export interface EmbeddedAdminOptions {
  /** Folder of the file, or the file itself. */
  readonly dataDir?: string | undefined;
  readonly file?: string | undefined;
  /** How long the process that has the file may take to do what it is asked, in milliseconds. @default 10_000 */
  readonly patienceMs?: number | undefined;
}

const OPTIONS = optionNames<EmbeddedAdminOptions>({ dataDir: true, file: true, patienceMs: true });

/** What changes events. */
interface Hands extends Operations {
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
  const tell = <T>(doing: string, work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      const { code, message } = toRefusal(doing, file, thrown);
      throw new InboxError(code, message, thrown);
    }
  };
  const { db, hands } = tell("opening", () => takeHold(file, options.patienceMs ?? 10_000));
  const reading = createReading(db);
  const probe = createProbe(db, file);
  let isClosed = false;

  async function ask<T>(doing: string, work: () => T): Promise<T> {
    if (isClosed) throw new InboxError("inbox-closed", `inbox "${file}" is closed here`);
    return tell(doing, work);
  }

  return {
    counts: () => ask("counting", () => readCounts(db)),
    check: () => ask("checking that it can be written", () => probe.check()),
    list: (filter = {}) => ask("listing events", () => reading.list({ filter: toListFilter(filter) })),
    show: (text) =>
      ask("reading an event", () => {
        const id = parseId(text);
        return id === undefined ? undefined : reading.show({ id });
      }),
    async replay(text) {
      const id = parseId(text);
      const newId = id === undefined ? undefined : await ask("replaying", () => hands.replay(id));
      return newId === undefined ? undefined : formatId(newId);
    },
    async retry(text) {
      const id = parseId(text);
      return id !== undefined && (await ask("making a retry due", () => hands.retry(id)));
    },
    async discard(text, reason) {
      const id = parseId(text);
      return id !== undefined && (await ask("discarding", () => hands.discard(id, reason)));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      hands.close();
      db.close();
    },
  };
}

function takeHold(file: string, patienceMs: number): { db: Database; hands: Hands } {
  let guard: Database;
  try {
    guard = lockFile(file);
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown;
    const db = openDatabase(file);
    db.exec("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL");
    return { db, hands: handsOfAnother(db, file, patienceMs) };
  }
  try {
    const db = openInboxFile({ file });
    return { db, hands: handsOfOurs(db, guard) };
  } catch (thrown) {
    guard.close();
    throw thrown;
  }
}

/** Nobody else has the file: until it is closed here, no server gets it. */
function handsOfOurs(db: Database, guard: Database): Hands {
  const store = createStore(db);
  return {
    replay: async (id) => store.replay({ id })?.id,
    async retry(id) {
      if (store.find({ id })?.state !== "waiting") return false;
      store.hurry({ id });
      return true;
    },
    discard: async (id, reason) => store.discard({ id, reason }) !== undefined,
    close() {
      // Whether the server before us was killed is for the next one to know.
      if (!store.opened.wasKilled) store.closedCleanly();
      guard.close();
    },
  };
}

const LOOK_EVERY_MS = 50;

function handsOfAnother(db: Database, file: string, patienceMs: number): Hands {
  const leave = db.prepare<{ id: number }>(
    "INSERT INTO errands (kind, event, reason, deadline) VALUES (?, ?, ?, ?) RETURNING id",
  );
  const look = db.prepare<{ outcome: number | null }>("SELECT outcome FROM errands WHERE id = ?");
  const takeBack = db.prepare("DELETE FROM errands WHERE id = ?");

  async function ask(kind: Errand["kind"], event: number, reason: string): Promise<number | undefined> {
    const deadline = Date.now() + patienceMs;
    const errand = leave.get(kind, event, reason, deadline)?.id ?? 0;
    let outcome: number | null | undefined = null;
    while (outcome === null && Date.now() < deadline) {
      await pause(LOOK_EVERY_MS);
      outcome = look.get(errand)?.outcome;
    }
    takeBack.run(errand);
    if (outcome === null || outcome === undefined)
      throw new InboxError(
        "inbox-locked",
        `inbox "${file}" is in use by another process, which has not done what it was asked within ${patienceMs} ms. Is it hanging? Stop it, and try again`,
      );
    if (outcome === LEASED) throw new EventLeasedError(formatId(event));
    return outcome === NOT_FOUND ? undefined : outcome;
  }

  return {
    replay: (id) => ask("replay", id, ""),
    retry: async (id) => (await ask("retry", id, "")) !== undefined,
    discard: async (id, reason) => (await ask("discard", id, reason)) !== undefined,
    close() {},
  };
}
