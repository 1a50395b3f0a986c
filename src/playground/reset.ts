import { recordChange } from "./record-change";
import type { Timeline } from "./timeline";
import { type Cast, type GivenTokens, seed } from "./webex/seed";
import { Store } from "./webex/store";
import type { Webex } from "./webex/webex";
import type { WebhookRegistry } from "./webhooks/registry";

/** Fills an empty Webex. Bots are not told: from the beginning they are in its rooms. */
export function seedWebex(webex: Webex, timeline: Timeline, tokens: GivenTokens): void {
  seed({ ...webex, publish: (change) => recordChange(timeline, change) }, tokens);
}

/**
 * Makes Webex what it was at the start, but for its bots: a program that runs goes on with their tokens, and with their
 * webhooks, awake.
 */
export function startWebexOver(parts: {
  readonly webex: Webex & { store: Store };
  readonly registry: WebhookRegistry;
  readonly timeline: Timeline;
  readonly cast: Cast;
  readonly tokens: GivenTokens;
}): void {
  const { webex, registry, timeline, cast, tokens } = parts;
  const { store } = webex;
  const bots = [...store.people.values()].filter(({ type }) => type === "bot");
  const webhooks = registry.state().filter(({ ownerId }) => store.people.get(ownerId)?.type === "bot");

  webex.store = new Store();
  seedWebex(webex, timeline, { ...tokens, bot: store.tokenOf(cast.bot) });
  for (const bot of bots) webex.store.addPerson(bot, store.tokenOf(bot));
  registry.restore(
    webhooks.map((kept) => ({ ...kept, webhook: { ...kept.webhook, status: "active" as const } })),
  );
}
