/**
 * Markdown as text, for where nothing is drawn: marks of emphasis and code are left out, a link is followed by its address,
 * what was escaped is itself again. Lists stay lists.
 */
export function plainText(markdown: string): string {
  // Code is set aside first: nothing in it is a mark.
  const kept: string[] = [];
  const keep = (text: string): string => `\uE000${kept.push(text) - 1}\uE000`;
  return markdown
    .replaceAll("\uE000", "")
    .replace(/^```[^\n]*\n([\s\S]*?)^```[^\S\n]*$/gm, (_all, code: string) => keep(code.replace(/\n$/, "")))
    .replace(/(`+)([\s\S]*?[^`])\1(?!`)/g, (_all, _ticks, code: string) => keep(code))
    .replace(/\\([!-/:-@[-`{-~])/g, (_all, character: string) => keep(character))
    .replace(/<@(?:personEmail|personId):[^|>]*\|([^>]*)>/g, "$1")
    .replace(/<@all>/gi, "@all")
    .replace(/!?\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)/g, (_all, label: string, address: string) =>
      label === "" || label === address ? address : `${label} (${address})`,
    )
    .replace(/^[ \t]{0,3}#{1,6}[ \t]+/gm, "")
    .replace(/^[ \t]{0,3}>[ \t]?/gm, "")
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, "$2")
    .replace(/(^|[^\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])/g, "$1$2")
    .replace(/(^|[^\w])_(?=\S)([^_\n]*?\S)_(?!\w)/g, "$1$2")
    .replace(/~~(?=\S)([\s\S]*?\S)~~/g, "$1")
    .replace(/&(lt|gt|amp|quot|#\d{1,7});/g, (_all, name: string) => entity(name))
    .replace(/\uE000(\d+)\uE000/g, (_all, index: string) => kept[Number(index)] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

function entity(name: string): string {
  const code = Number(name.slice(1));
  return ENTITIES[name] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : "");
}
