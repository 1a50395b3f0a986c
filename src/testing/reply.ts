/** Something that a bot wrote. */
export interface Reply {
  readonly id: string;
  readonly roomId: string;
  /** The message that the thread began with, or that is quoted; absent where there is none. */
  readonly threadId?: string | undefined;
  /** Without markup. */
  readonly text: string;
  /** As the bot wrote it, if it wrote markdown. */
  readonly markdown?: string | undefined;
  readonly html?: string | undefined;
  /** The content of its Adaptive Card. */
  readonly card?: unknown;
  /** What can be read on the card, from top to bottom. */
  readonly cardTexts: readonly string[];
  /** What can be pressed: the card's buttons that send something, or quick replies. */
  readonly buttons: readonly string[];
  readonly files: readonly ReplyFile[];
  /** Whether it was written in the place of what the bot had written before. */
  readonly isEdit: boolean;
}

/** A file of a message. */
export interface ReplyFile {
  readonly name: string;
  /** `"image/png"` */
  readonly type: string;
  readonly bytes: Buffer;
}
