import type { Playground, PlaygroundPerson } from "../playground";
import { isAbout } from "../playground/timeline";
import { buttonsOf, textsOf } from "../playground/webex/card-text";
import type { Message } from "../playground/webex/records";
import type { Reply } from "./reply";
import type { SentLog } from "./sent-log";
import { type Acted, type Turn, type TurnParts, takeTurn } from "./turn";

/** A room with several people. */
export interface Room {
  readonly id: string;
  readonly title: string;
}

/** Where and how something is said. */
export interface SayOptions {
  /** @default the person's direct room with the bot */
  readonly in?: Room | undefined;
  /** What is answered in its thread: something that was said, or what a bot replied. */
  readonly thread?: { readonly id: string; readonly threadId?: string | undefined } | undefined;
  /** Begins with a mention of the bot, which is not told of other messages of a room. @default true in a room, false in private */
  readonly mention?: boolean | undefined;
  /** The text is markdown. @default false */
  readonly markdown?: boolean | undefined;
}

/** A file that somebody sends. */
export interface Upload {
  readonly name: string;
  readonly content: string | Buffer;
  /** @default "application/octet-stream" */
  readonly type?: string | undefined;
}

/** A message as somebody in its room sees it. */
export interface SeenMessage extends Reply {
  /** Who wrote it, by display name. */
  readonly by: string;
}

/** Somebody in Webex who does what people do. Everything is done by the time it resolves; what bots make of it is in the turn. */
export interface Person {
  readonly id: string;
  readonly displayName: string;
  readonly email: string;
  /** Writes to the bot, in private unless told otherwise. */
  say(text: string, options?: SayOptions): Promise<Turn>;
  /** Sends a file, with a text or without. */
  upload(file: Upload, options?: SayOptions & { readonly text?: string | undefined }): Promise<Turn>;
  /** Says something else in the place of what was said. */
  edit(said: { readonly id: string }, text: string): Promise<Turn>;
  /** Takes back what was said. */
  remove(said: { readonly id: string }): Promise<Turn>;
  /**
   * Presses a button of a card.
   * @param on the card's message; of a turn, the last card that it was answered with
   * @param entered by ids of the card's inputs; the others are sent with the values that the card gives them
   * @throws Error when there is no such button, listing those that there are
   */
  click(on: Reply | Turn, button: string, entered?: Readonly<Record<string, unknown>>): Promise<Turn>;
  /** Opens a room. @param others who are in it from the beginning; the bot, too, if it is to be */
  open(title: string, others?: readonly Member[]): Promise<Room>;
  /** Brings somebody, or the bot, into a room. */
  add(member: Member, room: Room): Promise<Turn>;
  /** Is brought into a room by whoever opened it. */
  join(room: Room): Promise<Turn>;
  leave(room: Room): Promise<Turn>;
  /** Sends somebody, or the bot, out of a room. */
  expel(member: Member, room: Room): Promise<Turn>;
  makeModerator(member: Member, room: Room): Promise<Turn>;
  rename(room: Room, title: string): Promise<Turn>;
  /** What there is to read, oldest first. @param room @default the direct room with the bot */
  messages(room?: Room): readonly SeenMessage[];
}

/** Somebody who can be in a room. */
export type Member = Pick<PlaygroundPerson, "id" | "displayName">;

/** Keeps what bots write in Webex. */
export function logWebex(playground: Playground, sent: SentLog): void {
  playground.timeline.listen((entry) => {
    if (entry.name !== "message.created" && entry.name !== "message.updated") return;
    const { message } = entry.data;
    if (message.personEmail.endsWith("@webex.bot"))
      sent.add(toReply(playground, message, entry.name === "message.updated"));
  });
}

/** Somebody of the playground, as tests play them. */
export function createPerson(playground: Playground, who: PlaygroundPerson, parts: TurnParts): Person {
  const { id: me, displayName, email } = who;

  /** Does something of which bots are told by this event; webhooks are called in the same turn of the event loop. */
  function act(event: string, does: () => Promise<Done> | Done): Promise<Turn> {
    return takeTurn(parts, async () => {
      const before = playground.timeline.lastId;
      const { id, roomId } = await does();
      const unheard = reasonsUnheard(playground, before, id);
      const acted: Acted = {
        id,
        roomId,
        isAbout: (name, key) => name === event && isAbout(key, id),
        unheard: unheard[0],
      };
      return acted;
    });
  }

  function send(text: string, options: SayOptions, file?: Upload): Promise<Turn> {
    const { in: room, thread, mention = room !== undefined, markdown = false } = options;
    return act("messages.created", () =>
      playground.says(me, toContent(text, markdown), {
        mention,
        ...(room === undefined ? {} : { roomId: room.id }),
        ...(thread === undefined ? {} : { parentId: thread.threadId ?? thread.id }),
        ...(file === undefined ? {} : { file: toSource(file) }),
      }),
    );
  }

  async function cardOf(on: Reply | Turn): Promise<Reply> {
    if (!("replies" in on)) return on;
    const card = (await on.replies()).filter((reply) => reply.card !== undefined).at(-1);
    if (card === undefined) throw new Error("nothing can be clicked: the bot has answered without a card");
    return card;
  }

  const person: Person = {
    id: me,
    displayName,
    email,
    say: (text, options = {}) => send(text, options),
    upload: (file, { text = "", ...options } = {}) => send(text, options, file),
    edit: ({ id }, text) => act("messages.updated", () => playground.acts.edits(me, id, text)),
    remove: ({ id }) =>
      act("messages.deleted", () => {
        const roomId = playground.acts.deletes(me, id).roomId;
        return { id, roomId };
      }),
    async click(on, button, entered) {
      const card = await cardOf(on);
      if (!card.buttons.includes(button))
        throw new Error(
          `the card has no button "${button}"; it has ${card.buttons.map((one) => `"${one}"`).join(", ") || "none"}`,
        );
      return act("attachmentActions.created", () => playground.presses(me, card.id, button, entered));
    },
    async open(title, others = []) {
      const { id } = playground.acts.opens(me, title);
      for (const other of others) playground.acts.adds(me, id, other.id);
      return { id, title };
    },
    add: (member, { id }) => act("memberships.created", () => playground.acts.adds(me, id, member.id)),
    join: ({ id }) => act("memberships.created", () => playground.acts.joins(me, id)),
    leave: ({ id }) => act("memberships.deleted", () => playground.acts.removes(me, id, me)),
    expel: (member, { id }) => act("memberships.deleted", () => playground.acts.removes(me, id, member.id)),
    makeModerator: (member, { id }) =>
      act("memberships.updated", () => playground.acts.makesModerator(me, id, member.id)),
    rename: ({ id }, title) =>
      act("rooms.updated", () => ({ id: playground.acts.renames(me, id, title).id, roomId: id })),
    messages: (room) =>
      playground.acts.reads(me, room?.id).map((message) => ({
        ...toReply(playground, message, message.updated !== undefined),
        by: playground.acts.nameOf(message.personId),
      })),
  };
  return person;
}

/** What was done, and where. */
interface Done {
  readonly id: string;
  readonly roomId: string;
}

function toContent(text: string, isMarkdown: boolean): { text?: string; markdown?: string } {
  if (isMarkdown) return { markdown: text };
  return text === "" ? {} : { text };
}

function toSource({ name, content, type = "application/octet-stream" }: Upload) {
  return { fileName: name, mediaType: type, bytes: Buffer.from(content) };
}

function toReply(playground: Playground, message: Message, isEdit: boolean): Reply {
  const card = message.attachments?.[0]?.content;
  return {
    id: message.id,
    roomId: message.roomId,
    threadId: message.parentId,
    text: message.text ?? "",
    markdown: message.markdown,
    html: message.html,
    card,
    cardTexts: textsOf(card),
    buttons: buttonsOf(card),
    files: (message.files ?? []).flatMap((url) => {
      const file = playground.file(url);
      return file === undefined ? [] : [{ name: file.fileName, type: file.mediaType, bytes: file.bytes }];
    }),
    isEdit,
  };
}

/** Why a message that this person sent reached no bot, as the timeline has it. */
function reasonsUnheard(playground: Playground, since: number, dataId: string): readonly string[] {
  return playground.timeline
    .since(since)
    .flatMap((entry) =>
      entry.name === "unheard" && entry.data.dataId === dataId ? [entry.data.reason] : [],
    );
}
