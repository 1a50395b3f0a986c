import { h, setChildren } from "./dom";
import { isEditable } from "./editing";
import { icon } from "./icons";
import { drawMessage, type MessageActions } from "./message-view";
import type { State } from "./state";
import type { Message } from "./wire";

const groupedMs = 5 * 60_000;
const nearEndPx = 60;

/** One message that begins a thread, or stands alone, and the replies to it. */
interface Thread {
  readonly root: Message;
  readonly replies: readonly Message[];
}

/** The conversation: threads in order, each with its replies indented below. Stays at the end unless one reads further up. */
export function createMessagesView(
  log: HTMLElement,
  actions: MessageActions & { loadOlder(): void; say(text: string): void },
): (state: State) => void {
  const drawn = new Map<string, { message: Message; name: string; element: HTMLElement }>();
  const threads = new Map<string, { element: HTMLElement; replies: HTMLElement; answer: HTMLElement }>();
  const list = h("div", { class: "messages" });
  const older = h(
    "button",
    { type: "button", class: "quiet older", onclick: actions.loadOlder },
    "Load older messages",
  );
  log.append(list);
  let shownFor = "";
  let isAtEnd = true;
  let lastId: string | undefined;

  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < nearEndPx;
  });
  // Cards and pictures grow after they were drawn, and the composer takes room.
  const keepEnd = new ResizeObserver(() => {
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  });
  keepEnd.observe(list);
  keepEnd.observe(log);

  const draw = (message: Message, state: State): HTMLElement => {
    const name = nameOf(message, state);
    const before = drawn.get(message.id);
    if (before?.message === message && before.name === name) return before.element;
    const author = {
      name,
      isBot: message.personId === state.session.bot.id || message.personEmail.endsWith("@webex.bot"),
      isMe: message.personId === state.me.id,
      canEdit: isEditable(message, state.me.id),
    };
    const element = drawMessage(message, author, actions);
    drawn.set(message.id, { message, name, element });
    return element;
  };

  const drawThread = (
    { root, replies }: Thread,
    state: State,
    previous: Message | undefined,
  ): HTMLElement => {
    let thread = threads.get(root.id);
    if (thread === undefined) {
      const onclick = () => actions.reply(root);
      const answer = h(
        "button",
        { type: "button", class: "reply", onclick },
        icon("reply"),
        "Reply in thread",
      );
      thread = { element: h("div", { class: "thread" }), replies: h("div", { class: "replies" }), answer };
      threads.set(root.id, thread);
    }
    const element = draw(root, state);
    element.classList.toggle("message-follows", follows(root, previous));
    setChildren(thread.element, replies.length > 0 ? [element, thread.replies] : [element]);
    setChildren(thread.replies, [...replies.map((reply) => draw(reply, state)), thread.answer]);
    return thread.element;
  };

  return (state) => {
    const heightBefore = log.scrollHeight;
    const topBefore = log.scrollTop;
    const firstBefore = list.querySelector(".thread");
    const shown = `${state.me.id} ${state.current === undefined ? "" : state.current.title} ${roomOf(state)}`;
    if (shown !== shownFor) {
      drawn.clear();
      threads.clear();
      isAtEnd = true;
      shownFor = shown;
    }
    const last = state.messages.at(-1);
    if (last?.id !== lastId && last?.personId === state.me.id) isAtEnd = true;
    lastId = last?.id;
    const grouped = toThreads(state.messages);
    const nodes = grouped.map((thread, index) => {
      const previous = grouped[index - 1];
      return drawThread(thread, state, previous?.replies.length === 0 ? previous.root : undefined);
    });
    if (nodes.length === 0) setChildren(list, state.isLoading ? [] : [emptyState(state, actions.say)]);
    else setChildren(list, state.hasOlder ? [older, ...nodes] : nodes);
    const kept = new Set(state.messages.map(({ id }) => id));
    for (const id of drawn.keys()) if (!kept.has(id)) drawn.delete(id);
    for (const id of threads.keys()) if (!kept.has(id)) threads.delete(id);
    if (isAtEnd) log.scrollTop = log.scrollHeight;
    else if (firstBefore !== list.querySelector(".thread"))
      log.scrollTop = topBefore + log.scrollHeight - heightBefore;
  };
}

/** Replies go below the message they answer; those to a message that is not here stand alone. */
function toThreads(messages: readonly Message[]): Thread[] {
  const threads = new Map<string, { root: Message; replies: Message[] }>();
  for (const message of messages) {
    const thread = message.parentId === undefined ? undefined : threads.get(message.parentId);
    if (thread === undefined) threads.set(message.id, { root: message, replies: [] });
    else thread.replies.push(message);
  }
  return [...threads.values()];
}

/** Whether a message goes on where its author's last one ended, so that the name need not stand there again. */
function follows(message: Message, previous: Message | undefined): boolean {
  return (
    previous?.personId === message.personId &&
    Date.parse(message.created) - Date.parse(previous.created) < groupedMs
  );
}

function nameOf({ personId, personEmail }: Message, { members, session, me }: State): string {
  const known = [me, session.bot, ...session.people].find(({ id }) => id === personId)?.displayName;
  return known ?? members.find((member) => member.personId === personId)?.personDisplayName ?? personEmail;
}

function roomOf({ current }: State): string {
  return current?.kind === "room" ? current.room.id : "";
}

function emptyState(state: State, say: (text: string) => void): HTMLElement {
  const bot = state.session.bot.displayName;
  const { current } = state;
  const isGroup = current?.kind === "room" && current.room.type === "group";
  const isWithBot = !isGroup && current?.title === bot;
  if (isGroup)
    return h(
      "div",
      { class: "empty" },
      h("p", { class: "empty-title" }, `Nobody has written in ${current.title} yet`),
      h(
        "p",
        {},
        "In a group room a bot reads only what mentions it: type ",
        h("kbd", {}, "@"),
        ` and pick ${bot}.`,
      ),
      suggestion(`@${bot} hello`, say),
    );
  if (!isWithBot)
    return h(
      "div",
      { class: "empty" },
      h("p", { class: "empty-title" }, `Write to ${current?.title ?? "somebody"}`),
    );
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, "Write ", h("strong", {}, "hello"), " to the bot"),
    h("p", {}, "It answers as it would in Webex. What happens in between is in the timeline."),
    h(
      "p",
      { class: "suggestions" },
      suggestion("hello", say),
      suggestion("card", say),
      suggestion("help", say),
    ),
  );
}

function suggestion(text: string, say: (text: string) => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: "quiet", "aria-label": `Say ${text}`, onclick: () => say(text) },
    text,
  );
}
