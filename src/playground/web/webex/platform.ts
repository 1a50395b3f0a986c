import type { ChatClient, ChatPlatform, Happening } from "../chat-platform";
import type { Conversation, Member, Person } from "../conversation";
import type { JsonObject } from "../json";
import type { ChatMessage } from "../message";
import type { Persona, Session } from "../wire";
import { WebexApi } from "./api";
import { toConversations } from "./conversations";
import { toMarkdown } from "./mention-markup";
import { toChatMessage } from "./messages";
import { type Message, parseMessage } from "./wire";

/** Webex, over its API. */
export function webexPlatform(session: Session): ChatPlatform {
  const [first, ...others] = session.people;
  return {
    name: "webex",
    title: "Webex",
    listName: "Rooms",
    botName: session.bot.displayName,
    people: [toPerson(first), ...others.map(toPerson)],
    can: { reply: "thread", mention: true, attach: true, markdown: true, administrate: true },
    testFile: ({ key }) => `api/export?roomId=${encodeURIComponent(key)}`,
    play: (person) => playWebex(session, session.people.find(({ id }) => id === person.id) ?? first),
  };
}

function toPerson({ id, email, displayName }: Persona): Person {
  return { id, key: email, name: displayName };
}

function playWebex(session: Session, me: Persona): ChatClient {
  const api = new WebexApi(session.apiBase, me);
  const others = [session.bot, ...session.people.filter(({ id }) => id !== me.id)];
  const shown = (message: Message): ChatMessage => toChatMessage(message, me.id, session);
  const members = async ({ key }: Conversation): Promise<Member[]> =>
    (await api.members(key)).map(({ id, personId, personDisplayName, personEmail }) => ({
      ...{ id, personId },
      name: personDisplayName,
      email: personEmail,
    }));
  const withMentions = async (typed: string, where: Conversation): Promise<string> => {
    const people = typed.includes("@") && where.exists ? await members(where) : [];
    return toMarkdown(
      typed,
      people.map(({ personId, name }) => ({ id: personId, name })),
    );
  };
  return {
    conversations: async () => toConversations(await api.rooms(), others),
    members,
    async messages({ key }, before) {
      const { messages, hasOlder } = await api.messages(key, before?.id);
      return { messages: messages.map(shown), hasOlder };
    },
    async send(to, { typed, file, replyTo }) {
      const target = to.exists ? { roomId: to.key } : { toPersonEmail: to.key };
      const thread = replyTo === undefined ? {} : { parentId: replyTo.id };
      const markdown = await withMentions(typed, to);
      const message = await api.send({ ...target, ...thread }, { markdown, file });
      return { key: message.roomId, message: shown(message) };
    },
    file: ({ url }) => api.file(url),
    read,
    edits: {
      save: async (where, { id }, typed) =>
        shown(await api.edit({ id, roomId: where.key }, await withMentions(typed, where))),
      remove: ({ id }) => api.deleteMessage(id),
    },
    submitCard: ({ id }, inputs) => api.submit(id, inputs),
    administration: {
      async createRoom(title, emails) {
        const { id } = await api.createRoom(title);
        for (const email of emails) await api.addMember(id, email);
        return id;
      },
      addMember: (key, email) => api.addMember(key, email),
      removeMember: (id) => api.removeMember(id),
    },
  };

  function read(name: string, data: JsonObject): readonly Happening[] {
    switch (name) {
      case "message.created":
      case "message.updated": {
        const message = parseMessage(data.get("message"));
        const isNew = name === "message.created";
        return [{ kind: "message", key: message.roomId, message: shown(message), isNew }];
      }
      case "message.deleted":
        return [{ kind: "gone", id: data.string("id") }];
      default:
        return /^(?:room|membership)\./.test(name) ? [{ kind: "conversations" }] : [];
    }
  }
}
