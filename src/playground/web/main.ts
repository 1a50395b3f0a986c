import { readAddress } from "./address";
import { loadSession } from "./api";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { openMembersDialog, openRoomDialog } from "./dialogs";
import { byId } from "./dom";
import { toEdit } from "./editing";
import { followEvents } from "./events";
import { createHeaderView } from "./header-view";
import { createLayout } from "./layout";
import { Live } from "./live";
import { MessagesView } from "./messages-view";
import { createPeopleView } from "./people-view";
import { createRoomsView } from "./rooms-view";
import { keyOf, type State, Store } from "./state";
import { createTimelineView } from "./timeline-view";
import { createToasts } from "./toasts";
import type { Message, Session } from "./wire";

const report = createToasts(byId("toasts"));
/** Starts something and tells when it went wrong. */
const run = (work: Promise<unknown>): void => void work.catch(report);

/** Puts the page together: the state in the middle, views that draw it, and the stream that moves it on. */
async function start(): Promise<void> {
  const session = await loadSession();
  const store = new Store(session);
  const chat = new Chat(store);
  const layout = createLayout();
  byId("to-cards").hidden = !session.hasCards;
  addViews(store, chat, layout.showChat);

  const openAddress = async (): Promise<void> => {
    const { email, key } = readAddress();
    const { me, current, conversations } = store.state;
    const person = session.people.find((one) => one.email === email) ?? me;
    if (person !== me || current === undefined) return await chat.become(person, key);
    const wanted = conversations.find((one) => keyOf(one) === key);
    if (wanted !== undefined && key !== keyOf(current)) await chat.open(wanted);
  };
  addEventListener("hashchange", () => run(openAddress()));
  run(openAddress());

  const live = new Live({ store, chat, report });
  await followEvents("api/events", {
    onEvent: (event) => live.take(event),
    onOpen: () => {
      if (!store.state.isLive) run(catchUp(session, store, chat));
    },
    onLost: () => store.change({ isLive: false }),
  });
}

/** After an interruption. A playground that was started anew has new tokens, and all that is shown is gone. */
async function catchUp(session: Session, store: Store, chat: Chat): Promise<void> {
  const now = await loadSession();
  if (JSON.stringify(now) !== JSON.stringify(session)) {
    location.reload();
    return;
  }
  await Promise.all([chat.refreshRooms(), chat.reload()]);
  store.change({ isLive: true });
}

function addViews(store: Store, chat: Chat, showChat: () => void): void {
  const { session } = store.state;
  store.addView(createPeopleView(byId("people"), session, (person) => run(chat.become(person))));
  store.addView(
    createRoomsView(byId("rooms"), (conversation) => {
      showChat();
      run(chat.open(conversation));
    }),
  );
  store.addView(createHeaderView());
  const conversation = new MessagesView(byId("log"), {
    reply: (message) => chat.setMode({ kind: "reply", root: rootOf(message, store.state) }),
    edit: (message) => chat.setMode(toEdit(message)),
    remove: (message) => run(chat.deleteMessage(message)),
    submit: (message, inputs) => chat.submitCard(message, inputs),
    file: (url) => chat.file(url),
    loadOlder: () => run(chat.loadOlder()),
    say: (text) => run(chat.send(text)),
  });
  store.addView((state) => conversation.render(state));
  const composer = new Composer(byId("composer"), {
    send: (typed, file) => chat.send(typed, file),
    setMode: (mode) => chat.setMode(mode),
    report,
  });
  store.addView((state) => composer.render(state));
  store.addView(createTimelineView(byId("timeline-list"), byId("timeline-empty")));

  byId("new-room").addEventListener("click", () =>
    openRoomDialog(store.state, { create: (title, emails) => chat.createRoom(title, emails), report }),
  );
  byId("open-members").addEventListener("click", () =>
    openMembersDialog(store.state, {
      add: (roomId, email) => chat.addMember(roomId, email),
      remove: (id) => chat.removeMember(id),
      report,
      follow: (view, until) => store.addView(view, until),
    }),
  );
}

/** Threads are flat: who answers a reply answers the message that began it. */
function rootOf(message: Message, state: State): Message {
  return state.messages.find(({ id }) => id === message.parentId) ?? message;
}

run(start());
