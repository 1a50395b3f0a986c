import type { ChatClient, ChatPlatform, Happening } from "../chat-platform";
import type { Conversation, Person } from "../conversation";
import { call, getJson, postJson } from "../http";
import { JsonObject } from "../json";
import type { ChatMessage } from "../message";
import type { Played, Session } from "../wire";
import { toChatMessage } from "./messages";
import { upload } from "./upload";
import { parseMessage, parseRoom, type SpikaMessage, type SpikaRoom, type SpikaUser } from "./wire";

const apiBase = "spika/api";
const pageSize = 100;

/** Spika, over the playground's own routes; files over its API, which asks nobody who they are. */
export function spikaPlatform({ bot, spika }: Session): ChatPlatform {
  const [first, ...others] = spika.people;
  const toPerson = ({ id, name }: Played): Person => ({ key: id, id, name });
  return {
    name: "spika",
    title: "Spika",
    listName: "Rooms",
    botName: bot.displayName,
    people: [toPerson(first), ...others.map(toPerson)],
    can: { reply: "quote", attach: true },
    play: playSpika,
  };
}

function playSpika(me: Person): ChatClient {
  const myId = Number(me.id);
  const users = new Map<number, SpikaUser>();
  const shown = (message: SpikaMessage): ChatMessage => toChatMessage(message, myId, users);
  const rooms = async (): Promise<readonly SpikaRoom[]> => {
    const all = new JsonObject("list", await getJson("api/spika/rooms")).list("items", parseRoom);
    for (const user of all.flatMap(({ members }) => members)) users.set(user.id, user);
    return all.filter(({ members }) => members.some(({ id }) => id === myId));
  };
  return {
    conversations: async () =>
      (await rooms())
        .map((room) => toConversation(room, myId))
        .sort((a, b) => Number(b.kind === "bot") - Number(a.kind === "bot")),
    async members({ key }) {
      const room = (await rooms()).find(({ id }) => String(id) === key);
      return (room?.members ?? []).map(({ id, name }) => ({
        ...{ id: String(id), personId: String(id), name },
        email: "",
      }));
    },
    async messages({ key }, before) {
      const query = { roomId: key, max: String(pageSize), ...(before && { before: before.id }) };
      const page = new JsonObject("list", await getJson(`api/spika/messages?${new URLSearchParams(query)}`));
      const messages = page.list("items", parseMessage).map(shown);
      return { messages, hasOlder: page.get("hasOlder") === true };
    },
    async send({ key }, { typed, file, replyTo }) {
      const said = { who: me.name, text: typed, roomId: Number(key) };
      const quote = replyTo === undefined ? {} : { replyId: Number(replyTo.id) };
      const kept = file && (await upload(apiBase, file));
      const content = kept === undefined ? {} : { fileId: kept.id, type: kindOf(kept.type) };
      const answer = await postJson("api/spika/messages", { ...said, ...quote, ...content });
      return { key, message: shown(parseMessage(answer)) };
    },
    async file({ url, name = "file", type = "" }) {
      const bytes = await (await call(`${apiBase}/upload/files/${encodeURIComponent(url)}`)).blob();
      // The server does not tell the type with the bytes.
      return { name, bytes: new Blob([bytes], { type }) };
    },
    read(name, data): readonly Happening[] {
      if (name !== "spika.message") return [];
      const message = parseMessage(data.get("message"));
      return [{ kind: "message", key: String(message.roomId), message: shown(message), isNew: true }];
    },
  };
}

function toConversation({ id, name, isPrivate, members }: SpikaRoom, myId: number): Conversation {
  const key = String(id);
  if (!isPrivate) return { key, kind: "group", title: name, note: "group room", exists: true };
  const other = members.find((member) => member.id !== myId);
  const title = other?.name ?? "Private room";
  return other?.isBot === true
    ? { key, kind: "bot", title, note: "your bot", exists: true }
    : { key, kind: "person", title, note: "private room", exists: true };
}

/** Pictures are shown by themselves, all else as a file. */
function kindOf(mimeType: string): string {
  return mimeType.startsWith("image/") ? "image" : "file";
}
