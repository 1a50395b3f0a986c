/**
 * What an event's handlers have begun and may not have waited for.
 *
 * A forgotten `await` is the commonest mistake in a handler. Without this, the event would be settled while its
 * answer is still on the way, and an answer that failed would end the process as an unhandled rejection.
 */
export class PendingCalls {
  readonly #calls: WatchedCall<unknown>[] = [];

  /** Keeps a call until `ended`. What is returned must be given to the handler in the call's place. */
  add<T>(call: Promise<T>): Promise<T> {
    const watched = new WatchedCall<T>((resolve, reject) => {
      call.then(resolve, reject);
    });
    this.#calls.push(watched);
    return watched;
  }

  /** Waits for every call. Rejects when one failed that the handler has not looked at; what it has, is its own business. */
  async ended(): Promise<void> {
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) {
      if (call.isLookedAt) await call.then(nothing, nothing);
      else await call;
    }
  }
}

/** A promise that knows whether anybody awaits it, and ends no process when nobody does. */
class WatchedCall<T> extends Promise<T> {
  isLookedAt = false;

  // What `then` makes is an ordinary promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  constructor(run: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void) {
    super(run);
    super.then(nothing, nothing);
  }

  // `await` comes here too, since this is not a plain Promise.
  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  override then<A = T, B = never>(
    onResolved?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isLookedAt = true;
    return super.then(onResolved, onRejected);
  }
}

function nothing(): void {}
