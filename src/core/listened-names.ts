import type { BuiltBot } from "./bot";

/** Names of the events that the bots listen to, `*` for everything. Which webhooks are needed follows from them. */
export function listenedNames(bots: readonly BuiltBot[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const bot of bots) {
    // Middleware runs around every event.
    if (bot.middleware.length > 0) names.add("*");
    for (const route of bot.routes) {
      if (route.kind === "on") names.add(route.name);
      else names.add(route.kind === "action" ? "attachmentActions.created" : "messages.created");
    }
  }
  return names;
}
