import type { CardSource } from "../contract/card-source";
import type { ReplyContent } from "../contract/context";
import { UnsupportedError } from "../contract/errors";
import type { BotEvent, Target } from "../contract/event";
import { requirePrivateRoom } from "../contract/event-capabilities";
import type {
  MessagePosition,
  MessageRef,
  OutgoingMessage,
  Platform,
  Recipient,
  SentMessage,
} from "../contract/platform";
import { answerOrNothing } from "../contract/tolerate-refusal";
import type { CallKey, Outbox } from "./outbox";
import { toMessages } from "./outgoing-messages";
import { type CheckedReply, readReply } from "./reply-content";

export interface AnsweringParts {
  readonly event: BotEvent;
  readonly platform: Platform;
  readonly outbox: Outbox;
  readonly cards: CardSource;
  readonly signal: AbortSignal;
}

/** Messages that make up one answer, in the order in which they were posted. */
export type SentMessages = readonly [SentMessage, ...SentMessage[]];

/** Where the answers to an event go, and what the platform takes. */
export class Answering {
  readonly #parts: AnsweringParts;

  constructor(parts: AnsweringParts) {
    this.#parts = parts;
  }

  /** @param inThread whether to answer in the thread it was asked in; a question in no thread starts one */
  async reply(at: CallKey, content: ReplyContent, inThread: boolean): Promise<SentMessages> {
    const message = this.#read(at, content);
    return this.#post(at, await this.#whereToAnswer(inThread), message);
  }

  async replyPrivately(at: CallKey, content: ReplyContent): Promise<SentMessages> {
    const { event, platform } = this.#parts;
    if (platform.can.direct) {
      if (event.person === undefined)
        throw new UnsupportedError(
          platform.name,
          "tell who did this",
          "there is no person to answer privately",
        );
      return this.direct(at, { personId: event.person.id }, content);
    }
    const { roomId } = requirePrivateRoom(event, platform);
    return this.#post(at, { roomId }, this.#read(at, content));
  }

  async direct(at: CallKey, to: Recipient, content: ReplyContent): Promise<SentMessages> {
    const { platform } = this.#parts;
    if (!platform.can.direct)
      throw new UnsupportedError(
        platform.name,
        "write to one person",
        "use ctx.reply, or look at ctx.can.direct first",
      );
    return this.#post(at, to, this.#read(at, content));
  }

  async edit(at: CallKey, sent: SentMessage, content: ReplyContent): Promise<void> {
    const { platform, outbox } = this.#parts;
    if (!platform.can.edit)
      throw new UnsupportedError(
        platform.name,
        "edit a message",
        "use ctx.reply, or look at ctx.can.edit first",
      );
    await outbox.edit(at, sent, this.#withoutFiles(this.#read(at, content)));
  }

  async remove(at: CallKey, sent: MessageRef): Promise<void> {
    const { platform, outbox } = this.#parts;
    if (!platform.can.delete)
      throw new UnsupportedError(platform.name, "delete a message", "look at ctx.can.delete first");
    await outbox.remove(at, sent);
  }

  async replaceCard(call: CallKey, content: ReplyContent): Promise<SentMessage> {
    const { event, platform, outbox } = this.#parts;
    if (event.kind !== "action")
      throw new UnsupportedError(
        platform.name,
        "tell which card to replace",
        "call replaceCard where a click is answered",
      );
    const message = this.#read(call, content);
    const at: CallKey = { ...call, anew: event.button };
    const shown = { id: event.messageId, roomId: event.room.id };
    const place = await this.#positionOf(shown);
    const target = { roomId: shown.roomId, ...(place.kind === "thread" ? { threadId: place.rootId } : {}) };

    if (platform.can.editCards && place.kind !== "gone") {
      const sent = { ...shown, ...target };
      await outbox.edit(at, sent, this.#withoutFiles(message));
      return sent;
    }
    // Posted first: should the second call fail, people see two cards rather than none.
    const [posted] = await this.#post(at, target, message);
    if (platform.can.delete && place.kind !== "gone")
      await outbox.remove({ ...at, place: `${at.place}/old` }, shown);
    return posted;
  }

  async #whereToAnswer(inThread: boolean): Promise<Target> {
    const { event, platform } = this.#parts;
    const { target } = event;
    if (target === undefined)
      throw new UnsupportedError(
        platform.name,
        "answer an event that belongs to no room",
        "use replyPrivately",
      );
    if (!inThread) return { roomId: target.roomId };
    if (event.kind !== "action" || !platform.can.threads) return target;
    const place = await this.#positionOf({ id: event.messageId, roomId: target.roomId });
    switch (place.kind) {
      case "thread":
        return { roomId: target.roomId, threadId: place.rootId };
      case "top":
        return { roomId: target.roomId, threadId: event.messageId };
      case "gone":
        return { roomId: target.roomId };
      default:
        return place satisfies never;
    }
  }

  /** A message that the platform does not show is as good as deleted: the answer stands in no thread. */
  async #positionOf(message: MessageRef): Promise<MessagePosition> {
    const { platform, signal } = this.#parts;
    return (await answerOrNothing(platform.positionOf(message, signal))) ?? { kind: "gone" };
  }

  #read({ call }: CallKey, content: ReplyContent): CheckedReply {
    return readReply(call, content, this.#parts.cards);
  }

  #withoutFiles({ files, ...message }: CheckedReply): OutgoingMessage {
    if (files.length > 0)
      throw new UnsupportedError(
        this.#parts.platform.name,
        "put a file into a message that is there",
        "use ctx.reply",
      );
    return message;
  }

  async #post(at: CallKey, target: Target | Recipient, message: CheckedReply): Promise<SentMessages> {
    const { platform, outbox } = this.#parts;
    if (!platform.can.files && message.files.length > 0)
      throw new UnsupportedError(platform.name, "take files", "send a link, or look at ctx.can.files first");
    return outbox.post(at, target, toMessages(message, platform.can));
  }
}
