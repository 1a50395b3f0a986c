/** What somebody who looked found out about one thing. */
export interface Diagnostic {
  /** What was looked at, in a word or two: `token`, `webhook messages.created`. */
  readonly check: string;
  /**
   * - `well`: as it should be.
   * - `warning`: it works, and may not tomorrow, or not as meant.
   * - `fault`: something is lost until it is mended.
   * - `skipped`: nobody could look, because of another fault or because there is nothing to look at.
   */
  readonly state: "well" | "warning" | "fault" | "skipped";
  /** A sentence; never a token, a secret or what somebody wrote. */
  readonly says: string;
  /** What to do; with every warning and fault. */
  readonly remedy?: string | undefined;
}

export function well(check: string, says: string): Diagnostic {
  return { check, state: "well", says };
}

export function warning(check: string, says: string, remedy: string): Diagnostic {
  return { check, state: "warning", says, remedy };
}

export function fault(check: string, says: string, remedy: string): Diagnostic {
  return { check, state: "fault", says, remedy };
}

export function skipped(check: string, says: string): Diagnostic {
  return { check, state: "skipped", says };
}
