import { WATCHABLE } from "./event-catalog";

/** What one webhook watches. */
export interface Subscription {
  readonly resource: string;
  readonly event: string;
}

/** What `*` stands for, and the name of a resource alone. A room that was moved is told of only to whom asks for it. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  messages: WATCHABLE.messages.events,
  memberships: WATCHABLE.memberships.events,
  rooms: WATCHABLE.rooms.events.filter((event) => event !== "migrated"),
  attachmentActions: WATCHABLE.attachmentActions.events,
};

/**
 * The webhooks that handlers need.
 * @param names as handlers wrote them: `messages.created`, `messages` for all of them, `*` for everything in the table.
 * Names of other platforms, `intercom:…`, are passed over
 */
export function subscriptionsFor(names: Iterable<string>): Subscription[] {
  const wanted = new Set<string>();
  for (const name of names) {
    if (name.includes(":")) continue;
    for (const full of expand(name)) wanted.add(full);
  }
  return [...wanted].map((name) => {
    const dot = name.lastIndexOf(".");
    return { resource: name.slice(0, dot), event: name.slice(dot + 1) };
  });
}

function expand(name: string): readonly string[] {
  if (name === "*") return Object.keys(EVENTS).flatMap(expand);
  if (name.includes(".")) return [name];
  // Of a resource that is not in the table Webex is asked for all; its refusal names the resource.
  const events = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  return (events ?? ["all"]).map((event) => `${name}.${event}`);
}
