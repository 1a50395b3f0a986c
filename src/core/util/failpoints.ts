/**
 * Instants at which a process can die with something half done. Tests kill it at each of them; in a program nothing
 * watches, and reaching one does nothing.
 */
export const FAULT_POINTS = [
  "receive.verified",
  "receive.parsed",
  /** In the inbox: the transaction is open, its statements are done, it is committed. */
  "inbox.group-begun",
  "inbox.group-written",
  "inbox.group-committed",
  "receive.kept",
  "receive.answered",
  "worker.leased",
  "dispatch.admitted",
  "dispatch.fetched",
  /** Before and after a call that changes something at the platform. */
  "journal.unknown-noted",
  "call.begun",
  "call.answered",
  "journal.noted",
  "dispatch.answered",
  "worker.settling",
  "worker.settled",
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

let watcher: ((point: FaultPoint) => void) | undefined;

/** To be called where a point is reached. */
export function failpoint(point: FaultPoint): void {
  watcher?.(point);
}

/** For tests: what happens at each point, in this thread. */
export function watchFaultPoints(watch: ((point: FaultPoint) => void) | undefined): void {
  watcher = watch;
}
