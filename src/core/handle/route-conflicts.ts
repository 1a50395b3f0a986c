import type { BuiltBot, CommandRoute, Route } from "./routes";

/** Two handlers of which one can never be reached. */
export interface Conflict {
  readonly message: string;
  /** Where the one that is never reached was written: `/app/bots/echo.ts:12`. */
  readonly at: string;
}

/** Finds handlers that another one written before them always answers for: same command, phrase, expression or action. */
export function findConflicts(bots: readonly BuiltBot[]): readonly Conflict[] {
  const first = new Map<string, { bot: BuiltBot; route: Route }>();
  const conflicts: Conflict[] = [];
  for (const bot of bots) {
    for (const route of bot.routes) {
      const sameness = matchKey(bot, route);
      if (sameness === undefined) continue;
      const earlier = first.get(sameness);
      if (earlier === undefined) first.set(sameness, { bot, route });
      else
        conflicts.push({
          message: `${route.label} of bot "${bot.name}" is never reached: bot "${earlier.bot.name}" has it at ${earlier.route.at}`,
          at: route.at,
        });
    }
  }
  return conflicts;
}

/** Equal for handlers that take exactly the same; `undefined` for those that may stand side by side. */
function matchKey(bot: BuiltBot, route: Route): string | undefined {
  // Bots with other accounts or policies answer other people with the same words.
  const whose = JSON.stringify([bot.accounts, bot.policies]);
  switch (route.kind) {
    case "command":
      return `${whose} command ${shape(route)}`;
    case "hears":
      return `${whose} hears ${route.trigger instanceof RegExp ? String(route.trigger) : route.trigger.words.join(" ")}`;
    case "answer":
      return `${bot.name} answer ${route.step}`;
    case "action":
      // One for clicks that are not signed may stand behind one that does not take them.
      return `${whose} action ${route.action}${route.unsigned ? ", unsigned too" : ""}`;
    case "on":
    case "otherwise":
      return undefined;
    default:
      return route satisfies never;
  }
}

function shape({ pattern }: CommandRoute): string {
  const types = pattern.arguments.map(
    ({ type, required, rest }) => `${type}${rest ? "..." : ""}${required ? "" : "?"}`,
  );
  return [...pattern.words, ...types].join(" ");
}
