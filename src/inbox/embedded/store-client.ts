import { Worker } from "node:worker_threads";
import { describeError, InboxError } from "../../core/contract/errors";
import { compiledFile } from "../../core/util/compiled-file";
import { allowExit, createExitState, delayExit } from "./exit-guard";
import type { Exchanges, Opened, RequestKind, StoreAnswer, ThreadData } from "./thread-protocol";

/** The main thread's side of the store thread, which owns the file. */
export interface StoreClient {
  readonly opened: Opened;
  /** Sends a request. Answers arrive in the order of the calls. @throws InboxError */
  call<K extends RequestKind>(kind: K, request: Exchanges[K]["request"]): Promise<Exchanges[K]["answer"]>;
  /** Calls `tell` once if the thread ends by itself. */
  onDeath(tell: (error: InboxError) => void): void;
  /**
   * Closes the file, releases the lock and ends the thread.
   * @param isClean no event is leased
   * @throws InboxError if the file could not be closed
   */
  close(isClean: boolean): Promise<void>;
}

/** The file that the thread opens. */
export type StoreFile = Omit<ThreadData, "exitState">;

/** Starts the thread, which locks and opens the file. @throws InboxError if it cannot */
export async function openStoreClient(of: StoreFile): Promise<StoreClient> {
  const data: ThreadData = { ...of, exitState: createExitState() };
  delayExit(data.exitState);
  // Without the loaders and inspectors of the program.
  const worker = new Worker(compiledFile(__dirname, "store-thread.js"), {
    workerData: data,
    execArgv: [],
    name: "inbox",
  });
  const asked: { resolve(value: unknown): void; reject(error: InboxError): void }[] = [];
  let ended: InboxError | undefined;
  let isClosing = false;
  let tellDeath: ((error: InboxError) => void) | undefined;

  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  void exited.then(() => allowExit(data.exitState));
  const end = (reason: string, cause?: unknown): void => {
    ended ??= new InboxError(
      "inbox-failed",
      `inbox "${data.file}": its thread ended (${reason}). All accepted events are on disk. Restart the program`,
      cause,
    );
    for (const { reject } of asked.splice(0)) reject(ended);
    if (!isClosing) tellDeath?.(ended);
    tellDeath = undefined;
  };
  worker.on("error", (error) => end(describeError(error), error));
  worker.on("exit", (code) => end(`exit code ${code}`));
  worker.on("message", (answer: StoreAnswer) => {
    const next = asked.shift();
    if ("value" in answer) next?.resolve(answer.value);
    else next?.reject(new InboxError(answer.refusal.code, answer.refusal.message));
  });

  // Asserted: `Exchanges` has the type of each answer.
  const answered = <T>(): Promise<T> =>
    new Promise((resolve, reject) => asked.push({ resolve: resolve as (value: unknown) => void, reject }));

  const opened = await answered<Opened>();

  function call<K extends RequestKind>(
    kind: K,
    request: Exchanges[K]["request"],
  ): Promise<Exchanges[K]["answer"]> {
    if (ended !== undefined) return Promise.reject(ended);
    worker.postMessage({ kind, ...request });
    return answered();
  }

  return {
    opened,
    call,
    onDeath(tell) {
      tellDeath = tell;
    },
    async close(isClean) {
      isClosing = true;
      try {
        if (ended === undefined) await call("close", { isClean });
      } finally {
        await exited;
      }
    },
  };
}
