import { h, setChildren } from "./dom";
import { drawEmptyConversation } from "./empty-conversation";
import { icon } from "./icons";
import type { ChatMessage } from "./message";
import { type Circumstances, drawMessage, type MessageActions } from "./message-view";
import type { State } from "./state";
import { goesOn, type Thread, toThreads } from "./threads";

const nearEndPx = 60;
/** What of the state the conversation is drawn from. */
const SHOWN = ["platform", "me", "current", "members", "messages", "hasOlder", "isLoading"] as const;

/** What the conversation asks for. */
export interface ConversationActions extends MessageActions {
  loadOlder(): void;
  say(text: string): void;
}

interface DrawnMessage {
  readonly message: ChatMessage;
  readonly circumstances: Circumstances;
  readonly element: HTMLElement;
}

interface DrawnThread {
  readonly element: HTMLElement;
  readonly replies: HTMLElement;
  readonly answer: HTMLElement;
}

/**
 * The conversation: threads in order, each with its replies indented below. What has not changed is not drawn
 * again, so that a card keeps what was filled in. Stays at the end unless one reads further up.
 */
export class MessagesView {
  readonly #log: HTMLElement;
  readonly #actions: ConversationActions;
  readonly #list = h("div", { class: "messages" });
  readonly #older: HTMLElement;
  readonly #messages = new Map<string, DrawnMessage>();
  readonly #threads = new Map<string, DrawnThread>();
  /** Whose view of which conversation is drawn. */
  #shown = "";
  #lastId: string | undefined;
  #drawn: State | undefined;
  #isAtEnd = true;

  constructor(log: HTMLElement, actions: ConversationActions) {
    this.#log = log;
    this.#actions = actions;
    const onclick = () => actions.loadOlder();
    this.#older = h("button", { type: "button", class: "quiet older", onclick }, "Load older messages");
    log.append(this.#list);
    log.addEventListener("scroll", () => {
      this.#isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < nearEndPx;
    });
    // Cards and pictures grow after they were drawn, and the composer takes room.
    const keepEnd = new ResizeObserver(() => this.#scrollToEnd());
    keepEnd.observe(this.#list);
    keepEnd.observe(log);
  }

  /** Draws what is new or has changed. */
  render(state: State): void {
    if (SHOWN.every((name) => state[name] === this.#drawn?.[name])) return;
    this.#drawn = state;
    this.#startOver(`${state.platform.name} ${state.me.key} ${state.current?.key}`);
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    const first = this.#list.querySelector(".thread");
    const last = state.messages.at(-1);
    // Who writes wants to see what they wrote.
    if (last?.id !== this.#lastId && last?.author.isMe === true) this.#isAtEnd = true;
    this.#lastId = last?.id;
    const threads = toThreads(state.messages);
    const draw = this.#drawerOf(state);
    const elements = threads.map((thread, index) => this.#drawThread(thread, threads[index - 1], draw));
    // The stream may be faster than the conversation's messages, and tells of ones that are further back than these will be.
    if (state.isLoading) setChildren(this.#list, []);
    else if (elements.length > 0)
      setChildren(this.#list, state.hasOlder ? [this.#older, ...elements] : elements);
    else setChildren(this.#list, [drawEmptyConversation(state, this.#actions.say)]);
    this.#forgetAllBut(new Set(state.messages.map(({ id }) => id)));
    // What was added above must not move what one is reading.
    if (first !== this.#list.querySelector(".thread")) this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
    this.#scrollToEnd();
  }

  #drawThread(
    thread: Thread,
    previous: Thread | undefined,
    draw: (message: ChatMessage) => HTMLElement,
  ): HTMLElement {
    const { root, replies } = thread;
    const drawn = this.#threads.get(root.id) ?? this.#makeThread(root);
    this.#threads.set(root.id, drawn);
    const element = draw(root);
    element.classList.toggle("message-follows", goesOn(thread, previous));
    if (replies.length > 0) setChildren(drawn.replies, [...replies.map(draw), drawn.answer]);
    setChildren(drawn.element, replies.length > 0 ? [element, drawn.replies] : [element]);
    return drawn.element;
  }

  #makeThread(root: ChatMessage): DrawnThread {
    const onclick = () => this.#actions.reply(root);
    return {
      element: h("div", { class: "thread" }),
      replies: h("div", { class: "replies" }),
      answer: h("button", { type: "button", class: "reply", onclick }, icon("reply"), "Reply in thread"),
    };
  }

  /** Draws messages as they are now, and hands out what is drawn already where nothing has changed. */
  #drawerOf({ messages, members, platform }: State): (message: ChatMessage) => HTMLElement {
    const names = new Map(members.map(({ personId, name }) => [personId, name]));
    const chosen = new Set(messages.map(({ chosenId }) => chosenId));
    const { reply } = platform.can;
    const replyLabel = reply && { thread: "Reply in thread", quote: "Quote" }[reply];
    return (message) => {
      const circumstances: Circumstances = {
        authorName: names.get(message.author.id) ?? message.author.name,
        replyLabel,
        chosenId: message.choices?.find(({ id }) => chosen.has(id))?.id,
      };
      const before = this.#messages.get(message.id);
      if (before?.message === message && isSame(before.circumstances, circumstances)) return before.element;
      const element = drawMessage(message, circumstances, this.#actions);
      this.#messages.set(message.id, { message, circumstances, element });
      return element;
    };
  }

  /** For another person the same message is another one: theirs, or not. */
  #startOver(shown: string): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#forgetAllBut(new Set());
    this.#isAtEnd = true;
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const drawn of [this.#messages, this.#threads])
      for (const id of drawn.keys()) if (!ids.has(id)) drawn.delete(id);
  }

  #scrollToEnd(): void {
    if (this.#isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function isSame(a: Circumstances, b: Circumstances): boolean {
  return a.authorName === b.authorName && a.replyLabel === b.replyLabel && a.chosenId === b.chosenId;
}
