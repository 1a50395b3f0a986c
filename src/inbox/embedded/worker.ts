/** The thread of the inbox: every call of SQLite blocks, and a slow disk must not stall a request. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { isBusy, toRefusal } from "./faults";
import { migrate } from "./schema";
import { type Database, openDatabase } from "./sqlite";
import { createStore, type Store } from "./store";
import type { Answer, Refusal, Request, RequestKind, ThreadData } from "./wire";

const DOING: Readonly<Record<RequestKind, string>> = {
  group: "writing",
  page: "reading what waits",
  read: "reading events",
  dead: "reading dead letters",
  replay: "replaying a dead letter",
  counts: "counting",
  forget: "forgetting old events",
  close: "closing",
};

/** What the thread has open. */
interface Held {
  readonly store: Store;
  close(): void;
}

function acquire(data: ThreadData): Held | { readonly refusal: Refusal } {
  try {
    // What people do in their chats is nobody else's business.
    mkdirSync(dirname(data.file), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return {
      refusal: toRefusal("making its folder", data.file, thrown, "Choose a DATA_DIR that can be written"),
    };
  }
  let guard: Database;
  try {
    guard = lock(`${data.file}.lock`);
  } catch (thrown) {
    return { refusal: isBusy(thrown) ? lockedBy(data.file) : toRefusal("locking", data.file, thrown) };
  }
  try {
    const db = open(data);
    return {
      store: createStore(db),
      close() {
        try {
          db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
          db.close();
        } finally {
          guard.close();
        }
      },
    };
  } catch (thrown) {
    guard.close();
    return { refusal: toRefusal("opening", data.file, thrown) };
  }
}

/**
 * Holds the lock for as long as the process lives, however it ends: the system takes it from a killed process.
 * @throws SQLite's "busy" when another process, or another inbox of this one, has it
 */
function lock(file: string): Database {
  const db = openDatabase(file);
  // Nothing is ever written to it, so there is nothing to roll back.
  db.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  return db;
}

function lockedBy(file: string): Refusal {
  return {
    code: "inbox-locked",
    message: `inbox "${file}" is in use by another process. Stop that one, or give this one a DATA_DIR of its own`,
  };
}

function open({ file, maxPages }: ThreadData): Database {
  const db = openDatabase(file);
  // Other programs may look into the file meanwhile, and hold it for a moment.
  db.exec("PRAGMA busy_timeout = 5000");
  migrate(db);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  // A checkpoint copies the log into the file and syncs both, while senders wait: with 32 MB of log fewer than one
  // group in a hundred meets one. A log that grew in a burst is cut back.
  db.exec(
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8000",
  );
  if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
  return db;
}

function answerTo(request: Request, { store, close }: Held): unknown {
  switch (request.kind) {
    case "group":
      return store.group(request);
    case "page":
      return store.page(request);
    case "read":
      return store.read(request);
    case "dead":
      return store.dead(request);
    case "replay":
      return store.replay(request);
    case "counts":
      return store.counts(request);
    case "forget":
      return store.forget(request);
    case "close":
      return close();
    default:
      return request satisfies never;
  }
}

function serve(port: MessagePort, data: ThreadData): void {
  const say = (answer: Answer): void => port.postMessage(answer);
  const held = acquire(data);
  if ("refusal" in held) {
    say(held);
    return;
  }
  say({ value: held.store.opened });
  port.on("message", (request: Request) => {
    try {
      say({ value: answerTo(request, held) });
    } catch (thrown) {
      say({ refusal: toRefusal(DOING[request.kind], data.file, thrown) });
    }
    if (request.kind === "close") port.close();
  });
}

if (parentPort === null) throw new Error("worker.js is started by the inbox, as a thread");
// Asserted: the other side starts this thread, and is of the same version.
serve(parentPort, workerData as ThreadData);
