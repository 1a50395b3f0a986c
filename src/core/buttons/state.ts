import { createHash } from "node:crypto";
import { CardError, RecordConflictError } from "../errors";
import type { ActionEvent } from "../event";
import type { JsonValue } from "../notice";
import { cardOf, keptUntil } from "./card-records";
import type { ButtonDesk } from "./desk";
import { isObject } from "./submits";

/**
 * What a card remembers: a page, who chose what. It belongs to the card, is the same for everybody who clicks, stays
 * when the card is drawn anew by `replaceCard`, and goes with it.
 */
export interface CardState<T> {
  /** @returns what was kept last; the initial value before that */
  read(): Promise<T>;
  /**
   * Changes it; of changes at the same instant, also on several machines, none is lost. Kept at once, and made once
   * however often the handler is run again.
   * @param change is given what is kept now; may be called more than once. What it returns survives JSON, up to 32 KiB of it
   * @returns what is kept now
   * @throws CardError with the code `card-state-too-large`, InboxError
   */
  update(change: (now: T) => T): Promise<T>;
}

const MOST_BYTES = 32_768;
/** Changes that are remembered, so as not to be made again: those of the clicks that may still be on their way. */
const MOST_REMEMBERED = 64;

/** Reads and writes the states of one account's cards. */
export class CardStates {
  readonly #desk: ButtonDesk;

  constructor(desk: ButtonDesk) {
    this.#desk = desk;
  }

  async read(event: ActionEvent): Promise<JsonValue | undefined> {
    return (await this.#find(event)).state;
  }

  /** @param place where in the run: the same in every attempt, and of no other change */
  async update(
    event: ActionEvent,
    place: string,
    change: (now: JsonValue | undefined) => JsonValue,
  ): Promise<JsonValue> {
    const mine = digest(event.notice.key, place);
    for (;;) {
      const { key, version, state, made } = await this.#find(event);
      if (state !== undefined && made.includes(mine)) return state;
      const next = change(state);
      const bytes = Buffer.byteLength(JSON.stringify(next));
      if (bytes > MOST_BYTES)
        throw new CardError(
          "card-state-too-large",
          `the state of a card would be ${bytes} bytes, and may be ${MOST_BYTES}; keep what is large elsewhere, and its id here`,
        );
      const value = { state: next, made: [...made, mine].slice(-MOST_REMEMBERED) };
      try {
        const expiresAt = keptUntil(event, this.#desk.now());
        await this.#desk.records.write([{ key, value, ifVersion: version, expiresAt }]);
        return next;
      } catch (error) {
        // Somebody else was faster: the change is made to what they left.
        if (!(error instanceof RecordConflictError)) throw error;
      }
    }
  }

  async #find(event: ActionEvent): Promise<Found> {
    const key = this.#desk.keys.state(cardOf(event));
    const record = await this.#desk.records.read(key);
    const kept = isObject(record?.value) ? record.value : {};
    const made = Array.isArray(kept.made) ? (kept.made as readonly JsonValue[]) : [];
    return { key, version: record?.version ?? 0, state: kept.state, made };
  }
}

interface Found {
  readonly key: string;
  readonly version: number;
  readonly state: JsonValue | undefined;
  readonly made: readonly JsonValue[];
}

function digest(...of: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("base64url").slice(0, 12);
}
