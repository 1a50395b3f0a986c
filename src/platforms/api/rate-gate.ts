import type { Clock } from "./clock";

/** Who was told to wait is told so for its whole account: the limits are per token, not per call. */
export interface RateGate {
  /** For how long calls are held back, in milliseconds; 0 when they are not. */
  heldForMs(): number;
  /** Holds calls back for this long at least. */
  hold(ms: number): void;
}

/** The longest wait in Webex's own examples. A number beyond it is more likely a fault, and would silence the bot for days. */
const LONGEST_HOLD_MS = 3_600_000;

export function createRateGate(clock: Clock): RateGate {
  let heldUntil = 0;
  return {
    heldForMs: () => (heldUntil === 0 ? 0 : Math.max(0, heldUntil - clock.now())),
    hold(ms) {
      heldUntil = Math.max(heldUntil, clock.now() + Math.min(ms, LONGEST_HOLD_MS));
    },
  };
}
