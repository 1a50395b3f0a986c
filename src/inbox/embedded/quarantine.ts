import type { Conversation } from "./backlog";

/**
 * Leases events that may crash the process one at a time, so that a crash is counted only against the event that was
 * running.
 */
export interface Quarantine {
  /** @returns whether the event may be leased now; otherwise it waits until `release` returns it */
  admit(conversation: Conversation, crashCount: number): boolean;
  /** Ends the turn of a quarantined event. @returns the conversations that waited for it */
  release(conversation: Conversation): readonly Conversation[];
}

/** Crash count from which an event is quarantined. The first crashes may have been caused by another leased event. */
const QUARANTINE_FROM = 3;

export function createQuarantine(): Quarantine {
  let onLease: Conversation | undefined;
  let waiting: Conversation[] = [];

  return {
    admit(conversation, crashCount) {
      if (crashCount < QUARANTINE_FROM) return true;
      if (onLease === undefined) onLease = conversation;
      else if (onLease !== conversation) waiting.push(conversation);
      return onLease === conversation;
    },
    release(conversation) {
      if (conversation !== onLease) return [];
      const freed = waiting;
      onLease = undefined;
      waiting = [];
      return freed;
    },
  };
}
