import type { BuiltBot, CommandRoute } from "./bot";
import { escapeMarkdown } from "./markdown";
import type { Misfit } from "./router";

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

/** Markdown that tells how a command is written, and what did not fit. */
export function usageText({ route, problem }: Misfit): string {
  return `${escapeMarkdown(problem)}. Write: \`${route.pattern.source}\``;
}
