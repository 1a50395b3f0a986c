import type { Target } from "../contract/event";
import type { Platform, Recipient, SentMessage } from "../contract/platform";

/** Messages that are remembered; more than are posted while a lookup goes on. */
const MOST_REMEMBERED = 10_000;
/** Stands for all rooms that are known only once a message was posted to a person. */
const ROOMS_OF_PEOPLE = "";

/**
 * What this process has posted with one account a short while ago, and what it is posting now. A lookup takes none of these
 * messages for the one that it looks for: their calls are known, although the inbox may not have noted them yet.
 */
export class PostedMessages {
  readonly #platform: Pick<Platform, "name" | "account" | "identify">;
  /** Names, the oldest first. */
  readonly #names = new Set<string>();
  /** Posts under way, by room. */
  readonly #underWay = new Map<string, Set<Promise<unknown>>>();

  constructor(platform: Pick<Platform, "name" | "account" | "identify">) {
    this.#platform = platform;
  }

  /** How a message is called in the inbox: the same for every form of its id. */
  nameOf({ id }: Pick<SentMessage, "id">): string {
    const { name, account, identify } = this.#platform;
    return `${name}/${account}/${identify?.(id) ?? id}`;
  }

  /** Whether this process knows which call has posted it. */
  has(message: SentMessage): boolean {
    return this.#names.has(this.nameOf(message));
  }

  add(message: SentMessage): void {
    this.#names.add(this.nameOf(message));
    if (this.#names.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#names) {
      this.#names.delete(oldest);
      return;
    }
  }

  /** Makes a post, and remembers what it posted before any lookup that waits for it goes on. */
  async post(target: Target | Recipient, act: () => Promise<SentMessage>): Promise<SentMessage> {
    const room = "roomId" in target ? target.roomId : ROOMS_OF_PEOPLE;
    const posting = act().then((sent) => {
      if (sent.id !== "") this.add(sent);
      return sent;
    });
    const ended = posting.catch(() => undefined);
    const others = this.#underWay.get(room);
    if (others === undefined) this.#underWay.set(room, new Set([ended]));
    else others.add(ended);
    try {
      return await posting;
    } finally {
      const left = this.#underWay.get(room);
      left?.delete(ended);
      if (left?.size === 0) this.#underWay.delete(room);
    }
  }

  /** Resolves when the posts have ended that are under way now and may go to this room. */
  async ended(roomId: string): Promise<void> {
    const posts = [roomId, ROOMS_OF_PEOPLE].flatMap((room) => [...(this.#underWay.get(room) ?? [])]);
    await Promise.all(posts);
  }
}
