/** A piece of a template's text: as it is shown, or what stands between `${` and `}`. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly source: string };

/** Takes a template's text apart. `undefined` when a `${` is not closed. An escaped `\${` is text. */
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

/** Index of the brace that closes an expression; braces in quotes and of objects in it do not count. */
function endOfExpression(text: string, start: number): number | undefined {
  let open = 1;
  let quote: string | undefined;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (quote !== undefined) quote = character === quote ? undefined : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === "{") open++;
    else if (character === "}" && --open === 0) return at;
  }
  return undefined;
}
