import type { EventFilter, EventRecord, EventState, EventSummary, InboxAdmin } from "../../core/inbox";
import { NotFoundError } from "../output";

/** The event of this id; or the newest one whose key has it, a platform's message id say. @throws NotFoundError */
export async function findEvent(admin: InboxAdmin, text: string): Promise<EventRecord> {
  const byId = await admin.show(text);
  if (byId !== undefined) return byId;
  const [newest] = await admin.list({ key: text, limit: 1 });
  const byKey = newest && (await admin.show(newest.id));
  if (byKey === undefined)
    throw new NotFoundError(
      `the inbox has no event ${text}: it never came, or was settled long ago. bellhop inbox list shows the newest`,
    );
  return byKey;
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
