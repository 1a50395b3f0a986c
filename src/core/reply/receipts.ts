import type { Target } from "../contract/event";
import type { JsonValue, Notice } from "../contract/notice";
import type { OutgoingMessage, Platform, Receipt, Recipient, SentMessage } from "../contract/platform";
import type { Records } from "../contract/records";
import type { PendingWrites } from "../state/pending-writes";
import { createRecordKeys, type RecordKeys } from "../state/record-keys";
import { sleep } from "../util/sleep";
import type { PostedMessages } from "./posted-messages";

/** Receipts that are kept of a room, the newest. */
const MOST_KEPT = 50;
/** How long receipts are kept after the last one of their room, in milliseconds. */
const KEPT_MS = 6 * 3_600_000;
/** How long a receipt waits for the answer of a post under way, in milliseconds. */
const ANSWER_WAIT_MS = 2_000;

/**
 * What a platform delivers of the bot's own messages, in rooms where the bot may not list them. Kept only while no call of
 * this process is known to have posted the message, so that a reply costs nothing where its answer arrives.
 */
export class Receipts {
  readonly #platform: Platform;
  readonly #posted: PostedMessages;
  readonly #records: Records;
  readonly #keys: RecordKeys;

  constructor(platform: Platform, posted: PostedMessages, records: Records) {
    this.#platform = platform;
    this.#posted = posted;
    this.#records = records;
    this.#keys = createRecordKeys(platform);
  }

  /** Keeps a receipt when its event is settled. Events of one room's receipts are handled one at a time. */
  async note(notice: Notice, changes: PendingWrites): Promise<void> {
    const receipt = this.#platform.receiptOf?.(notice);
    if (receipt === undefined || this.#posted.has(receipt)) return;
    await this.#answered(receipt.roomId);
    if (this.#posted.has(receipt)) return;
    const key = this.#keyOf(receipt.roomId);
    const { version = 0, value } = (await this.#records.read(key)) ?? {};
    const { id, threadId, at } = receipt;
    const kept = [...listOf(value), threadId === undefined ? { id, at } : { id, at, threadId }];
    const expiresAt = Date.now() + KEPT_MS;
    changes.add("handled", { key, value: kept.slice(-MOST_KEPT), ifVersion: version, expiresAt });
  }

  /**
   * The messages with a receipt that may be this answer: in the same thread, posted since then, and with the same content
   * where the bot may read it. Oldest first.
   * @returns `undefined` where there are no receipts
   */
  async find(
    target: Target | Recipient,
    message: OutgoingMessage,
    since: number,
    signal: AbortSignal,
  ): Promise<readonly SentMessage[] | undefined> {
    if (!("roomId" in target)) return undefined;
    const { roomId, threadId } = target;
    const kept = listOf((await this.#records.read(this.#keyOf(roomId)))?.value);
    const inPlace = kept
      .filter((one) => one.at >= since && this.#isSame(one.threadId, threadId))
      .sort((a, b) => a.at - b.at)
      .map((one): SentMessage => ({ id: one.id, roomId, threadId: one.threadId }))
      .filter((one) => !this.#posted.has(one));
    const found: SentMessage[] = [];
    for (const one of inPlace)
      if ((await this.#platform.isAnswer?.(one, target, message, signal)) !== false) found.push(one);
    return found;
  }

  /** Waits until the posts to a room that are under way have ended, for a moment at most. */
  async #answered(roomId: string): Promise<void> {
    const ended = new AbortController();
    const answered = this.#posted.ended(roomId).finally(() => ended.abort());
    await Promise.race([answered, sleep(ANSWER_WAIT_MS, ended.signal)]);
  }

  #keyOf(roomId: string): string {
    return this.#keys.receipts(this.#identify(roomId));
  }

  #identify(id: string): string {
    return this.#platform.identify?.(id) ?? id;
  }

  #isSame(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined) return one === other;
    return one === other || this.#identify(one) === this.#identify(other);
  }
}

type KeptReceipt = Pick<Receipt, "id" | "threadId" | "at"> & JsonValue;

/** As `note` has written it. */
function listOf(value: JsonValue | undefined): readonly KeptReceipt[] {
  // Asserted: no other code writes these records.
  return Array.isArray(value) ? (value as readonly KeptReceipt[]) : [];
}
