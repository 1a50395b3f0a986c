import { ApiError, NetworkError } from "../../core/contract/errors";
import type { JsonObject } from "../../core/contract/notice";
import { isObject } from "../api/wire";
import type { WebexClient } from "./client";
import { isSameId } from "./ids";

/**
 * Reads the card that a message of the bot shows.
 * @returns `undefined` if the bot cannot read the message, did not write it, or put no card into it
 */
export async function cardOf(
  messageId: string,
  { client, ownId }: { readonly client: WebexClient; readonly ownId: string },
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    const message = await client.messages.get(messageId, { signal });
    if (message.isIncomplete)
      throw new NetworkError(`webex GET /messages/${messageId}`, "the message is not decrypted yet", {
        mayHaveSucceeded: false,
      });
    if (!isSameId(message.personId, ownId)) return undefined;
    const [card] = message.attachments;
    return isObject(card?.content) ? card.content : undefined;
  } catch (error) {
    if (error instanceof ApiError && [400, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}
