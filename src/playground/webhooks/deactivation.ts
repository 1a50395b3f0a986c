const windowMs = 5 * 60_000;
const tooMany = 100;

/**
 * Decides when a webhook's failed deliveries were too many: 100 within five minutes; a single one when it was
 * woken less than five minutes after it had been put to sleep.
 *
 * @see https://developer.webex.com/docs/webhooks
 */
export class Deactivation {
  #failures: number[] = [];
  #deactivatedAt = Number.NEGATIVE_INFINITY;
  #probationUntil = Number.NEGATIVE_INFINITY;

  /** @returns Whether the webhook is to be deactivated now. */
  failed(now: number): boolean {
    this.#failures.push(now);
    if (this.#failures.length > tooMany) this.#failures.shift();
    const oldest = this.#failures[0] ?? now;
    const exceeded = this.#failures.length === tooMany && now - oldest < windowMs;
    if (!exceeded && now >= this.#probationUntil) return false;
    this.#deactivatedAt = now;
    this.#failures = [];
    return true;
  }

  /** Somebody has set the webhook active again. */
  reactivated(): void {
    this.#failures = [];
    this.#probationUntil = this.#deactivatedAt + windowMs;
  }
}
