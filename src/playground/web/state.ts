import type { ChatPlatform } from "./chat-platform";
import type { Conversation, Member, Person } from "./conversation";
import type { ChatMessage } from "./message";
import type { TimelineEntry } from "./timeline/entries";

/** What the composer is for at the moment; a new message when absent. */
export type ComposerMode =
  | { readonly kind: "reply"; readonly to: ChatMessage }
  | { readonly kind: "edit"; readonly message: ChatMessage; readonly typed: string };

/** Begins to edit a message, as it was typed. */
export function toEdit(message: ChatMessage): ComposerMode {
  return { kind: "edit", message, typed: message.typed ?? message.text };
}

/** What the timeline is narrowed down to. */
export interface Traced {
  readonly id: string;
  /** What it says, in short. */
  readonly text: string;
}

/** Everything the page shows. */
export interface State {
  readonly platform: ChatPlatform;
  readonly me: Person;
  readonly conversations: readonly Conversation[];
  readonly current: Conversation | undefined;
  readonly members: readonly Member[];
  /** Of the current conversation, oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly hasOlder: boolean;
  readonly isLoading: boolean;
  readonly mode: ComposerMode | undefined;
  /** Keys of conversations with something new in them. */
  readonly unread: ReadonlySet<string>;
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
  /** The message whose path the timeline shows; absent: it shows everything. */
  readonly traced: Traced | undefined;
  /** Whether the stream of events is there. */
  readonly isLive: boolean;
}

/** What belongs to one person on one platform, before anything of it was loaded. */
export const nothingLoaded = {
  conversations: [],
  current: undefined,
  members: [],
  messages: [],
  hasOlder: false,
  isLoading: true,
  mode: undefined,
  unread: new Set<string>(),
} as const;

/** Holds the state and tells the views when it has changed: once a frame, however much has happened since the last one. */
export class Store {
  #state: State;
  #frame: number | undefined;
  readonly #views = new Set<(state: State) => void>();

  constructor(platform: ChatPlatform) {
    this.#state = {
      ...nothingLoaded,
      platform,
      me: platform.people[0],
      timeline: [],
      traced: undefined,
      isLive: true,
    };
  }

  get state(): State {
    return this.#state;
  }

  change(changes: Partial<State>): void {
    this.#state = { ...this.#state, ...changes };
    // A page that is not looked at gets no frames, and need not be drawn.
    this.#frame ??= requestAnimationFrame(() => this.tell());
  }

  /** Tells the views at once: what a key did has to be there before the next key. */
  tell(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    for (const view of this.#views) view(this.#state);
  }

  /** @param until When the view is gone; never, by default. */
  addView(view: (state: State) => void, until?: AbortSignal): void {
    this.#views.add(view);
    until?.addEventListener("abort", () => this.#views.delete(view));
  }
}
