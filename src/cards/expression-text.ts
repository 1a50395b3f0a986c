/** A piece of a template's text: as it is shown, or what stands between `${` and `}`. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string };

/**
 * Takes a template's text apart. An escaped `\${` is text. `undefined` when an expression is not closed, is empty, or
 * has a line break or an object in { } in it: the engine would write those on the screen as they stand.
 */
export function splitExpressions(text: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    if (text.startsWith("\\$", at)) {
      plain += "\\$";
      at += 2;
    } else if (text.startsWith("${", at)) {
      const end = endOfExpression(text, at + 2);
      if (end === undefined) return undefined;
      if (plain !== "") pieces.push({ kind: "text", text: plain });
      plain = "";
      pieces.push({ kind: "expression", source: text.slice(at + 2, end) });
      at = end + 1;
    } else plain += text[at++];
  }
  if (plain !== "") pieces.push({ kind: "text", text: plain });
  return pieces;
}

/** Index of the brace that closes an expression; those in quotes do not count. */
function endOfExpression(text: string, start: number): number | undefined {
  let quote: string | undefined;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\n" || character === "\r") return undefined;
    if (character === "\\") at++;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "{") return undefined;
    else if (character === "}") return text.slice(start, at).trim() === "" ? undefined : at;
  }
  return undefined;
}
