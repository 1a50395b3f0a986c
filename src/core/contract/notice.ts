/** What a platform reports, by reference: enough to know whether it is new, whose turn it is and what to fetch. */
export interface Notice {
  /** `"webex"`. */
  readonly platform: string;
  /** Name of the bot identity it was sent to; `"default"` where there is one only. */
  readonly account: string;
  /** Resource and what happened to it: `"messages.created"`. */
  readonly name: string;
  /** The platform's own name for it, by which handlers may listen too: `"intercom:conversation.user.replied"`. */
  readonly alias?: string | undefined;
  /** Same key, same event, however often it is delivered. Starts with platform and account. */
  readonly key: string;
  /** Same conversation, one at a time in arrival order. Starts with platform and account. */
  readonly conversation: string;
  /** The same key again after this long is a new event, in milliseconds. Absent: it never is. */
  readonly repeatableAfterMs?: number | undefined;
  /** Who did it, as far as the notice tells. */
  readonly person?: Person | undefined;
  /** Where, as far as the notice tells. */
  readonly room?: Room | undefined;
  /** The platform's own snapshot of what changed, as it came. Survives JSON. */
  readonly data: JsonObject;
}

/** A person, or another author, in a chat. What the platform did not say is absent. */
export interface Person {
  readonly id: string;
  /**
   * The platform's word for the kind of account, where ids of several kinds may be equal: Intercom's `"user"`, `"lead"`,
   * `"admin"`, `"team"`, `"bot"`.
   */
  readonly type?: string | undefined;
  /** Lower case. */
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  /** Absent when unknown. */
  readonly isBot?: boolean | undefined;
}

/** Where people write. */
export interface Room {
  readonly id: string;
  /** `direct`: one person and the bot. Absent when the platform did not say. */
  readonly kind?: "direct" | "group" | undefined;
  readonly title?: string | undefined;
}

/** What `JSON.parse` can make. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The parts of a notice that only the platform knows. */
export interface NoticeParts {
  readonly name: string;
  readonly alias?: string | undefined;
  /** Unique within the account. */
  readonly key: string;
  /** Room or conversation id, unique within the account. */
  readonly conversation: string;
  readonly repeatableAfterMs?: number | undefined;
  readonly person?: Person | undefined;
  readonly room?: Room | undefined;
  readonly data: JsonObject;
}

/** Makes a notice whose key and conversation cannot meet those of another platform or account. */
export function createNotice(source: { name: string; account: string }, parts: NoticeParts): Notice {
  const prefix = `${source.name}/${source.account}/`;
  return {
    platform: source.name,
    account: source.account,
    name: parts.name,
    alias: parts.alias,
    key: prefix + parts.key,
    conversation: prefix + parts.conversation,
    repeatableAfterMs: parts.repeatableAfterMs,
    person: parts.person,
    room: parts.room,
    data: parts.data,
  };
}
