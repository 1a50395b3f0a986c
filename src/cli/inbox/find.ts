import type { EventFilter, EventRecord, EventSummary, InboxDesk } from "../../core/inbox";
import { NotFoundError } from "../output";

/** The event of this id; or the newest one whose key has it, a platform's message id say. @throws NotFoundError */
export async function findEvent(desk: InboxDesk, text: string): Promise<EventRecord> {
  const byId = await desk.show(text);
  if (byId !== undefined) return byId;
  const [newest] = await desk.list({ key: text, limit: 1 });
  const byKey = newest && (await desk.show(newest.id));
  if (byKey === undefined)
    throw new NotFoundError(
      `the inbox has no event ${text}: it never came, or was settled long ago. bellhop inbox list shows the newest`,
    );
  return byKey;
}

/** Dead letters that are meant by ids, or by a filter, oldest first so that replaying them keeps their order. */
export async function findDead(
  desk: InboxDesk,
  ids: readonly string[],
  filter: EventFilter,
): Promise<readonly EventSummary[]> {
  if (ids.length === 0) {
    const found: EventSummary[] = [];
    for await (const letter of allDead(desk, filter)) found.push(letter);
    return inOrder(found);
  }
  return inOrder(
    await Promise.all(
      ids.map(async (id) => {
        const event = await findEvent(desk, id);
        if (event.state !== "dead")
          throw new NotFoundError(`event ${event.id} is no dead letter: it is ${event.state}`);
        return event;
      }),
    ),
  );
}

/** All dead letters of a filter, page by page; by id, since these do not change meanwhile. */
async function* allDead(desk: InboxDesk, filter: EventFilter): AsyncGenerator<EventSummary> {
  const limit = 500;
  const seen = new Set<string>();
  for (let before: string | undefined; ; ) {
    const page = await desk.list({ ...filter, state: "dead", before, limit });
    for (const letter of page) {
      if (seen.has(letter.id)) continue;
      seen.add(letter.id);
      yield letter;
    }
    if (page.length < limit) return;
    before = page.map(({ id }) => id).sort()[0];
  }
}

function inOrder(events: readonly EventSummary[]): readonly EventSummary[] {
  return [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
}
