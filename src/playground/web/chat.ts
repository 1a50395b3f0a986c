import { type Address, writeAddress } from "./address";
import type { ChatClient, ChatPlatform } from "./chat-platform";
import type { Conversation, Person } from "./conversation";
import type { JsonObject } from "./json";
import { type ChatFile, type ChatMessage, type Choice, withMessage } from "./message";
import { type ComposerMode, nothingLoaded, type Store } from "./state";

/** What a person does in the chat, on whichever platform. Every method throws ApiError when the playground refuses. */
export class Chat {
  readonly #store: Store;
  readonly #platforms: readonly ChatPlatform[];
  #client: ChatClient;
  /** Messages go out one after the other, in the order they were written. */
  #sending: Promise<unknown> = Promise.resolve();
  /** The key of what each person had open, by platform and person. */
  readonly #left = new Map<string, string>();

  constructor(store: Store, platforms: readonly ChatPlatform[]) {
    this.#store = store;
    this.#platforms = platforms;
    this.#client = store.state.platform.play(store.state.me);
  }

  /** Goes to an address, as far as it names what there is. */
  async goTo({ platform: name, person, conversation: key }: Address): Promise<void> {
    const { platform: here, me, current, conversations } = this.#store.state;
    const platform = this.#platforms.find((one) => one.name === name) ?? here;
    const known = platform === here ? me : platform.people[0];
    const who = platform.people.find((one) => one.key === person) ?? known;
    if (who !== me || current === undefined) return await this.#become(platform, who, key);
    const wanted = conversations.find((one) => one.key === key);
    if (wanted !== undefined && key !== current.key) await this.open(wanted);
  }

  /** Goes to another platform, as the same person if there is one of the name, and to what they had open there. */
  async changePlatform(platform: ChatPlatform): Promise<void> {
    const { platform: here, me } = this.#store.state;
    if (platform === here) return;
    const person = platform.people.find(({ name }) => name === me.name) ?? platform.people[0];
    await this.#become(platform, person, this.#left.get(`${platform.name} ${person.key}`));
  }

  /** Plays another person. */
  async become(me: Person): Promise<void> {
    await this.#become(this.#store.state.platform, me);
  }

  /** Opens what is asked for or else what is listed first. */
  async #become(platform: ChatPlatform, me: Person, key?: string): Promise<void> {
    const client = platform.play(me);
    this.#client = client;
    this.#store.change({ ...nothingLoaded, platform, me });
    await this.refreshConversations();
    const { conversations, current } = this.#store.state;
    // Somebody may have chosen another person or a conversation meanwhile.
    if (this.#client !== client || current !== undefined) return;
    const wanted = conversations.find((one) => one.key === key) ?? conversations[0];
    if (wanted !== undefined) await this.open(wanted);
  }

  async open(conversation: Conversation): Promise<void> {
    const { platform, me, unread } = this.#store.state;
    this.#store.change({
      ...{ current: conversation, messages: [], members: [], hasOlder: false, mode: undefined },
      isLoading: conversation.exists,
      unread: new Set([...unread].filter((key) => key !== conversation.key)),
    });
    this.#left.set(`${platform.name} ${me.key}`, conversation.key);
    writeAddress({ platform: platform.name, person: me.key, conversation: conversation.key });
    await this.reload();
  }

  /** Asks for the current conversation's messages and members anew. */
  async reload(): Promise<void> {
    const client = this.#client;
    const { current } = this.#store.state;
    if (current?.exists !== true) return;
    const [page, members] = await Promise.all([client.messages(current), client.members(current)]);
    if (!this.#isAt(client, current)) return;
    const { messages: streamed } = this.#store.state;
    // What the stream brought while the page of messages was on its way may be newer than the page.
    const newest = page.messages.at(-1)?.created ?? "";
    const messages = streamed.filter(({ created }) => created >= newest).reduce(withMessage, page.messages);
    this.#store.change({ messages, hasOlder: page.hasOlder, members, isLoading: false });
  }

  async loadOlder(): Promise<void> {
    const client = this.#client;
    const { current, messages: known } = this.#store.state;
    const [oldest] = known;
    if (current === undefined || oldest === undefined) return;
    const page = await client.messages(current, oldest);
    const { messages } = this.#store.state;
    // Whoever asks twice gets the same page twice.
    if (!this.#isAt(client, current) || messages[0]?.id !== oldest.id) return;
    this.#store.change({ messages: [...page.messages, ...messages], hasOlder: page.hasOlder });
  }

  /** Asks for the conversations anew, and follows what became of the current one. */
  async refreshConversations(): Promise<void> {
    const client = this.#client;
    const conversations = await client.conversations();
    if (this.#client !== client) return;
    this.#store.change({ conversations });
    const { current } = this.#store.state;
    const now = current && (find(conversations, current.key) ?? conversations[0]);
    if (now === undefined || current === undefined) return;
    if (now.key === current.key) this.#store.change({ current: now });
    else await this.open(now);
  }

  /** Asks for the conversations anew, then for who is in the current one: one may not be in it any more. */
  async refresh(): Promise<void> {
    await this.refreshConversations();
    await this.#refreshMembers();
  }

  async #refreshMembers(): Promise<void> {
    const client = this.#client;
    const { current } = this.#store.state;
    if (current?.exists !== true) return;
    const members = await client.members(current);
    if (this.#isAt(client, current)) this.#store.change({ members });
  }

  #isAt(client: ChatClient, { key }: Conversation): boolean {
    return this.#client === client && this.#store.state.current?.key === key;
  }

  /** Sends, replies or edits, whatever the composer is for. Does not wait for what was sent before. */
  send(typed: string, file?: File): Promise<void> {
    const { platform, current, mode } = this.#store.state;
    if (current === undefined) return Promise.resolve();
    // An edit and a quote are for one message, a thread goes on.
    if (mode?.kind === "edit" || platform.can.reply === "quote") this.setMode(undefined);
    const client = this.#client;
    const sent = this.#sending.then(() => this.#post(client, current, mode, { typed, file }));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  async #post(
    client: ChatClient,
    to: Conversation,
    mode: ComposerMode | undefined,
    { typed, file }: { readonly typed: string; readonly file: File | undefined },
  ): Promise<void> {
    const { key, message } =
      mode?.kind === "edit"
        ? { key: to.key, message: await client.edits?.save(to, mode.message, typed) }
        : await client.send(to, { typed, file, replyTo: mode?.to });
    // To somebody else it would be another message: not theirs.
    if (!this.#isAt(client, to)) return;
    if (key !== to.key) await this.#follow(client, to, key);
    else if (message !== undefined) this.take(key, message);
  }

  /** The first message made the conversation. */
  async #follow(client: ChatClient, from: Conversation, key: string): Promise<void> {
    await this.refreshConversations();
    const made = find(this.#store.state.conversations, key);
    if (made !== undefined && this.#isAt(client, from)) await this.open(made);
  }

  /** What an event of the stream means to the person one is. */
  read(name: string, data: JsonObject): ReturnType<ChatClient["read"]> {
    return this.#client.read(name, data);
  }

  /** A message is new or has changed. */
  take(key: string, message: ChatMessage): void {
    const { current, messages, hasOlder } = this.#store.state;
    if (current?.key !== key) return;
    const oldest = messages[0];
    const isFurtherBack = hasOlder && oldest !== undefined && message.created < oldest.created;
    if (!isFurtherBack) this.#store.change({ messages: withMessage(messages, message) });
  }

  /** A message is gone. */
  drop(id: string): void {
    const { messages, mode } = this.#store.state;
    const aimsAt = mode?.kind === "edit" ? mode.message.id : mode?.to.id;
    this.#store.change({ messages: messages.filter((message) => message.id !== id) });
    if (aimsAt === id) this.setMode(undefined);
  }

  async deleteMessage(message: ChatMessage): Promise<void> {
    await this.#client.edits?.remove(message);
    this.drop(message.id);
  }

  setMode(mode: ComposerMode | undefined): void {
    this.#store.change({ mode });
    this.#store.tell();
  }

  async submitCard(message: ChatMessage, inputs: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#client.submitCard?.(message, inputs);
  }

  async choose(choice: Choice): Promise<void> {
    const { current } = this.#store.state;
    if (current !== undefined) await this.#client.choose?.(current, choice);
  }

  file(file: ChatFile): ReturnType<ChatClient["file"]> {
    return this.#client.file(file);
  }

  async createRoom(title: string, emails: readonly string[]): Promise<void> {
    const key = await this.#client.administration?.createRoom(title, emails);
    await this.refreshConversations();
    const made = this.#store.state.conversations.find((one) => one.key === key);
    if (made !== undefined) await this.open(made);
  }

  async addMember(key: string, email: string): Promise<void> {
    await this.#client.administration?.addMember(key, email);
    await this.#refreshMembers();
  }

  async removeMember(id: string): Promise<void> {
    await this.#client.administration?.removeMember(id);
    await this.refresh();
  }
}

/** Also what a person has become once somebody has written to them. */
function find(conversations: readonly Conversation[], key: string): Conversation | undefined {
  return (
    conversations.find((one) => one.key === key) ?? conversations.find(({ formerKey }) => formerKey === key)
  );
}
