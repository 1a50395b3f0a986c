/** 2026 began in it, in seconds since 1970. */
const FIRST_SECOND = 1_767_225_600;

/**
 * Where numbers begin that bots remember things by. A playground that is begun anew must not give those of the one before
 * again: the bot would take what is new for something that it has answered. One number a second is enough.
 */
export function freshNumber(now: number): number {
  return Math.floor(now / 1_000) - FIRST_SECOND;
}
