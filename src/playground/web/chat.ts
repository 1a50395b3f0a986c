import { writeAddress } from "./address";
import { WebexClient } from "./api";
import { type Mentionable, toMarkdown } from "./mentions";
import {
  type ComposerMode,
  type Conversation,
  keyOf,
  roomIdOf,
  type Store,
  toConversations,
  withMessage,
} from "./state";
import type { Message, Persona } from "./wire";

/** What a person does in the chat. Every method throws ApiError when the playground refuses. */
export class Chat {
  readonly #store: Store;
  #client: WebexClient;
  /** Messages go out one after the other, in the order they were written. */
  #sending: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
    this.#client = new WebexClient(store.state.session.apiBase, store.state.me);
  }

  /** Plays another person, and opens what is asked for or else the chat with the bot. */
  async become(me: Persona, key?: string): Promise<void> {
    this.#client = new WebexClient(this.#store.state.session.apiBase, me);
    this.#store.change({
      me,
      conversations: [],
      current: undefined,
      messages: [],
      members: [],
      unread: new Set(),
      mode: undefined,
    });
    await this.refreshRooms();
    const { conversations, current, me: still } = this.#store.state;
    // Somebody may have chosen another person or a room meanwhile.
    if (still !== me || current !== undefined) return;
    const wanted = conversations.find((one) => keyOf(one) === key) ?? conversations[0];
    if (wanted !== undefined) await this.open(wanted);
  }

  async open(conversation: Conversation): Promise<void> {
    const roomId = roomIdOf(conversation);
    const unread = new Set(this.#store.state.unread);
    if (roomId !== undefined) unread.delete(roomId);
    this.#store.change({
      current: conversation,
      messages: [],
      members: [],
      hasOlder: false,
      isLoading: roomId !== undefined,
      mode: undefined,
      unread,
    });
    writeAddress(this.#store.state.me, keyOf(conversation));
    await this.reload();
  }

  /** Asks for the current room's messages and members anew. */
  async reload(): Promise<void> {
    const { current } = this.#store.state;
    const roomId = roomIdOf(current);
    if (roomId === undefined) return;
    const [page, members] = await Promise.all([this.#client.messages(roomId), this.#client.members(roomId)]);
    const { current: still, messages: streamed } = this.#store.state;
    if (roomIdOf(still) !== roomId) return;
    // What the stream brought while the page of messages was on its way may be newer than the page.
    const newest = page.messages.at(-1)?.created ?? "";
    const messages = streamed.filter(({ created }) => created >= newest).reduce(withMessage, page.messages);
    this.#store.change({ messages, hasOlder: page.hasOlder, members, isLoading: false });
  }

  async loadOlder(): Promise<void> {
    const [oldest] = this.#store.state.messages;
    if (oldest === undefined) return;
    const page = await this.#client.messages(oldest.roomId, oldest.id);
    const { current, messages } = this.#store.state;
    if (roomIdOf(current) !== oldest.roomId) return;
    this.#store.change({ messages: [...page.messages, ...messages], hasOlder: page.hasOlder });
  }

  /** Asks for the rooms anew, and follows what became of the current one. */
  async refreshRooms(): Promise<void> {
    const { me, session } = this.#store.state;
    const rooms = await this.#client.rooms();
    if (this.#store.state.me !== me) return;
    const others = [session.bot, ...session.people.filter(({ id }) => id !== me.id)];
    const conversations = toConversations(rooms, others);
    const { current } = this.#store.state;
    const now = current && (find(conversations, current) ?? conversations[0]);
    this.#store.change({ conversations });
    if (now === undefined || current === undefined) return;
    if (keyOf(now) === keyOf(current)) this.#store.change({ current: now });
    else await this.open(now);
  }

  async refreshMembers(): Promise<void> {
    const roomId = roomIdOf(this.#store.state.current);
    if (roomId === undefined) return;
    const members = await this.#client.members(roomId);
    if (roomIdOf(this.#store.state.current) === roomId) this.#store.change({ members });
  }

  /** Sends, replies or edits, whatever the composer is for. Does not wait for what was sent before. */
  send(typed: string, file?: File): Promise<void> {
    const { current, mode } = this.#store.state;
    if (current === undefined) return Promise.resolve();
    if (mode?.kind === "edit") this.setMode(undefined);
    const client = this.#client;
    const sent = this.#sending.then(() => this.#post(client, current, mode, { typed, file }));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #post(
    client: WebexClient,
    to: Conversation,
    mode: ComposerMode | undefined,
    { typed, file }: { readonly typed: string; readonly file: File | undefined },
  ): Promise<void> {
    const markdown = toMarkdown(typed, to.kind === "room" ? await this.#mentionable(client, to.room.id) : []);
    const target = to.kind === "room" ? { roomId: to.room.id } : { toPersonEmail: to.person.email };
    const thread = mode?.kind === "reply" ? { parentId: mode.root.id } : {};
    const message =
      mode?.kind === "edit"
        ? await client.edit(mode.message, markdown)
        : await client.send({ ...target, ...thread }, { markdown, file });
    // The first message to somebody makes the room.
    if (to.kind === "person") await this.refreshRooms();
    else this.take(message);
  }

  /** The people of a room, which may not be the open one any more, or not be loaded yet. */
  async #mentionable(client: WebexClient, roomId: string): Promise<Mentionable[]> {
    const { members } = this.#store.state;
    const known = members[0]?.roomId === roomId ? members : await client.members(roomId);
    return known.map(({ personId, personDisplayName }) => ({ id: personId, name: personDisplayName }));
  }

  /** A message is new or has changed. */
  take(message: Message): void {
    const { current, messages, hasOlder } = this.#store.state;
    if (roomIdOf(current) !== message.roomId) return;
    const oldest = messages[0];
    const isFurtherBack = hasOlder && oldest !== undefined && message.created < oldest.created;
    if (!isFurtherBack) this.#store.change({ messages: withMessage(messages, message) });
  }

  /** A message is gone. */
  drop(id: string): void {
    const { messages, mode } = this.#store.state;
    const aimsAt = mode?.kind === "edit" ? mode.message.id : mode?.root.id;
    this.#store.change({ messages: messages.filter((message) => message.id !== id) });
    if (aimsAt === id) this.setMode(undefined);
  }

  async deleteMessage(message: Message): Promise<void> {
    await this.#client.deleteMessage(message.id);
    this.drop(message.id);
  }

  setMode(mode: ComposerMode | undefined): void {
    this.#store.change({ mode });
  }

  submitCard(message: Message, inputs: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#client.submit(message.id, inputs);
  }

  file(url: string): Promise<{ readonly name: string; readonly bytes: Blob }> {
    return this.#client.file(url);
  }

  async createRoom(title: string, emails: readonly string[]): Promise<void> {
    const room = await this.#client.createRoom(title);
    for (const email of emails) await this.#client.addMember(room.id, email);
    await this.refreshRooms();
    const made = this.#store.state.conversations.find((one) => roomIdOf(one) === room.id);
    if (made !== undefined) await this.open(made);
  }

  async addMember(roomId: string, email: string): Promise<void> {
    await this.#client.addMember(roomId, email);
    await this.refreshMembers();
  }

  async removeMember(membershipId: string): Promise<void> {
    await this.#client.removeMember(membershipId);
    await this.refreshRooms();
    await this.refreshMembers();
  }
}

function find(conversations: readonly Conversation[], wanted: Conversation): Conversation | undefined {
  return (
    conversations.find((one) => keyOf(one) === keyOf(wanted)) ??
    // Somebody has written: the person has become a room.
    (wanted.kind === "person" ? conversations.find((one) => one.title === wanted.title) : undefined)
  );
}
