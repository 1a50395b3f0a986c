/** What can be asked for, in words. */
export interface FaultKind {
  readonly key: string;
  readonly on: "call" | "delivery" | "socket";
  readonly title: string;
  /** As the playground's API takes it. */
  readonly do: Readonly<Record<string, string | number>>;
}

const LATE_MS = 2_000;

const CALLS: readonly Omit<FaultKind, "on" | "key">[] = [
  { title: "refused: 503", do: { kind: "status", status: 503 } },
  { title: "refused: 429, to be tried again in 2 s", do: { kind: "status", status: 429, retryAfterS: 2 } },
  { title: "refused: 401, an expired token", do: { kind: "status", status: 401 } },
  { title: "refused: 404", do: { kind: "status", status: 404 } },
  { title: "answered with a page of HTML", do: { kind: "html" } },
  { title: "connection reset before it is done", do: { kind: "reset", when: "before" } },
  { title: "connection reset after it was done", do: { kind: "reset", when: "after" } },
  { title: "answered by half", do: { kind: "cut" } },
  { title: "never answered", do: { kind: "hang" } },
  { title: "2 s late", do: { kind: "delay", ms: LATE_MS } },
];

const DELIVERIES: readonly Omit<FaultKind, "on" | "key">[] = [
  { title: "lost", do: { kind: "lost" } },
  { title: "sent twice", do: { kind: "duplicate" } },
  { title: "2 s late", do: { kind: "delay", ms: LATE_MS } },
  { title: "behind the one after it", do: { kind: "disorder" } },
  { title: "broken off in the middle", do: { kind: "cut" } },
  { title: "webhook switched off", do: { kind: "deactivate" } },
];

/** What the bot asks of a platform, what it is told by webhook, and what over a websocket. */
export const FAULT_GROUPS: readonly { readonly title: string; readonly kinds: readonly FaultKind[] }[] = [
  { title: "The bot's calls are", kinds: keyed("call", CALLS) },
  { title: "Deliveries to the bot are", kinds: keyed("delivery", DELIVERIES) },
  { title: "What the websocket tells is", kinds: keyed("socket", DELIVERIES) },
];

/** What somebody has chosen. @throws Error for a key that is none */
export function kindOf(key: string): FaultKind {
  const found = FAULT_GROUPS.flatMap(({ kinds }) => kinds).find((kind) => kind.key === key);
  if (found === undefined) throw new Error(`There is no fault "${key}".`);
  return found;
}

/** A fault in words; one that was asked for elsewhere may be none of these. */
export function titleOf(on: string, what: Readonly<Record<string, unknown>>): string {
  const group = FAULT_GROUPS.find(({ kinds }) => kinds[0]?.on === on);
  const kind = group?.kinds.find((one) =>
    Object.entries(one.do).every(([name, value]) => what[name] === value),
  );
  return `${group?.title ?? on} ${kind?.title ?? String(what.kind)}`;
}

function keyed(on: FaultKind["on"], kinds: readonly Omit<FaultKind, "on" | "key">[]): readonly FaultKind[] {
  return kinds.map((kind, index) => ({ ...kind, on, key: `${on} ${index}` }));
}
