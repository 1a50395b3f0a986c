/**
 * Whether two texts are the same but for blanks, line ends and the way in which Unicode writes a letter: platforms change
 * these when they store a text. Signs count: `+1` is not `-1`.
 */
export function isSameText(one: string, other: string): boolean {
  return one === other || bare(one) === bare(other);
}

function bare(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
