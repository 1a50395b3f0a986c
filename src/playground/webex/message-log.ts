import type { Message } from "./records";

/** A message and what its answer does not show. */
export interface MessageRecord {
  /** Grows with every message; the order of every list. */
  readonly seq: number;
  message: Message;
  edits: number;
}

/** Messages in the order they were written; cheap to append to, and to read backwards from any point. */
export class MessageLog {
  readonly #records: MessageRecord[] = [];

  /** Mostly at the end; in between when an edit has just mentioned somebody. */
  add(record: MessageRecord): void {
    const index = this.#firstAtOrAfter(record.seq);
    if (index === this.#records.length) this.#records.push(record);
    else if (this.#records[index] !== record) this.#records.splice(index, 0, record);
  }

  remove(record: MessageRecord): void {
    const index = this.#firstAtOrAfter(record.seq);
    if (this.#records[index] === record) this.#records.splice(index, 1);
  }

  /** Newest first, only those written before `seq`. */
  *before(seq: number): Generator<MessageRecord> {
    for (let index = this.#firstAtOrAfter(seq) - 1; index >= 0; index--) {
      const record = this.#records[index];
      if (record !== undefined) yield record;
    }
  }

  #firstAtOrAfter(seq: number): number {
    const last = this.#records.at(-1);
    if (last === undefined || last.seq < seq) return this.#records.length;
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Logs by name, made when first written to. */
export class MessageLogs {
  readonly #logs = new Map<string, MessageLog>();

  of(name: string): MessageLog {
    return this.#logs.get(name) ?? emptyLog;
  }

  add(name: string, record: MessageRecord): void {
    let log = this.#logs.get(name);
    if (log === undefined) {
      log = new MessageLog();
      this.#logs.set(name, log);
    }
    log.add(record);
  }

  forget(name: string): void {
    this.#logs.delete(name);
  }
}

const emptyLog = new MessageLog();
