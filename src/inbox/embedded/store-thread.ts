/** The thread of the inbox: every call of SQLite blocks, and a slow disk must not stall a request. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { lockedFailure, lockFile, openInboxFile } from "./database-file";
import { runGuarded } from "./exit-guard";
import { FilesChangedError, type OpenFiles, restoreRescuedCopy, trackOpenFiles } from "./open-files";
import { restrictFiles } from "./private-file";
import type { Database } from "./sqlite";
import { isBusy, toStoreFailure } from "./sqlite-errors";
import { createStore, type Store } from "./store";
import type {
  Opened,
  RequestKind,
  StoreAnswer,
  StoreFailure,
  StoreRequest,
  ThreadData,
} from "./thread-protocol";
import { createWriteProbe, type WriteProbe } from "./write-probe";

const DOING: Readonly<Record<RequestKind, string>> = {
  group: "writing",
  page: "reading what waits",
  read: "reading events",
  mark: "noting that attempts begin",
  list: "listing events",
  show: "reading an event",
  find: "finding an event",
  makeDue: "making a retry due",
  replay: "replaying a dead letter",
  discard: "discarding an event",
  readRecord: "reading a record",
  writeRecords: "writing records",
  adminRequests: "looking for what others ask",
  answerAdminRequest: "answering what others ask",
  counts: "counting",
  check: "checking that it can be written",
  pruneEvents: "forgetting old events",
  pruneTraces: "forgetting old paths",
  pruneRecords: "forgetting expired records",
  pruneSent: "forgetting sent messages",
  close: "closing",
};

/** What the thread has open. */
interface OpenInbox {
  readonly opened: Opened;
  readonly store: Store;
  readonly files: OpenFiles;
  readonly probe: WriteProbe;
  close(isClean: boolean): void;
}

function acquire(data: ThreadData): OpenInbox | { readonly refusal: StoreFailure } {
  try {
    // What people do in their chats is nobody else's business.
    mkdirSync(dirname(data.file), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return {
      refusal: toStoreFailure(
        "making its folder",
        data.file,
        thrown,
        "Choose a DATA_DIR that can be written",
      ),
    };
  }
  let guard: Database;
  try {
    guard = lockFile(data.file);
  } catch (thrown) {
    return {
      refusal: isBusy(thrown) ? lockedFailure(data.file) : toStoreFailure("locking", data.file, thrown),
    };
  }
  try {
    const rescued = restoreRescuedCopy(data.file);
    const db = openInboxFile(data);
    const store = createStore(db);
    return {
      opened: { ...store.opened, exposedFiles: restrictFiles(data.file), rescued },
      store,
      // The store has written, so that the -wal and the -shm are there.
      files: trackOpenFiles(data.file, db),
      probe: createWriteProbe(db, data.file),
      close(isClean) {
        try {
          if (isClean) store.markClosedCleanly();
          db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
          db.close();
        } finally {
          guard.close();
        }
      },
    };
  } catch (thrown) {
    guard.close();
    return { refusal: toStoreFailure("opening", data.file, thrown) };
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

function answerTo(request: StoreRequest, open: OpenInbox): unknown {
  if (WRITING.has(request.kind)) open.files.verify(request.kind === "check");
  if (request.kind !== "group") return answerOf(request, open);
  try {
    const answer = open.store.group(request);
    open.probe.succeeded();
    return answer;
  } catch (thrown) {
    open.probe.failed();
    throw thrown;
  }
}

function answerOf(request: StoreRequest, { store, probe, close }: OpenInbox): unknown {
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
    case "makeDue":
      return store.makeDue(request);
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
    case "adminRequests":
      return store.adminRequests(request);
    case "answerAdminRequest":
      return store.answerAdminRequest(request);
    case "pruneEvents":
      return store.pruneEvents(request);
    case "pruneTraces":
      return store.pruneTraces(request);
    case "pruneRecords":
      return store.pruneRecords(request);
    case "pruneSent":
      return store.pruneSent(request);
    case "close":
      return close(request.isClean);
    default:
      return request satisfies never;
  }
}

function serve(port: MessagePort, data: ThreadData): void {
  const say = (answer: StoreAnswer): void => port.postMessage(answer);
  const open = runGuarded(data.exitState, () => acquire(data));
  if ("refusal" in open) {
    say(open);
    return;
  }
  say({ value: open.opened });
  loadBetweenRequests(open.store, port, data.exitState);
  port.on("message", (request: StoreRequest) => {
    try {
      say({ value: runGuarded(data.exitState, () => answerTo(request, open)) });
    } catch (thrown) {
      say({ refusal: refusalOf(thrown, request.kind, data.file) });
    }
    if (request.kind === "close") port.close();
  });
}

function refusalOf(thrown: unknown, kind: RequestKind, file: string): StoreFailure {
  if (thrown instanceof FilesChangedError)
    return { code: "inbox-file-changed", message: `inbox ${thrown.message}` };
  return toStoreFailure(DOING[kind], file, thrown);
}

/** Step by step, so that what waits is handed out meanwhile. */
function loadBetweenRequests(store: Store, port: MessagePort, exitState: SharedArrayBuffer): void {
  let isOver = false;
  port.once("close", () => {
    isOver = true;
  });
  function load(): void {
    try {
      if (!isOver && !runGuarded(exitState, () => store.loadNext())) setImmediate(load);
    } catch {
      // Whoever adds something tries again, and is told.
    }
  }
  setImmediate(load);
}

if (parentPort === null) throw new Error("store-thread.js is started by the inbox, as a thread");
// Asserted: the other side starts this thread, and is of the same version.
serve(parentPort, workerData as ThreadData);
