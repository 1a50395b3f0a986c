import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./temp-dir";

/** Something that a process did to an event. */
interface Word {
  readonly at: bigint;
  readonly by: string;
  readonly what: string;
  /** `<room>:<adder>:<round>` */
  readonly key: string;
  readonly id: string;
}

/** What several processes tell of events, by the clock of the computer, and what is wrong with it. */
export class Story {
  readonly #dir = tempDir();
  readonly #tellers = new Set<string>();
  #words: readonly Word[] = [];

  /** What a process writes its words to: a file takes them at once, however busy the reader is. */
  paperFor(name: string): number {
    this.#tellers.add(name);
    return openSync(join(this.#dir, name), "a");
  }

  /** Waits until the story has come so far. */
  async until(isSo: () => boolean): Promise<void> {
    for (this.read(); !isSo(); this.read()) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** All that has been told by now. */
  read(): void {
    this.#words = [...this.#tellers].flatMap((name) => this.#wordsOf(name));
  }

  count(what: string, by: string): number {
    return this.#words.filter((word) => word.what === what && word.by === by).length;
  }

  /**
   * Accepted, and handled to the end by nobody. Whether it was settled then, a process that is killed at that moment
   * can no longer tell: the inbox knows.
   */
  unhandled(): string[] {
    const handled = new Set(this.#inOrder("settling").map(({ key }) => key));
    return this.#inOrder("added").flatMap(({ key }) => (handled.has(key) ? [] : key));
  }

  /** Begun again after they were settled. */
  repeated(): string[] {
    const settled = new Set<string>();
    const repeated: string[] = [];
    for (const { what, key } of this.#inOrder("begun", "settled")) {
      if (what === "settled") settled.add(key);
      else if (settled.has(key)) repeated.push(key);
    }
    return repeated;
  }

  /** Begun after one of the same room that arrived later, or that the same process added later. */
  overtaken(): string[] {
    const latest = new Map<string, string>();
    const overtaken: string[] = [];
    for (const { key, id } of this.#inOrder("begun")) {
      const [room = "", adder = "", round = ""] = key.split(":");
      for (const [line, place] of [[room, id] as const, [`${room}:${adder}`, round] as const]) {
        if (place < (latest.get(line) ?? "")) overtaken.push(key);
        else latest.set(line, place);
      }
    }
    return overtaken;
  }

  /** Begun while another one of the same room was being handled, or had been left unsettled by a process that died. */
  sideBySide(): string[] {
    const inHand = new Map<string, string>();
    const found: string[] = [];
    for (const { what, key } of this.#inOrder("begun", "settling")) {
      const [room = ""] = key.split(":");
      const other = inHand.get(room) ?? key;
      if (what === "settling") inHand.delete(room);
      else inHand.set(room, key);
      if (other !== key) found.push(`${key} beside ${other}`);
    }
    return found;
  }

  #inOrder(...what: readonly string[]): readonly Word[] {
    return this.#words.filter((word) => what.includes(word.what)).sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  #wordsOf(by: string): Word[] {
    const lines = readFileSync(join(this.#dir, by), "utf8").split("\n");
    // The last one is empty, or still being written.
    return lines.slice(0, -1).map((line) => {
      const [at = "0", what = "", key = "", id = ""] = line.split(" ");
      return { at: BigInt(at), by, what, key, id };
    });
  }
}
