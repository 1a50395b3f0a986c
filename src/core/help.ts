import { escapeMarkdown } from "./markdown";
import type { Misfit } from "./router";
import type { BuiltBot, CommandRoute } from "./routes";

/** Whether somebody asks what the bots can do. */
export function asksForHelp(text: string): boolean {
  return /^\/?help[!?.]?$/i.test(text.trim());
}

/** Markdown list of the commands that have a help text, by bot and as written; empty when there are none. */
export function helpText(bots: readonly BuiltBot[]): string {
  return bots
    .flatMap((bot) => bot.routes)
    .filter((route): route is CommandRoute => route.kind === "command" && route.help !== undefined)
    .map((route) => `- \`${route.pattern.source}\`: ${escapeMarkdown(route.help ?? "")}`)
    .join("\n");
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
