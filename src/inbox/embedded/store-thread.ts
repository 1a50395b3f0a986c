/** The store thread. SQLite calls block, and a slow disk must not delay the webhook server. */
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
  page: "reading waiting events",
  read: "reading events",
  mark: "recording the start of attempts",
  list: "listing events",
  show: "reading an event",
  find: "finding an event",
  makeDue: "making a retry due",
  replay: "replaying a dead letter",
  discard: "discarding an event",
  readRecord: "reading a record",
  writeRecords: "writing records",
  adminRequests: "reading requests of other processes",
  answerAdminRequest: "answering a request of another process",
  counts: "counting",
  check: "checking that it can be written",
  pruneEvents: "deleting old events",
  pruneTraces: "deleting old traces",
  pruneRecords: "deleting expired records",
  pruneSent: "deleting old sent messages",
  close: "closing",
};

/** The open file and its parts. */
interface OpenInbox {
  readonly opened: Opened;
  readonly store: Store;
  readonly files: OpenFiles;
  readonly probe: WriteProbe;
  close(isClean: boolean): void;
}

function acquire(data: ThreadData): OpenInbox | { readonly refusal: StoreFailure } {
  try {
    // The folder holds private messages: only the owner may read it.
    mkdirSync(dirname(data.file), { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return {
      refusal: toStoreFailure(
        "creating its folder",
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
      // After the first write of the store, which creates -wal and -shm.
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

/** Requests that write. The others work on deleted files too, because the files are still open. */
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

/** Loads the deduplication index in steps between requests, so that waiting events are leased early. */
function loadBetweenRequests(store: Store, port: MessagePort, exitState: SharedArrayBuffer): void {
  let isOver = false;
  port.once("close", () => {
    isOver = true;
  });
  function load(): void {
    try {
      if (!isOver && !runGuarded(exitState, () => store.loadNext())) setImmediate(load);
    } catch {
      // The next `add` tries again and reports the error.
    }
  }
  setImmediate(load);
}

if (parentPort === null) throw new Error("store-thread.js must run as a worker thread. The inbox starts it");
// Asserted: `store-client.ts` starts this thread.
serve(parentPort, workerData as ThreadData);
