/** A word of a text, as phrases compare it. */
export interface SpokenWord {
  /** Lower case, with a straight apostrophe. */
  readonly text: string;
  /** Where it begins and ends in the text. */
  readonly at: number;
  readonly end: number;
}

// Letters and digits, joined by what stands within words (don't, e-mail, 3.14, ada@example.com), with what belongs to
// their ends (@ada, #desk, $5, C++, 50%); or one emoji. What joins must be followed by a letter, so that a line of
// dots is looked at once and not once for every dot.
const WORD =
  /[@#\p{Sc}]?[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[_'’.@&+-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*[+#%]*|\p{Extended_Pictographic}/gu;

/** The words of a text, without the punctuation around them. */
export function tokenize(text: string): SpokenWord[] {
  return Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
    text: word.toLowerCase().replaceAll("’", "'"),
    at: index,
    end: index + word.length,
  }));
}
