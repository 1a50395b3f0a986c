/** Checks of what handlers pass to the methods of their context, besides messages (`reply-content.ts`). */

import {
  checkBoolean,
  checkKeys,
  checkObject,
  checkOptions,
  checkText,
  kindOf,
  optionNames,
} from "../contract/check-options";
import type { AskOptions, ReplyOptions, SessionOptions } from "../contract/context";
import { ArgumentError, MessageIdUnknownError } from "../contract/errors";
import type { CardButtonOptions, Recipient, SentMessage } from "../contract/platform";

const REPLY_OPTIONS = optionNames<ReplyOptions>({ thread: true });
const ASK_OPTIONS = optionNames<AskOptions>({ data: true, expiresAfterMs: true, thread: true });
const BUTTON_RULES = optionNames<CardButtonOptions>({ audience: true, expiresAfterMs: true });
const SESSION_OPTIONS = optionNames<SessionOptions>({ of: true, name: true, expiresAfterMs: true });
const SENT_KEYS = optionNames<SentMessage>({ id: true, roomId: true, threadId: true });

/** @throws ArgumentError */
export function checkReplyOptions(call: string, given: ReplyOptions | undefined): void {
  if (given === undefined) return;
  checkOptions(`ctx.${call}`, given, REPLY_OPTIONS);
  checkBoolean(`ctx.${call}`, "thread", given.thread);
}

/** @throws ArgumentError */
export function checkAskOptions(call: string, given: AskOptions): void {
  checkOptions(`ctx.${call}`, given, ASK_OPTIONS);
  checkBoolean(`ctx.${call}`, "thread", given.thread);
  checkDuration(`ctx.${call}`, "expiresAfterMs", given.expiresAfterMs);
  if (given.data !== undefined) checkObject(`ctx.${call}`, "data", given.data);
}

/** @throws ArgumentError */
export function checkCardButtonOptions(call: string, given: CardButtonOptions | undefined): void {
  if (given === undefined) return;
  const where = `ctx.${call}`;
  checkOptions(where, given, BUTTON_RULES);
  checkDuration(where, "expiresAfterMs", given.expiresAfterMs);
  const audience: unknown = given.audience;
  const isNamed = Array.isArray(audience) && audience.every((one) => typeof one === "string" && one !== "");
  if (audience !== undefined && audience !== "room" && audience !== "asker" && !isNamed)
    throw new ArgumentError(
      `${where}: audience is ${kindOf(audience)}, expected "room", "asker" or a list of ids and e-mail addresses`,
    );
}

/** @throws ArgumentError */
export function checkSessionOptions(given: SessionOptions): void {
  checkOptions("ctx.session", given, SESSION_OPTIONS);
  checkDuration("ctx.session", "expiresAfterMs", given.expiresAfterMs);
  const { of, name }: { of?: unknown; name?: unknown } = given;
  if (of !== undefined && of !== "member" && of !== "person" && of !== "room")
    throw new ArgumentError(`ctx.session: of is ${kindOf(of)}, expected "member", "person" or "room"`);
  if (name !== undefined && typeof name !== "string")
    throw new ArgumentError(`ctx.session: name is ${kindOf(name)}, expected a text`);
}

/** Requires a message that the bot sent, or another one that the platform knows. @throws ArgumentError, MessageIdUnknownError */
export function checkMessageRef(call: string, given: unknown): void {
  const where = `ctx.${call}`;
  if (typeof given !== "object" || given === null || !("id" in given) || !("roomId" in given))
    throw new ArgumentError(
      `${where}: the message is ${kindOf(given)}, expected what ctx.reply returned: an object with id and roomId. Is an await missing?`,
    );
  checkKeys(where, "property", given, SENT_KEYS);
  if (given.id === "") throw new MessageIdUnknownError(where);
  checkText(where, "id", given.id);
  checkText(where, "roomId", given.roomId);
}

/** @throws ArgumentError */
export function checkRecipient(call: string, given: Recipient): void {
  const where = `ctx.${call}`;
  checkObject(where, "person", given);
  checkKeys(where, "property", given, ["personId", "email"]);
  const [personId, email]: readonly unknown[] = [Reflect.get(given, "personId"), Reflect.get(given, "email")];
  if ((personId === undefined) === (email === undefined))
    throw new ArgumentError(`${where}: give either personId or email`);
  checkText(where, personId === undefined ? "email" : "personId", personId ?? email);
}

function checkDuration(where: string, name: string, given: unknown): void {
  if (given !== undefined && !(typeof given === "number" && Number.isFinite(given) && given > 0))
    throw new ArgumentError(`${where}: ${name} is ${String(given)}, expected milliseconds above 0`);
}
