import { StateTooLargeError } from "../contract/errors";
import type { AskedQuestion, BotEvent } from "../contract/event";
import { isObject, toJson } from "../contract/json";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { AccountStore } from "./account-store";
import type { PendingWrites } from "./pending-writes";

/**
 * What somebody in a room is being asked: by a bot's `ask`, or by a card where none are drawn. One thing at a time: what
 * is asked later takes the place of what was asked before.
 */
export class QuestionSlot {
  readonly #desk: SlotDesk;
  readonly #roomId: string;
  readonly #personId: string;
  readonly #changes: PendingWrites;
  #found: Promise<JsonValue | undefined> | undefined;

  constructor(desk: SlotDesk, roomId: string, personId: string, changes: PendingWrites) {
    this.#desk = desk;
    this.#roomId = roomId;
    this.#personId = personId;
    this.#changes = changes;
  }

  /** What was being asked when the event came. */
  read(): Promise<JsonValue | undefined> {
    this.#found ??= this.#desk.records.read(this.#key).then((record) => record?.value);
    return this.#found;
  }

  /** Asks from when the event has been handled. */
  keep(asked: JsonObject, forMs: number): void {
    this.#changes.add("handled", { key: this.#key, value: asked, expiresAt: this.#desk.now() + forMs });
  }

  /** It is answered, or nobody waits for the answer any more. */
  clear(): void {
    for (const when of ["handled", "given-up"] as const) this.#changes.add(when, { key: this.#key });
  }

  get #key(): string {
    return this.#desk.keys.asking(this.#roomId, this.#personId);
  }
}

type SlotDesk = Pick<AccountStore, "records" | "keys" | "now">;

/** @returns `undefined` for an event of nobody, or of no room: there is nobody to ask */
export function questionSlot(
  desk: SlotDesk,
  { person, room }: BotEvent,
  changes: PendingWrites,
): QuestionSlot | undefined {
  if (person === undefined || room === undefined) return undefined;
  return new QuestionSlot(desk, room.id, person.id, changes);
}

const MOST_BYTES = 32_768;

/** @throws StateTooLargeError */
export function questionToJson(question: AskedQuestion): JsonObject {
  const json = toJson(question);
  const bytes = Buffer.byteLength(JSON.stringify(json.data));
  if (bytes > MOST_BYTES) throw new StateTooLargeError(bytes, MOST_BYTES);
  return json;
}

/** @returns `undefined` when it is no bot that asks */
export function questionFrom(asked: JsonValue | undefined): AskedQuestion | undefined {
  if (!isObject(asked) || typeof asked.step !== "string") return undefined;
  return asked as unknown as AskedQuestion; // only this file writes the record
}
