/** What one webhook watches. */
export interface Subscription {
  readonly resource: string;
  readonly event: string;
}

/**
 * What a bot can hear of, by resource. Only what Webex lists for webhooks: a subscription it does not know would be
 * refused, and the start with it.
 * @see https://developer.webex.com/docs/webhooks
 */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  messages: ["created", "deleted"],
  memberships: ["created", "updated", "deleted"],
  rooms: ["created", "updated"],
  attachmentActions: ["created"],
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
