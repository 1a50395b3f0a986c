import type { JsonObject } from "../../../core/contract/notice";
import type { Caller } from "../../api/api-client";
import { number, object } from "../../api/wire";
import { ask, type SpikaCallOptions } from "../requests";

/** A message to be posted in a room. */
export interface NewSpikaMessage {
  readonly roomId: number;
  readonly type: "text" | "image" | "audio" | "video" | "file";
  /** `{ text }`, or `{ fileId, thumbId?, text? }` for the others. */
  readonly body: JsonObject;
  /** The message it quotes. */
  readonly replyId?: number | undefined;
  /** Kept and handed on, and no protection against posting twice. */
  readonly localId?: string | undefined;
}

export interface SpikaMessage {
  /** The unchanged answer. */
  readonly raw: JsonObject;
  readonly id: number;
  readonly roomId: number;
  readonly fromUserId: number;
  readonly replyId: number | undefined;
}

/** All that a room's API key may do with messages. */
export interface SpikaMessages {
  create(message: NewSpikaMessage, options?: SpikaCallOptions): Promise<SpikaMessage>;
}

export function createMessages(caller: Caller): SpikaMessages {
  return {
    create: (message, options) =>
      ask(
        caller,
        { method: "POST", path: "/api/messaging/messages", json: { ...message } },
        (data) => parseMessage(data.message),
        options,
      ),
  };
}

function parseMessage(value: unknown): SpikaMessage {
  const raw = object(value);
  return {
    raw,
    id: number(raw, "id"),
    roomId: number(raw, "roomId"),
    fromUserId: number(raw, "fromUserId"),
    replyId: typeof raw.replyId === "number" ? raw.replyId : undefined,
  };
}
