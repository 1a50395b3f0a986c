/**
 * Takes the first mention of the bot, `@Kitchen Bot`, out of a text. Spika has no mentions of its own: a person writes the bot's
 * name behind an `@`. Takes time linear in the length.
 * @param name the bot's display name; of an empty one there is no mention
 */
export function withoutMention(
  text: string,
  name: string,
): { readonly text: string; readonly isMentioned: boolean } {
  const words = name.trim().split(/\s+/).map(escapeRegExp).join("\\s{1,8}");
  const mention =
    words === "" ? null : new RegExp(`(?<![\\p{L}\\p{N}])@${words}(?![\\p{L}\\p{N}])[,:]?`, "iu").exec(text);
  if (mention === null) return { text, isMentioned: false };
  const before = text.slice(0, mention.index).trimEnd();
  const after = text.slice(mention.index + mention[0].length).trimStart();
  return { text: [before, after].filter((part) => part !== "").join(" "), isMentioned: true };
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
