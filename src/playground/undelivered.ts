import type { UnheardNote } from "./timeline";
import { timestamp, type Webex } from "./webex/webex";
import { matches } from "./webhooks/filter";
import type { Occurrence } from "./webhooks/occurrence";
import { type WebhookRegistry, watches } from "./webhooks/registry";

interface Ears {
  readonly webex: Webex;
  readonly registry: WebhookRegistry;
  /** Whether somebody listens by websocket. */
  isConnected(personId: string): boolean;
}

/** A note of what a person did if no bot is told of it, with the reason. */
export function noteUnheard(ears: Ears, occurrence: Occurrence): UnheardNote | undefined {
  const { resource, event, data } = occurrence;
  const reason = whyUnheard(ears, occurrence);
  if (reason === undefined) return undefined;
  return { at: timestamp(ears.webex), resource, event, dataId: String(data.id), reason };
}

/** `undefined` when a bot is told, or when a bot did it. */
function whyUnheard(
  { webex: { store }, registry, isConnected }: Ears,
  occurrence: Occurrence,
): string | undefined {
  const { resource, event, actorId, data } = occurrence;
  if (store.people.get(actorId)?.type === "bot") return undefined;
  const bots = store.membersOf(String(data.roomId)).flatMap(({ personId }) => {
    const person = store.people.get(personId);
    return person?.type === "bot" ? [person] : [];
  });
  const concerned = [...store.people.values()].filter(
    (person) => person.type === "bot" && occurrence.concerns(person),
  );
  if (concerned.length === 0) {
    if (bots.length === 0) return "there is no bot in this room";
    return resource === "messages"
      ? "in a group room a bot is told only of messages that mention it"
      : "it does not concern the bot that is in this room";
  }
  if (concerned.some(({ id }) => isConnected(id))) return undefined;
  const ids = new Set(concerned.map(({ id }) => id));
  const watching = registry.ofAll(ids).filter(({ webhook }) => watches(webhook, occurrence));
  const active = watching.filter(({ webhook }) => webhook.status === "active");
  if (active.some(({ filter }) => matches(filter, occurrence))) return undefined;
  if (active.length > 0) return "the filters of the bot's webhooks leave it out";
  if (watching.length > 0) return "the bot's webhook has been switched off: its status is inactive";
  return `the bot has no webhook for ${resource} ${event}, and does not listen by websocket`;
}
