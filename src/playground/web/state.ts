import type { ApiCall, Delivery, Membership, Message, Participant, Persona, Room, Session } from "./wire";

/** What can be opened: a room, or somebody with whom no direct room exists until the first message. */
export type Conversation =
  | { readonly kind: "room"; readonly title: string; readonly room: Room }
  | { readonly kind: "person"; readonly title: string; readonly person: Participant };

/** What the composer is for at the moment; a new message when absent. */
export type ComposerMode =
  | { readonly kind: "reply"; readonly root: Message }
  | { readonly kind: "edit"; readonly message: Message; readonly typed: string };

/** Everything the page shows. */
export interface State {
  readonly session: Session;
  readonly me: Persona;
  readonly conversations: readonly Conversation[];
  readonly current: Conversation | undefined;
  readonly members: readonly Membership[];
  /** Of the current conversation, oldest first. */
  readonly messages: readonly Message[];
  readonly hasOlder: boolean;
  readonly isLoading: boolean;
  readonly mode: ComposerMode | undefined;
  /** Ids of rooms with something new in them. */
  readonly unread: ReadonlySet<string>;
  /** Oldest first. */
  readonly timeline: readonly (Delivery | ApiCall)[];
  /** Whether the stream of events is there. */
  readonly isLive: boolean;
}

/** Holds the state and tells the views when it has changed, once for all changes of one turn. */
export class Store {
  #state: State;
  #telling: Promise<void> | undefined;
  readonly #views = new Set<(state: State) => void>();

  constructor(session: Session) {
    this.#state = {
      session,
      me: session.people[0],
      conversations: [],
      current: undefined,
      members: [],
      messages: [],
      hasOlder: false,
      isLoading: true,
      mode: undefined,
      unread: new Set(),
      timeline: [],
      isLive: true,
    };
  }

  get state(): State {
    return this.#state;
  }

  change(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    this.#telling ??= Promise.resolve().then(() => {
      this.#telling = undefined;
      for (const view of this.#views) view(this.#state);
    });
  }

  /** @param until When the view is gone; never, by default. */
  addView(view: (state: State) => void, until?: AbortSignal): void {
    this.#views.add(view);
    until?.addEventListener("abort", () => this.#views.delete(view));
  }
}

/** Same for the same conversation, also after it was loaded anew. It survives the first message to a person. */
export function keyOf(conversation: Conversation): string {
  return conversation.kind === "room" ? conversation.room.id : conversation.person.email;
}

/** `undefined` while nobody has written. */
export function roomIdOf(conversation: Conversation | undefined): string | undefined {
  return conversation?.kind === "room" ? conversation.room.id : undefined;
}

/** Rooms, most recently active first, with the bot on top; then the people nobody has written to yet. */
export function toConversations(rooms: readonly Room[], others: readonly Participant[]): Conversation[] {
  const direct = new Set(rooms.filter((room) => room.type === "direct").map((room) => room.title));
  const [bot] = others;
  const known = rooms.map((room): Conversation => ({ kind: "room", title: room.title, room }));
  const unknown = others
    // The API tells of a direct room only the other one's name.
    .filter((person) => !direct.has(person.displayName))
    .map((person): Conversation => ({ kind: "person", title: person.displayName, person }));
  return [...known, ...unknown].sort((a, b) => Number(isWith(b, bot)) - Number(isWith(a, bot)));
}

function isWith(conversation: Conversation, person: Participant | undefined): boolean {
  const isDirect = conversation.kind === "person" || conversation.room.type === "direct";
  return isDirect && conversation.title === person?.displayName;
}

/** Puts a message in its place by time, or in the place of its former self unless that is newer. */
export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const index = messages.findIndex(({ id }) => id === message.id);
  const known = messages[index];
  if (known !== undefined) {
    // The stream may repeat what the message was before its last edit.
    return (known.updated ?? "") > (message.updated ?? "") ? messages : messages.with(index, message);
  }
  const before = messages.findLastIndex(({ created }) => created <= message.created);
  return messages.toSpliced(before + 1, 0, message);
}
