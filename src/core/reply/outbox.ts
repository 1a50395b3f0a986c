import { Readable } from "node:stream";
import type { ButtonSigner, DrawnAnew, SealedMessage } from "../cards/button-signer";
import type { TextCardRenderer } from "../cards/text/text-card-renderer";
import { ContextClosedError, FileError } from "../contract/errors";
import type { Target } from "../contract/event";
import type { OutgoingFile } from "../contract/files";
import type { MessageRef, OutgoingMessage, Platform, Recipient, SentMessage } from "../contract/platform";
import type { CallOutcome, TraceStep } from "../contract/trace";
import { type Journal, mayBeDone, type OutgoingCall } from "./journal";
import type { PostedMessages } from "./posted-messages";
import type { Receipts } from "./receipts";
import { createSentFinder } from "./sent-search";

/** Which call of which handler it is. */
export interface CallKey {
  readonly bot: string;
  /** `"reply"`, as in `ctx.reply`. */
  readonly call: string;
  /** Where in the run: the same in every attempt, and of no other call. */
  readonly place: string;
  /** Card that is drawn anew; absent: a card that is posted is a new one. */
  readonly anew?: DrawnAnew | undefined;
}

export interface OutboxParts {
  readonly platform: Platform;
  /** The messages that this process posts with the account. */
  readonly posted: PostedMessages;
  readonly receipts?: Pick<Receipts, "find"> | undefined;
  readonly journal: Journal;
  /** Before this nothing can have been posted that answers the event, by the platform's clock. Absent: it is not known. */
  readonly notBefore?: number | undefined;
  readonly seal: ButtonSigner;
  /** Writes cards as text; absent where they are drawn. */
  readonly board?: Pick<TextCardRenderer, "write"> | undefined;
  /** This attempt's path so far; calls are added. */
  readonly trace: TraceStep[];
  readonly signal: AbortSignal;
  /** Whether the attempt still runs; after that nothing is sent. */
  isOpen(): boolean;
}

/** Everything that handlers send goes through here: once over all attempts, and into the trace. */
export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /**
   * Posts messages one after the other; what belongs together goes to one place.
   */
  async post(
    at: CallKey,
    target: Target | Recipient,
    [first, ...rest]: readonly [OutgoingMessage, ...OutgoingMessage[]],
  ): Promise<[SentMessage, ...SentMessage[]]> {
    const sent: [SentMessage, ...SentMessage[]] = [await this.#postOne(at, at.place, target, first)];
    // Written to a person, the room is known only now.
    const to = "roomId" in target || sent[0].roomId === "" ? target : { roomId: sent[0].roomId };
    for (const [index, message] of rest.entries()) {
      if (!this.#parts.isOpen()) throw new ContextClosedError(at.call);
      sent.push(await this.#postOne(at, `${at.place}/${index + 2}`, to, message));
    }
    return sent;
  }

  async edit(at: CallKey, sent: SentMessage, message: OutgoingMessage): Promise<void> {
    const { platform, signal, seal } = this.#parts;
    const sealed = this.#seal(at, at.place, sent, message);
    await this.#make(at, at.place, {
      kind: "repeatable",
      act: async (mayBegin) => void (await platform.edit(sent, sealed.message, signal, mayBegin)),
    });
    sealed.posted(sent);
    // The buttons of a card that was there are not shown any more.
    if (message.card === undefined) seal.removed(sent, at.anew);
  }

  async remove(at: CallKey, message: MessageRef): Promise<void> {
    const { platform, signal, seal } = this.#parts;
    await this.#make(at, at.place, {
      kind: "repeatable",
      act: async (mayBegin) => void (await platform.deleteMessage(message, signal, mayBegin)),
    });
    seal.removed(message, at.anew);
  }

  async #postOne(
    at: CallKey,
    place: string,
    target: Target | Recipient,
    message: OutgoingMessage,
  ): Promise<SentMessage> {
    const { platform, signal, posted, receipts, notBefore } = this.#parts;
    const sealed = this.#seal(at, place, target, message);
    let sent: SentMessage | undefined;
    try {
      sent = await this.#make(at, place, {
        kind: "post",
        act: (mayBegin) => {
          takeStream(message.file);
          return platform.send(target, sealed.message, signal, mayBegin);
        },
        whereabouts: {
          target,
          posted,
          notBefore,
          find: createSentFinder(
            (since, within) => platform.findSent(target, sealed.message, since, within),
            receipts && ((since, within) => receipts.find(target, sealed.message, since, within)),
          ),
        },
      });
    } finally {
      // An earlier attempt may have posted it: then nobody has read the stream, nor will.
      letGo(message.file);
    }
    if (sent === undefined) throw new Error(`the journal has a call at ${place} that posted nothing`);
    if (sent.id !== "") sealed.posted(sent);
    return sent;
  }

  /** The message as it goes out: its buttons signed, and its card as text where none are drawn. */
  #seal(
    { bot, anew }: CallKey,
    place: string,
    target: Target | Recipient,
    message: OutgoingMessage,
  ): SealedMessage {
    const { seal, board } = this.#parts;
    const sealed = seal.seal(message, { place, target, anew });
    return board === undefined ? sealed : board.write(sealed, bot);
  }

  async #make(at: CallKey, place: string, call: OutgoingCall): Promise<SentMessage | undefined> {
    const { journal, trace } = this.#parts;
    const begun = Date.now();
    const add = (outcome: CallOutcome, message?: string): void => {
      const now = Date.now();
      trace.push({
        at: now,
        step: "call",
        bot: at.bot,
        call: at.call,
        place,
        ms: now - begun,
        outcome,
        message,
      });
    };
    try {
      const { sent, how } = await journal.once(place, call);
      add(how, sent?.id);
      return sent;
    } catch (error) {
      add(mayBeDone(error) ? "unknown" : "refused");
      throw error;
    }
  }
}

/** Streams that were given to a call. */
const taken = new WeakSet<object>();

/** @throws FileError when the stream was sent before: there is nothing left in it */
function takeStream(file: OutgoingFile | undefined): void {
  if (file === undefined || !("stream" in file)) return;
  if (taken.has(file.stream))
    throw new FileError(
      "file-stream-used",
      `the stream of file "${file.name}" was sent before, and can be read once only; open another one, or give the bytes`,
    );
  taken.add(file.stream);
}

function letGo(file: OutgoingFile | undefined): void {
  if (file !== undefined && "stream" in file && file.stream instanceof Readable) file.stream.destroy();
}
