import type { Router } from "express";
import type { GuardedApi } from "../auth/auth";
import type { Faults } from "../faults/faults";
import { fieldsOf, listOf } from "../read-fields";
import type { Later } from "../scheduler";
import { Bell, BOT_WAIT_MS } from "../signal";
import type { Timeline } from "../timeline";
import type { Courier } from "../webhooks/delivery-queue";
import { intercomApi, intercomGuard } from "./api";
import { notify } from "./notifications";
import { quickRepliesOf, type ShownConversation, shown } from "./shown";
import {
  type Attachment,
  type Contact,
  type Conversation,
  type IntercomState,
  movedTo,
  type Named,
  type Part,
  type Subscription,
  Workspace,
} from "./workspace";

/** An Intercom workspace with three people who ask, and an admin who is the bot. */
export interface IntercomPlayground {
  /** Path of the API below `app`. */
  readonly path: "/intercom";
  readonly token: string;
  readonly clientSecret: string;
  readonly adminId: string;
  /** Teammates and teams that a conversation can be assigned to. */
  readonly assignees: readonly Named[];
  /** Bodies in notifications: HTML before version 2.15 of the API, text from then on. @default "html" */
  bodies: "html" | "text";
  /** Sends all topics to an address from now on. */
  connect(url: string): void;
  /** Who asks: Ada, Grace and Alan. */
  readonly people: readonly Contact[];
  /** Somebody begins a conversation, or goes on in one, which opens it again. @returns its id */
  says(
    who: string,
    text: string,
    conversationId?: string,
  ): { readonly conversationId: string; readonly partId: string };
  /** Somebody presses a quick reply. @throws Error when the conversation offers no such one */
  presses(
    who: string,
    conversationId: string,
    optionId: string,
  ): { readonly conversationId: string; readonly partId: string };
  /** Sends a notification of any topic. */
  notify(topic: string, item: object): Promise<void>;
  conversation(id: string): ShownConversation;
  /** What was sent as bytes, by its address. */
  fileAt(url: string): { readonly name: string; readonly type: string; readonly bytes: Buffer } | undefined;
  /** Somebody's conversations without their parts, the most recently active first. */
  conversationsOf(contactId: string): readonly ShownConversation[];
  /** What the bot has said, oldest first. */
  readonly replies: readonly BotReply[];
  /** The bot's next reply that this has not returned before. @throws Error after `timeoutMs`. @default 30_000 */
  nextReply(timeoutMs?: number): Promise<BotReply>;
}

export interface BotReply {
  readonly conversationId: string;
  readonly id: string;
  readonly type: string;
  /** HTML. */
  readonly body: string | null;
  readonly attachments: readonly Attachment[];
}

const TOPICS: Readonly<Record<string, string>> = {
  comment: "conversation.admin.replied",
  note: "conversation.admin.noted",
  close: "conversation.admin.closed",
  open: "conversation.admin.opened",
  snoozed: "conversation.admin.snoozed",
  assignment: "conversation.admin.assigned",
};

/** The playground, and what the whole one needs of it. */
type IntercomPart = IntercomPlayground & {
  readonly router: Router;
  readonly guard: GuardedApi;
  /** What outlives the process. */
  state(): IntercomState;
  /** Makes it what it was at the start, but for numbers, and what the program has to reach it and be reached. */
  startOver(): void;
};

/** @param kept what an earlier one had; absent: begins anew */
export function createIntercomPlayground(
  parts: {
    /** Where it is reachable, without a slash at the end. */
    readonly url: string;
    readonly courier: Courier;
    readonly later: Later;
    readonly faults: Faults;
    readonly timeline: Timeline;
    readonly now: () => number;
  },
  kept?: IntercomState,
): IntercomPart {
  const workspace = new Workspace(parts.now, kept && movedTo(parts.url, kept));
  const { token, clientSecret } = workspace;
  const people = ["Ada Lovelace", "Grace Hopper", "Alan Turing"].map(
    (name) =>
      [...workspace.contacts.values()].find((contact) => contact.name === name) ??
      workspace.addContact(name, `${name.split(" ")[0]?.toLowerCase()}@example.com`),
  );
  const replies: BotReply[] = repliesIn(workspace);
  const heard = new Bell();
  let target: string | undefined;
  let taken = replies.length;

  const seconds = (): number => Math.floor(parts.now() / 1_000);
  const toHtml = (text: string): string =>
    `<p>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/\n/g, "<br>")}</p>`;
  const bodyOf = (text: string): string => (playground.bodies === "html" ? toHtml(text) : text);

  async function tell(topic: string, item: object): Promise<void> {
    const wanted = [...workspace.subscriptions.values()].filter(
      (subscription) => subscription.active && isWanted(subscription, topic, item),
    );
    const recipients = [...wanted, ...(target === undefined ? [] : [{ url: target, secret: clientSecret }])];
    await Promise.all(recipients.map((to) => notify(parts, to, { appId: workspace.appId, topic, item })));
  }
  function tellOf(conversation: Conversation, topic: string, of: readonly Part[]): void {
    const item = shown(workspace, conversation, of);
    parts.timeline.add("intercom.part", { conversation: item });
    void tell(topic, item);
  }
  function begin(contact: Contact, text: string): Conversation {
    const at = seconds();
    const conversation: Conversation = {
      id: workspace.nextId(),
      contact,
      body: bodyOf(text),
      createdAt: at,
      updatedAt: at,
      state: "open",
      assigneeId: "0",
      parts: [],
    };
    workspace.conversations.set(conversation.id, conversation);
    return conversation;
  }

  function answer(
    contact: Contact,
    conversation: Conversation,
    text: string,
    metadata: Part["metadata"] = {},
  ): { readonly conversationId: string; readonly partId: string } {
    const part: Part = {
      type: "conversation_part",
      id: workspace.nextPartId(),
      part_type: "comment",
      body: bodyOf(text),
      created_at: seconds(),
      author: { type: "user", ...contact },
      attachments: [],
      metadata,
    };
    conversation.parts.push(part);
    conversation.updatedAt = part.created_at;
    conversation.state = "open";
    conversation.snoozedUntil = undefined;
    tellOf(conversation, "conversation.user.replied", [part]);
    return { conversationId: conversation.id, partId: part.id };
  }
  function contactNamed(who: string): Contact {
    const contact = people.find(({ name }) => name.toLowerCase().startsWith(who.toLowerCase()));
    if (contact === undefined) throw new Error(`playground: nobody in Intercom is called "${who}"`);
    return contact;
  }
  function conversationNumbered(id: string): Conversation {
    const conversation = workspace.conversations.get(id);
    if (conversation === undefined) throw new Error(`playground: there is no conversation ${id}`);
    return conversation;
  }

  const router = intercomApi({
    workspace,
    filesUrl: `${parts.url}/attachments`,
    timeline: parts.timeline,
    faults: parts.faults,
    now: parts.now,
    said(conversation, part) {
      replies.push(toReply(conversation, part));
      heard.ring();
      tellOf(conversation, TOPICS[part.part_type] ?? "conversation.admin.replied", [part]);
    },
    tell: (topic, item) => void tell(topic, item),
    ping: (to) =>
      void notify(parts, to, {
        appId: workspace.appId,
        topic: "ping",
        item: { type: "ping", message: "something something interzen" },
      }),
  });

  const playground: IntercomPart = {
    router,
    guard: intercomGuard(workspace),
    state: () => workspace.state(parts.url),
    startOver() {
      workspace.conversations.clear();
      workspace.contacts.clear();
      for (const contact of people) workspace.contacts.set(contact.id, contact);
      workspace.tags.clear();
      workspace.files.clear();
      replies.length = 0;
      taken = 0;
    },
    path: "/intercom",
    token,
    clientSecret,
    adminId: workspace.admin.id,
    assignees: [...workspace.teammates, ...workspace.teams].map(({ id, name }) => ({ id, name })),
    bodies: "html",
    people,
    replies,
    connect(url) {
      target = url;
    },
    says(who, text, conversationId) {
      const contact = contactNamed(who);
      if (conversationId === undefined) {
        const conversation = begin(contact, text);
        tellOf(conversation, "conversation.user.created", []);
        return { conversationId: conversation.id, partId: "source" };
      }
      return answer(contact, conversationNumbered(conversationId), text);
    },
    presses(who, conversationId, optionId) {
      const conversation = conversationNumbered(conversationId);
      const offered = conversation.parts.flatMap(quickRepliesOf);
      const option = offered.find(({ uuid }) => uuid === optionId);
      if (option === undefined)
        throw new Error(`playground: conversation ${conversationId} offers no quick reply ${optionId}`);
      return answer(contactNamed(who), conversation, option.text, {
        quick_reply_option_uuid: optionId,
      });
    },
    notify: tell,
    fileAt(url) {
      const file = [...workspace.files.values()].find(({ id }) => url.includes(`/${id}/`));
      return file && { name: file.name, type: file.contentType, bytes: file.bytes };
    },
    conversation(id) {
      const conversation = conversationNumbered(id);
      return shown(workspace, conversation, conversation.parts);
    },
    conversationsOf: (contactId) =>
      [...workspace.conversations.values()]
        .filter(({ contact }) => contact.id === contactId)
        .sort((a, b) => b.updatedAt - a.updatedAt || Number(b.id) - Number(a.id))
        .map((conversation) => shown(workspace, conversation, [])),
    nextReply: (timeoutMs = BOT_WAIT_MS) =>
      heard.until(
        () => (taken < replies.length ? replies[taken++] : undefined),
        timeoutMs,
        () => new Error(`playground: no reply in Intercom in ${timeoutMs} ms`),
      ),
  };
  return playground;
}

/** Whether a subscription is about a topic: by its name, by its kind, such as `conversation`, or by `all`. */
function isWanted({ topics, metadata }: Subscription, topic: string, item: object): boolean {
  const kind = topic.split(".", 1)[0] ?? topic;
  if (![topic, kind, `${kind}s`, "all"].some((name) => topics.includes(name))) return false;
  // Events have no "all of them": each has to be named.
  return topic !== "event.created" || listOf(metadata.event_names).includes(fieldsOf(item).event_name);
}

/** What the bot has said already, oldest first. */
function repliesIn(workspace: Workspace): BotReply[] {
  return [...workspace.conversations.values()]
    .flatMap((conversation) =>
      conversation.parts
        .filter(({ author }) => author.type === "admin")
        .map((part) => toReply(conversation, part)),
    )
    .sort((one, other) => Number(one.id) - Number(other.id));
}

function toReply({ id: conversationId }: Conversation, part: Part): BotReply {
  const { id, part_type: type, body, attachments } = part;
  return { conversationId, id, type, body, attachments };
}
