import type {
  EventFilter,
  EventRecord,
  EventState,
  EventSummary,
  InboxAdmin,
} from "../../core/contract/inbox";
import { NotFoundError, UsageError } from "../output";

/** Events that an error message lists. */
const MOST_NAMED = 5;

/**
 * Finds the event of an id: the inbox's, with or without its zeros, or whole parts of the key, for example the
 * platform's id of the message. If neither fits, a part of the platform's id will do.
 * @throws NotFoundError
 * @throws UsageError if several events fit
 */
export async function findEvent(admin: InboxAdmin, text: string): Promise<EventRecord> {
  const byId = await admin.show(text);
  // The platforms number without zeros in front.
  if (byId?.id === text && text.startsWith("0")) return byId;
  const byParts = await admin.list({ keyParts: text, limit: MOST_NAMED + 1 });
  const fitting = [...(byId ? [byId] : []), ...byParts.filter(({ id }) => id !== byId?.id)];
  const found = fitting.length > 0 ? fitting : await findByText(admin, text);
  if (found.length > 1) throw new UsageError(ambiguity(text, found));
  const event = found[0] && (await admin.show(found[0].id));
  if (event === undefined)
    throw new NotFoundError(
      `the inbox has no event ${text}: it never came, or was settled long ago. bellhop inbox list shows the newest`,
    );
  return event;
}

/** A number is always whole: 2 is not a part of 42. */
async function findByText(admin: InboxAdmin, text: string): Promise<readonly EventSummary[]> {
  return /^\d*$/.test(text) ? [] : admin.list({ key: text, limit: MOST_NAMED + 1 });
}

function ambiguity(text: string, events: readonly EventSummary[]): string {
  const named = events.slice(0, MOST_NAMED).map(({ id, key, state }) => `${id} (${key}, ${state})`);
  const more = events.length > MOST_NAMED ? ", and more" : "";
  return `"${text}" fits several events: ${named.join(", ")}${more}. Repeat the command with one of these ids`;
}

/**
 * Finds the events of the given ids, or the dead letters of a filter, oldest first so that replaying them keeps their order.
 * @param states those that an event of an id may be in
 * @throws NotFoundError
 */
export async function findEvents(
  admin: InboxAdmin,
  ids: readonly string[],
  filter: EventFilter,
  states: readonly EventState[],
): Promise<readonly EventSummary[]> {
  if (ids.length === 0) {
    // All at once: pages go by id, and they are listed by when they died.
    const { dead } = await admin.counts();
    return dead === 0 ? [] : inOrder(await admin.list({ ...filter, state: "dead", limit: dead }));
  }
  return inOrder(
    await Promise.all(
      ids.map(async (id) => {
        const event = await findEvent(admin, id);
        if (!states.includes(event.state))
          throw new NotFoundError(
            `event ${event.id} is ${event.state}, and this command takes only events that are ${states.join(" or ")}`,
          );
        return event;
      }),
    ),
  );
}

function inOrder(events: readonly EventSummary[]): readonly EventSummary[] {
  return [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
}
