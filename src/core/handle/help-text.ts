import { escapeMarkdown } from "../contract/markdown";
import { tokenize } from "../util/tokenize";
import type { Misfit } from "./router";
import type { BuiltBot, CommandRoute } from "./routes";

/** Whether a person asks what the bots can do. */
export function asksForHelp(text: string): boolean {
  return /^\/?help[!?.]?$/i.test(text.trim());
}

/** Markdown list of the commands that have a help text, by bot and as written; empty if there are none. */
export function helpText(bots: readonly BuiltBot[]): string {
  return bots
    .flatMap(commandsOf)
    .filter(({ help }) => help !== undefined)
    .map((route) => `- ${helpLine(route)}`)
    .join("\n");
}

/** Whether `help` is answered with a list. */
export function hasHelp(bots: readonly BuiltBot[]): boolean {
  return bots.some((bot) => commandsOf(bot).some(({ help }) => help !== undefined));
}

/** Longest message that may ask for help on one command, in characters. */
const LONGEST_TOPIC = 200;

/** Markdown about the commands whose words a person writes behind `help`. @returns `undefined` for any other message */
export function helpOnCommand(text: string, bots: readonly BuiltBot[]): string | undefined {
  if (text.length > LONGEST_TOPIC) return undefined;
  const [first, ...topic] = tokenize(text).map((word) => word.text);
  if (first !== "help" || topic.length === 0) return undefined;
  const lines = bots
    .flatMap(commandsOf)
    .filter(({ pattern }) => pattern.words.join(" ") === topic.join(" "))
    .map(helpLine);
  return lines.length === 0 ? undefined : lines.join("\n");
}

function commandsOf(bot: BuiltBot): CommandRoute[] {
  return bot.routes.filter((route): route is CommandRoute => route.kind === "command");
}

function helpLine({ pattern, help }: CommandRoute): string {
  return help === undefined ? `\`${pattern.source}\`` : `\`${pattern.source}\`: ${escapeMarkdown(help)}`;
}

/** Markdown that tells what did not fit, and how it is written or filled in. */
export function usageText(misfit: Misfit): string {
  if (misfit.kind === "arguments")
    return `${escapeMarkdown(misfit.problem)}. Write: \`${misfit.route.pattern.source}\``;
  const problems = misfit.problems.map(
    ({ label, problem, message }) =>
      `- **${escapeMarkdown(label)}**${message === undefined ? ` ${escapeMarkdown(problem)}` : `: ${escapeMarkdown(message)}`}`,
  );
  return ["That was not taken. Please correct it and send it again:", ...problems].join("\n");
}
