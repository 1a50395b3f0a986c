import type { Conversation } from "./backlog";

/**
 * Events in the middle of which the process has died more than once. They are handed out one at a time: when one of
 * them is what ends the process, the others are not counted as its victims again and again.
 */
export interface Suspects {
  /** @returns whether it may be handed out now; if not, it is kept until `settled` gives it back */
  admit(conversation: Conversation, crashCount: number): boolean;
  /** @returns conversations that may be asked about again */
  settled(conversation: Conversation): readonly Conversation[];
}

/** Once is an accident, and the events beside it were on lease just as well. */
const SUSPECT_FROM = 3;

export function createSuspects(): Suspects {
  let onLease: Conversation | undefined;
  let aside: Conversation[] = [];

  return {
    admit(conversation, crashCount) {
      if (crashCount < SUSPECT_FROM) return true;
      if (onLease === undefined) onLease = conversation;
      else if (onLease !== conversation) aside.push(conversation);
      return onLease === conversation;
    },
    settled(conversation) {
      if (conversation !== onLease) return [];
      const freed = aside;
      onLease = undefined;
      aside = [];
      return freed;
    },
  };
}
