import type { ChatClient, ChatPlatform, Happening } from "../chat-platform";
import type { Conversation, Person } from "../conversation";
import { call, getJson, postJson } from "../http";
import { JsonObject } from "../json";
import type { Played, Session } from "../wire";
import { toChatMessage, toText } from "./messages";
import { type IntercomConversation, parseConversation } from "./wire";

/** Intercom as the people who ask see it, over the playground's own routes. */
export function intercomPlatform({ bot, intercom }: Session): ChatPlatform {
  const [first, ...others] = intercom.people;
  const toPerson = ({ id, name }: Played): Person => ({ key: id, id, name });
  const admin = { id: intercom.adminId, name: bot.displayName };
  const assignees = new Map([...intercom.assignees, admin].map(({ id, name }) => [id, name]));
  return {
    name: "intercom",
    title: "Intercom",
    listName: "Conversations",
    botName: admin.name,
    people: [toPerson(first), ...others.map(toPerson)],
    can: {},
    play: (person) => playIntercom(person, assignees),
  };
}

const newConversation: Conversation = {
  ...{ key: "new", kind: "new", title: "New conversation", note: "begins with your first message" },
  exists: false,
};

/** @param assignees names of teammates and teams, by id */
function playIntercom(me: Person, assignees: ReadonlyMap<string, string>): ChatClient {
  return {
    async conversations() {
      const query = new URLSearchParams({ contactId: me.id });
      const list = new JsonObject("list", await getJson(`api/intercom/conversations?${query}`));
      const begun = list.list("items", parseConversation);
      return [newConversation, ...begun.map((conversation) => toConversation(conversation, assignees))];
    },
    members: async () => [],
    async messages({ key }) {
      const path = `api/intercom/conversations/${encodeURIComponent(key)}`;
      const { source, parts } = parseConversation(await getJson(path));
      return { messages: [source, ...parts].map((part) => toChatMessage(part, me.id)), hasOlder: false };
    },
    async send({ key, exists }, { typed }) {
      const where = exists ? { conversationId: key } : {};
      const said = await postJson("api/intercom/messages", { who: me.name, text: typed, ...where });
      return { key: new JsonObject("message", said).string("conversationId") };
    },
    async file({ url, name = "file", type = "" }) {
      const bytes = await (await call(new URL(url).pathname)).blob();
      // The address is for anybody, so it does not tell a browser what it could run.
      return { name, bytes: new Blob([bytes], { type }) };
    },
    async choose({ key }, { id }) {
      await postJson("api/intercom/presses", { who: me.name, conversationId: key, optionId: id });
    },
    read(name, data): readonly Happening[] {
      if (name !== "intercom.part") return [];
      const { id: key, contactIds, source, parts } = parseConversation(data.get("conversation"));
      if (!contactIds.includes(me.id)) return [];
      const news = parts.length === 0 ? [source] : parts;
      return [
        ...news.map((part) => {
          return { kind: "message", key, message: toChatMessage(part, me.id), isNew: true } as const;
        }),
        { kind: "conversations" },
      ];
    },
  };
}

function toConversation(
  { id, state, assigneeId, teamId, snoozedUntil, source }: IntercomConversation,
  names: ReadonlyMap<string, string>,
): Conversation {
  const until = snoozedUntil === undefined ? "" : ` until ${new Date(snoozedUntil * 1_000).toLocaleString()}`;
  const ids = [...(assigneeId === 0 ? [] : [String(assigneeId)]), ...(teamId === undefined ? [] : [teamId])];
  const assignees = ids.map((assignee) => names.get(assignee) ?? `number ${assignee}`).join(", ");
  const conversation: Conversation = {
    ...{ key: id, kind: "support", title: toText(source.body), exists: true },
    note: assignees === "" ? state + until : `${state}${until}, assigned to ${assignees}`,
  };
  return state === "open" ? conversation : { ...conversation, badge: state };
}
