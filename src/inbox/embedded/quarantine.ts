import type { Conversation } from "./backlog";

/**
 * Events in the middle of which the process has died more than once. They are handed out one at a time: when one of
 * them is what ends the process, the others are not counted as its victims again and again.
 */
export interface Quarantine {
  /** @returns whether it may be handed out now; if not, it is kept until `settled` gives it back */
  admit(conversation: Conversation, crashCount: number): boolean;
  /** @returns conversations that may be asked about again */
  release(conversation: Conversation): readonly Conversation[];
}

/** Once is an accident, and the events beside it were on lease just as well. */
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
