/** The thread of the inbox: every call of SQLite blocks, and a slow disk must not stall a request. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { lockedBy, lockFile, openInboxFile } from "./database-file";
import { runInGate } from "./exit-guard";
import { FilesChangedError, type OpenFiles, rememberFiles, useRescued } from "./open-files";
import { narrowFiles } from "./private-file";
import type { Database } from "./sqlite";
import { isBusy, toRefusal } from "./sqlite-errors";
import { createStore, type Store } from "./store";
import type { Answer, Opened, Refusal, Request, RequestKind, ThreadData } from "./thread-protocol";
import { createProbe, type Probe } from "./write-probe";

const DOING: Readonly<Record<RequestKind, string>> = {
  group: "writing",
  page: "reading what waits",
  read: "reading events",
  mark: "noting that attempts begin",
  list: "listing events",
  show: "reading an event",
  find: "finding an event",
  hurry: "making a retry due",
  replay: "replaying a dead letter",
  discard: "discarding an event",
  readRecord: "reading a record",
  writeRecords: "writing records",
  errands: "looking for what others ask",
  answerErrand: "answering what others ask",
  counts: "counting",
  check: "checking that it can be written",
  forget: "forgetting old events",
  forgetTraces: "forgetting old paths",
  forgetRecords: "forgetting expired records",
  forgetSent: "forgetting sent messages",
  close: "closing",
};

/** What the thread has open. */
interface Held {
  readonly opened: Opened;
  readonly store: Store;
  readonly files: OpenFiles;
  readonly probe: Probe;
  close(isClean: boolean): void;
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
    guard = lockFile(data.file);
  } catch (thrown) {
    return { refusal: isBusy(thrown) ? lockedBy(data.file) : toRefusal("locking", data.file, thrown) };
  }
  try {
    const rescued = useRescued(data.file);
    const db = openInboxFile(data);
    const store = createStore(db);
    return {
      opened: { ...store.opened, wideFiles: narrowFiles(data.file), rescued },
      store,
      // The store has written, so that the -wal and the -shm are there.
      files: rememberFiles(data.file, db),
      probe: createProbe(db, data.file),
      close(isClean) {
        try {
          if (isClean) store.closedCleanly();
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

/** What writes. Events are read also when their files were deleted: the open ones still have them. */
const WRITING: ReadonlySet<RequestKind> = new Set([
  "group",
  "mark",
  "writeRecords",
  "replay",
  "discard",
  "check",
]);

function answerTo(request: Request, held: Held): unknown {
  if (WRITING.has(request.kind)) held.files.verify(request.kind === "check");
  if (request.kind !== "group") return answerOf(request, held);
  try {
    const answer = held.store.group(request);
    held.probe.succeeded();
    return answer;
  } catch (thrown) {
    held.probe.failed();
    throw thrown;
  }
}

function answerOf(request: Request, { store, probe, close }: Held): unknown {
  switch (request.kind) {
    case "group":
      return store.group(request);
    case "page":
      return store.page(request);
    case "read":
      return store.read(request);
    case "mark":
      return store.mark(request);
    case "list":
      return store.list(request);
    case "show":
      return store.show(request);
    case "find":
      return store.find(request);
    case "hurry":
      return store.hurry(request);
    case "replay":
      return store.replay(request);
    case "discard":
      return store.discard(request);
    case "counts":
      return store.counts(request);
    case "check":
      return probe.check();
    case "readRecord":
      return store.readRecord(request);
    case "writeRecords":
      return store.writeRecords(request);
    case "errands":
      return store.errands(request);
    case "answerErrand":
      return store.answerErrand(request);
    case "forget":
      return store.forget(request);
    case "forgetTraces":
      return store.forgetTraces(request);
    case "forgetRecords":
      return store.forgetRecords(request);
    case "forgetSent":
      return store.forgetSent(request);
    case "close":
      return close(request.isClean);
    default:
      return request satisfies never;
  }
}

function serve(port: MessagePort, data: ThreadData): void {
  const say = (answer: Answer): void => port.postMessage(answer);
  const held = runInGate(data.exitGate, () => acquire(data));
  if ("refusal" in held) {
    say(held);
    return;
  }
  say({ value: held.opened });
  learnBetweenRequests(held.store, port, data.exitGate);
  port.on("message", (request: Request) => {
    try {
      say({ value: runInGate(data.exitGate, () => answerTo(request, held)) });
    } catch (thrown) {
      say({ refusal: refusalOf(thrown, request.kind, data.file) });
    }
    if (request.kind === "close") port.close();
  });
}

function refusalOf(thrown: unknown, kind: RequestKind, file: string): Refusal {
  if (thrown instanceof FilesChangedError)
    return { code: "inbox-file-changed", message: `inbox ${thrown.message}` };
  return toRefusal(DOING[kind], file, thrown);
}

/** Step by step, so that what waits is handed out meanwhile. */
function learnBetweenRequests(store: Store, port: MessagePort, exitGate: SharedArrayBuffer): void {
  let isOver = false;
  port.once("close", () => {
    isOver = true;
  });
  function learn(): void {
    try {
      if (!isOver && !runInGate(exitGate, () => store.learn())) setImmediate(learn);
    } catch {
      // Whoever adds something tries again, and is told.
    }
  }
  setImmediate(learn);
}

if (parentPort === null) throw new Error("store-thread.js is started by the inbox, as a thread");
// Asserted: the other side starts this thread, and is of the same version.
serve(parentPort, workerData as ThreadData);
