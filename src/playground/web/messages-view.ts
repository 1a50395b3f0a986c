import { h, setChildren } from "./dom";
import { isEditable } from "./editing";
import { drawEmptyConversation } from "./empty-conversation";
import { icon } from "./icons";
import { drawMessage, type MessageActions } from "./message-view";
import { roomIdOf, type State } from "./state";
import { goesOn, type Thread, toThreads } from "./threads";
import type { Message } from "./wire";

const nearEndPx = 60;

/** What the conversation asks for. */
export interface ConversationActions extends MessageActions {
  loadOlder(): void;
  say(text: string): void;
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
  readonly #messages = new Map<string, { message: Message; name: string; element: HTMLElement }>();
  readonly #threads = new Map<string, DrawnThread>();
  /** Whose view of which room is drawn. */
  #shown = "";
  #lastId: string | undefined;
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
    this.#startOver(`${state.me.id} ${roomIdOf(state.current) ?? state.current?.title}`);
    const fromEnd = this.#log.scrollHeight - this.#log.scrollTop;
    const first = this.#list.querySelector(".thread");
    const last = state.messages.at(-1);
    // Who writes wants to see what they wrote.
    if (last?.id !== this.#lastId && last?.personId === state.me.id) this.#isAtEnd = true;
    this.#lastId = last?.id;
    const threads = toThreads(state.messages);
    const elements = threads.map((thread, index) => this.#drawThread(thread, threads[index - 1], state));
    // The stream may be faster than the room's messages, and tells of ones that are further back than these will be.
    if (state.isLoading) setChildren(this.#list, []);
    else if (elements.length > 0)
      setChildren(this.#list, state.hasOlder ? [this.#older, ...elements] : elements);
    else setChildren(this.#list, [drawEmptyConversation(state, this.#actions.say)]);
    this.#forgetAllBut(new Set(state.messages.map(({ id }) => id)));
    // What was added above must not move what one is reading.
    if (first !== this.#list.querySelector(".thread")) this.#log.scrollTop = this.#log.scrollHeight - fromEnd;
    this.#scrollToEnd();
  }

  #drawThread(thread: Thread, previous: Thread | undefined, state: State): HTMLElement {
    const { root, replies } = thread;
    const drawn = this.#threads.get(root.id) ?? this.#makeThread(root);
    this.#threads.set(root.id, drawn);
    const element = this.#drawMessage(root, state);
    element.classList.toggle("message-follows", goesOn(thread, previous));
    setChildren(drawn.element, replies.length > 0 ? [element, drawn.replies] : [element]);
    setChildren(drawn.replies, [...replies.map((reply) => this.#drawMessage(reply, state)), drawn.answer]);
    return drawn.element;
  }

  #makeThread(root: Message): DrawnThread {
    const onclick = () => this.#actions.reply(root);
    return {
      element: h("div", { class: "thread" }),
      replies: h("div", { class: "replies" }),
      answer: h("button", { type: "button", class: "reply", onclick }, icon("reply"), "Reply in thread"),
    };
  }

  #drawMessage(message: Message, state: State): HTMLElement {
    const name = nameOf(message, state);
    const before = this.#messages.get(message.id);
    if (before?.message === message && before.name === name) return before.element;
    const author = {
      name,
      isBot: message.personId === state.session.bot.id || message.personEmail.endsWith("@webex.bot"),
      isMe: message.personId === state.me.id,
      canEdit: isEditable(message, state.me.id),
    };
    const element = drawMessage(message, author, this.#actions);
    this.#messages.set(message.id, { message, name, element });
    return element;
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

function nameOf({ personId, personEmail }: Message, { members, session, me }: State): string {
  const known = [me, session.bot, ...session.people].find(({ id }) => id === personId)?.displayName;
  return known ?? members.find((member) => member.personId === personId)?.personDisplayName ?? personEmail;
}
