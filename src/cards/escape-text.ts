/** The ASCII characters that a backslash escapes. */
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;
const BLANK = /\s/;
/** The mark of a list item, with what stands before it in its line. */
const ITEM = /^[ \t]*(?:[-+]|\d{1,9}(?=[.)]))(?=[.)]?(?:[ \t]|$))/gm;
const ENTITY = /&(?=#?[a-z0-9]{1,31};)/giy;

/**
 * Escapes a text for a place where clients read Markdown, so that a card shows it unchanged: no link, no format, no
 * list. It escapes no more than it has to, because some clients show the backslash. Takes time linear in the length.
 */
export function escapeCardText(text: string): string {
  const marks = new Set([...text.matchAll(ITEM)].map(({ index, 0: mark }) => index + mark.length));
  const areUneven = hasUnevenBrackets(text);
  let escaped = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    // `1.` is escaped before its point, `-` before itself.
    if (marks.has(at) && /[.)]/.test(sign)) escaped += "\\";
    else if (marks.has(at + 1) && /[-+]/.test(sign)) escaped += "\\";
    else if (isMark(text, at, areUneven)) escaped += "\\";
    // Clients that know no other escape read a link, too, unless something stands within `](`.
    else if (/[([:]/.test(sign) && text.charAt(at - 1) === "]") escaped += "\\";
    escaped += sign;
  }
  return escaped;
}

function isMark(text: string, at: number, areUneven: boolean): boolean {
  const [before, sign, after] = [text.charAt(at - 1), text.charAt(at), text.charAt(at + 1)];
  const isAlone = BLANK.test(before) && BLANK.test(after);
  switch (sign) {
    case "\\":
      return after === "" || after === "\n" || PUNCTUATION.test(after);
    case "*":
      return !isAlone || /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, at - 20), at));
    case "_":
      return !isAlone && !(WORD.test(before) && WORD.test(after));
    case "[":
      return areUneven;
    case "]":
      return areUneven || after === "";
    case "&":
      ENTITY.lastIndex = at;
      return ENTITY.test(text);
    default:
      return false;
  }
}

/** Whether a bracket has no partner in the text, so that it might find one around it. */
function hasUnevenBrackets(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]]/g)) {
    open += bracket === "[" ? 1 : -1;
    if (open < 0) return true;
  }
  return open > 0;
}
