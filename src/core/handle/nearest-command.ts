import type { NearestCommand } from "../contract/context";
import { suggest } from "../util/suggest-name";
import { tokenize } from "../util/tokenize";
import type { BuiltBot, CommandRoute } from "./routes";

/** Characters of a message that are compared with commands. */
const READ_CHARACTERS = 500;
/** A command with fewer letters is not looked for within a sentence. */
const LEAST_LETTERS = 3;

interface Named {
  readonly bot: BuiltBot;
  readonly route: CommandRoute;
  /** The fixed words. */
  readonly words: readonly string[];
}

/**
 * Finds the command that a message was probably meant for: one that the message begins with but for a few letters, else
 * one whose words stand within the message. Of several commands, the longest.
 */
export function nearestCommand(text: string, bots: readonly BuiltBot[]): NearestCommand | undefined {
  const commands = bots.flatMap(namedCommands).sort((a, b) => b.words.length - a.words.length);
  if (commands.length === 0) return undefined;
  const words = tokenize(text.slice(0, READ_CHARACTERS)).map((word) => word.text);
  // A person who asks for help on a command names it behind this word.
  const said = words.length > 1 && words[0] === "help" ? words.slice(1) : words;
  const found = beginningLike(said, commands) ?? within(said, commands);
  return found && { usage: found.route.pattern.source, help: found.route.help, bot: found.bot.name };
}

function beginningLike(said: readonly string[], commands: readonly Named[]): Named | undefined {
  for (const length of new Set(commands.map(({ words }) => words.length))) {
    if (said.length < length) continue;
    const beginning = said.slice(0, length).join(" ");
    const alike = commands.filter(({ words }) => words.length === length);
    const meant =
      alike.find((one) => nameOf(one) === beginning) ??
      alike.find((one) => nameOf(one) === suggest(beginning, alike.map(nameOf)));
    if (meant !== undefined) return meant;
  }
  return undefined;
}

function within(said: readonly string[], commands: readonly Named[]): Named | undefined {
  const sentence = ` ${said.join(" ")} `;
  return commands.find((one) => nameOf(one).length >= LEAST_LETTERS && sentence.includes(` ${nameOf(one)} `));
}

function namedCommands(bot: BuiltBot): Named[] {
  return bot.routes.flatMap((route) =>
    route.kind === "command" ? [{ bot, route, words: route.pattern.words }] : [],
  );
}

function nameOf({ words }: Named): string {
  return words.join(" ");
}
