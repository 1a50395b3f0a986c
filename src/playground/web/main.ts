import { readAddress } from "./address";
import { Chat } from "./chat";
import { Composer } from "./composer";
import { createConversationsView } from "./conversations-view";
import { openMembersDialog, openRoomDialog, openStartOverDialog } from "./dialogs";
import { byId } from "./dom";
import { followEvents } from "./events";
import { openFaultsDialog } from "./faults/dialog";
import { createHeaderView } from "./header-view";
import { intercomPlatform } from "./intercom/platform";
import { createLayout, type Layout } from "./layout";
import { Live } from "./live";
import type { ChatMessage } from "./message";
import { MessagesView } from "./messages-view";
import { createPeopleView } from "./people-view";
import { createPlatformTabs } from "./platform-tabs";
import { loadSession } from "./session";
import { spikaPlatform } from "./spika/platform";
import { startOver } from "./start-over";
import { type State, Store, toEdit } from "./state";
import { toCurl } from "./timeline/curl";
import { sendAgain } from "./timeline/send-again";
import { createTimelineView } from "./timeline/view";
import { createToasts } from "./toasts";
import { webexPlatform } from "./webex/platform";
import type { Session } from "./wire";

const report = createToasts(byId("toasts"));
/** Starts something and tells when it went wrong. */
const run = (work: Promise<unknown>): void => void work.catch(report);

/** Puts the page together: the state in the middle, views that draw it, and the stream that moves it on. */
async function start(): Promise<void> {
  const session = await loadSession();
  const webex = webexPlatform(session);
  const platforms = [webex, spikaPlatform(session), intercomPlatform(session)];
  const store = new Store(webex);
  const chat = new Chat(store, platforms);
  const layout = createLayout();
  byId("to-cards").hidden = !session.hasCards;
  store.addView(
    createPlatformTabs(byId("platforms"), platforms, (platform) => run(chat.changePlatform(platform))),
  );
  addViews(store, chat, layout);
  addDialogs(store, chat, session);

  addEventListener("hashchange", () => run(chat.goTo(readAddress())));
  run(chat.goTo(readAddress()));

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
  await Promise.all([chat.refreshConversations(), chat.reload()]);
  store.change({ isLive: true });
}

function addViews(store: Store, chat: Chat, { showChat, showTimeline }: Layout): void {
  store.addView(createPeopleView(byId("people"), (person) => run(chat.become(person))));
  store.addView(
    createConversationsView((conversation) => {
      showChat();
      run(chat.open(conversation));
    }),
  );
  store.addView(createHeaderView());
  const conversation = new MessagesView(byId("log"), {
    reply: (message) => chat.setMode({ kind: "reply", to: answeredBy(message, store.state) }),
    edit: (message) => chat.setMode(toEdit(message)),
    remove: (message) => run(chat.deleteMessage(message)),
    trace: ({ id, text }) => {
      showTimeline();
      store.change({ traced: { id, text: text.slice(0, 80) } });
    },
    submit: (message, inputs) => chat.submitCard(message, inputs),
    choose: async (choice) => {
      composer.focus();
      const pressed = chat.choose(choice);
      run(pressed);
      await pressed;
    },
    file: (file) => chat.file(file),
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
  store.addView(
    createTimelineView({
      again: (delivery, isForged) => run(sendAgain(delivery, isForged)),
      copyAsCurl: (delivery) => run(navigator.clipboard.writeText(toCurl(delivery))),
      showAll: () => store.change({ traced: undefined }),
    }),
  );
}

function addDialogs(store: Store, chat: Chat, session: Session): void {
  byId("new-room").addEventListener("click", () =>
    openRoomDialog(store.state, session, {
      create: (title, emails) => chat.createRoom(title, emails),
      report,
    }),
  );
  byId("open-faults").addEventListener("click", () =>
    openFaultsDialog({ report, follow: (view, until) => store.addView(view, until) }),
  );
  byId("start-over").addEventListener("click", () => openStartOverDialog({ startOver, report }));
  byId("open-members").addEventListener("click", () =>
    openMembersDialog(store.state, session, {
      add: (key, email) => chat.addMember(key, email),
      remove: (id) => chat.removeMember(id),
      report,
      follow: (view, until) => store.addView(view, until),
    }),
  );
}

/** Threads are flat: who answers a reply answers the message that began it. */
function answeredBy(message: ChatMessage, { messages }: State): ChatMessage {
  return messages.find(({ id }) => id === message.parentId) ?? message;
}

run(start());
