import type { Capabilities } from "../contract/platform";
import type { BuiltBot } from "./routes";

/**
 * Names of the events that the bots listen to, `*` for everything. Which webhooks are needed follows from them.
 * @param can of the platform that is to tell of them: where cards are not drawn, their buttons are chosen by writing
 */
export function subscribedEventNames(
  bots: readonly BuiltBot[],
  { cards }: Pick<Capabilities, "cards"> = { cards: true },
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const bot of bots) {
    // Middleware runs around every event.
    if (bot.middleware.length > 0) names.add("*");
    for (const route of bot.routes) {
      if (route.kind === "on") names.add(route.name);
      else names.add(route.kind === "action" ? "attachmentActions.created" : "messages.created");
    }
  }
  if (!cards && names.has("attachmentActions.created")) names.add("messages.created");
  return names;
}
