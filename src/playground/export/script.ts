import type { AttemptNote, Timeline, TimelineEntry } from "../timeline";
import { idsIn } from "../timeline";
import { submitOf, textsOf } from "../webex/card-text";
import type { AttachmentAction, Content, Membership, Message, Person } from "../webex/records";
import type { Webex } from "../webex/webex";

/** What somebody did in a room, and what bots wrote in answer. */
export interface Scene {
  readonly who: Person;
  readonly act: Act;
  readonly replies: readonly Written[];
}

export type Act =
  | {
      readonly kind: "say";
      /** Id of the message. */
      readonly id: string;
      readonly text: string;
      readonly isMarkdown: boolean;
      readonly isToBot: boolean;
      readonly parentId?: string | undefined;
      readonly file?: Content | undefined;
    }
  | { readonly kind: "edit"; readonly id: string; readonly text: string }
  | { readonly kind: "remove"; readonly id: string }
  | {
      readonly kind: "click";
      /** The card's message. */
      readonly id: string;
      readonly button: string;
      readonly entered: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "join" | "leave"; readonly member: Person };

/** Something that a bot wrote. */
export interface Written {
  readonly id: string;
  readonly text: string;
  /** What can be read on its card; absent where there is none. */
  readonly cardTexts?: readonly string[] | undefined;
}

interface Recorded {
  readonly webex: Webex;
  readonly timeline: Timeline;
  readonly bot: Person;
  readonly since: number;
}

/** What happened in a room, as far back as the timeline goes. */
export function scenesOf({ webex, timeline, bot, since }: Recorded, roomId: string): readonly Scene[] {
  const entries = timeline.since(since);
  const reader = { webex, bot, messages: messagesOf(entries) };
  const answers = answersIn(timeline.all("attempt"));
  const scenes: (Scene & { readonly replies: Written[] })[] = [];
  /** By what bots are told; of a message that is edited twice, the later edit is the one that is answered from then on. */
  const told = new Map<string, Written[]>();
  for (const entry of entries) {
    if (entry.name === "message.created" && isOfBot(webex, entry.data.message)) {
      const { message } = entry.data;
      const events = answers.get(message.id);
      // What a bot of another program writes has no attempt; it comes after what it answers.
      const last = isIn(message, roomId) ? scenes.at(-1)?.replies : undefined;
      const replies = events === undefined ? last : firstOf(told, events);
      replies?.push(toWritten(message));
      continue;
    }
    const scene = toScene(reader, entry, roomId);
    if (scene === undefined) continue;
    const { who, act, event } = scene;
    const replies: Written[] = [];
    scenes.push({ who, act, replies });
    told.set(event, replies);
  }
  return scenes;
}

/** By id of what bots wrote: the events that it may answer, each as {@link toEvent} writes it. */
function answersIn(attempts: readonly AttemptNote[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    attempts.flatMap(({ event, key, steps }) => {
      const events = idsIn(key).map((id) => toEvent(event, id));
      return steps.flatMap((step) =>
        "message" in step && typeof step.message === "string" ? [[step.message, events] as const] : [],
      );
    }),
  );
}

function toEvent(name: string, id: string): string {
  return `${name} ${id}`;
}

function firstOf<Value>(values: ReadonlyMap<string, Value>, keys: readonly string[]): Value | undefined {
  const key = keys.find((one) => values.has(one));
  return key === undefined ? undefined : values.get(key);
}

interface Reader {
  readonly webex: Webex;
  readonly bot: Person;
  /** As they were first, also those that are gone. */
  readonly messages: ReadonlyMap<string, Message>;
}

/** @returns with the event that bots are told, as {@link toEvent} writes it */
function toScene(
  { webex, bot, messages }: Reader,
  entry: TimelineEntry,
  roomId: string,
): { readonly who: Person; readonly act: Act; readonly event: string } | undefined {
  const { people } = webex.store;
  switch (entry.name) {
    case "message.created": {
      const { message } = entry.data;
      const who = people.get(message.personId);
      if (!isIn(message, roomId) || who === undefined) return undefined;
      return { who, act: toSay(webex, message, bot), event: toEvent("messages.created", message.id) };
    }
    case "message.updated": {
      const { message } = entry.data;
      const who = people.get(message.personId);
      if (!isIn(message, roomId) || who === undefined || who.type === "bot") return undefined;
      const act = { kind: "edit", id: message.id, text: message.text ?? "" } as const;
      return { who, act, event: toEvent("messages.updated", message.id) };
    }
    case "message.deleted": {
      const message = messages.get(entry.data.id);
      const who = message && people.get(message.personId);
      if (message === undefined || !isIn(message, roomId) || who === undefined || who.type === "bot")
        return undefined;
      const act = { kind: "remove", id: message.id } as const;
      return { who, act, event: toEvent("messages.deleted", message.id) };
    }
    case "attachmentAction.created":
      return toClick(people, messages, entry.data.action, roomId);
    case "membership.created":
      return toMembership(people, entry.data.membership, roomId, "join");
    case "membership.deleted":
      return toMembership(people, entry.data.membership, roomId, "leave");
    default:
      return undefined;
  }
}

function toSay({ store }: Webex, message: Message, bot: Person): Act {
  const isToBot = message.roomType === "direct" || (message.mentionedPeople?.includes(bot.id) ?? false);
  const isMarkdown = message.html !== undefined && message.mentionedPeople === undefined;
  const mention = new RegExp(`^\\s*(?:${[bot.displayName, bot.firstName].map(escaped).join("|")})\\s*`);
  const plain = (message.text ?? "").replace(message.roomType === "group" && isToBot ? mention : "", "");
  const [url = ""] = message.files ?? [];
  return {
    kind: "say",
    id: message.id,
    text: isMarkdown ? (message.markdown ?? plain) : plain,
    isMarkdown: isMarkdown && message.markdown !== undefined,
    isToBot,
    parentId: message.parentId,
    file: store.contents.get(url.slice(url.lastIndexOf("/") + 1)),
  };
}

function toClick(
  people: ReadonlyMap<string, Person>,
  messages: ReadonlyMap<string, Message>,
  { id, messageId, inputs, personId, roomId: where }: AttachmentAction,
  roomId: string,
): ReturnType<typeof toScene> {
  const who = people.get(personId);
  const submit = submitOf(messages.get(messageId)?.attachments?.[0]?.content, inputs);
  if (where !== roomId || who === undefined || submit === undefined) return undefined;
  const entered = Object.fromEntries(Object.entries(inputs).filter(([name]) => !(name in submit.data)));
  return {
    who,
    act: { kind: "click", id: messageId, button: submit.title, entered },
    event: toEvent("attachmentActions.created", id),
  };
}

function toMembership(
  people: ReadonlyMap<string, Person>,
  { id, personId, roomId: where }: Membership,
  roomId: string,
  kind: "join" | "leave",
): ReturnType<typeof toScene> {
  const member = people.get(personId);
  if (where !== roomId || member === undefined) return undefined;
  const event = kind === "join" ? "memberships.created" : "memberships.deleted";
  return { who: member, act: { kind, member }, event: toEvent(event, id) };
}

function messagesOf(entries: readonly TimelineEntry[]): ReadonlyMap<string, Message> {
  const messages = new Map<string, Message>();
  for (const entry of entries)
    if (entry.name === "message.created") messages.set(entry.data.message.id, entry.data.message);
  return messages;
}

function toWritten({ id, text = "", attachments }: Message): Written {
  const content = attachments?.[0]?.content;
  return { id, text, cardTexts: content === undefined ? undefined : textsOf(content) };
}

function isOfBot({ store }: Webex, { personId }: Message): boolean {
  return store.people.get(personId)?.type === "bot";
}

function isIn({ roomId }: Message, wanted: string): boolean {
  return roomId === wanted;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
