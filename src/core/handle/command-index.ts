import { splitWords, type Word } from "../contract/command-pattern";
import type { CommandRoute } from "./routes";

/** Commands by their fixed words. */
export class CommandIndex {
  readonly #root: CommandNode = { next: new Map(), routes: [] };
  /** How many words of a message decide: those of the longest command, and one that would be left over. */
  #mostWords = 0;

  add(route: CommandRoute): void {
    let node = this.#root;
    for (const word of route.pattern.words) {
      let next = node.next.get(word);
      if (next === undefined) {
        next = { next: new Map(), routes: [] };
        node.next.set(word, next);
      }
      node = next;
    }
    node.routes.push(route);
    const { words, arguments: args } = route.pattern;
    this.#mostWords = Math.max(this.#mostWords, words.length + args.length + 1);
  }

  /** Commands whose words the text begins with, longest first. */
  find(text: string): { route: CommandRoute; words: readonly Word[] }[] {
    if (this.#root.next.size === 0) return [];
    const words = splitWords(text, this.#mostWords);
    const found: { route: CommandRoute; words: readonly Word[] }[][] = [];
    let node: CommandNode | undefined = this.#root;
    for (const [index, word] of words.entries()) {
      // `/card`, `Card` and `card!` are the command `card`; but `card!` only if no command is called so.
      const written: string = (index === 0 ? withoutSlash(word.text) : word.text).toLowerCase();
      const children: ReadonlyMap<string, CommandNode> = node.next;
      node = children.get(written) ?? children.get(withoutPunctuation(written));
      if (node === undefined) break;
      found.push(node.routes.map((route) => ({ route, words })));
    }
    return found.reverse().flat();
  }
}

function withoutSlash(word: string): string {
  return word.length > 1 && word.startsWith("/") ? word.slice(1) : word;
}

const PUNCTUATION = new Set("!?.,:;");

/** From the end: an expression would begin anew at each sign. */
function withoutPunctuation(word: string): string {
  let end = word.length;
  while (end > 0 && PUNCTUATION.has(word.charAt(end - 1))) end--;
  return word.slice(0, end);
}

interface CommandNode {
  readonly next: Map<string, CommandNode>;
  readonly routes: CommandRoute[];
}
