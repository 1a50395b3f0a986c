import { Bell } from "../playground/signal";
import type { Reply } from "./reply";

/** Everything that bots wrote, in order, wherever it was. */
export class SentLog {
  readonly bell = new Bell();
  readonly #sent: Reply[] = [];

  /** How much there is. */
  get position(): number {
    return this.#sent.length;
  }

  add(reply: Reply): void {
    this.#sent.push(reply);
    this.bell.ring();
  }

  /** Oldest first. */
  between(from: number, to: number): readonly Reply[] {
    return this.#sent.slice(from, to);
  }
}
