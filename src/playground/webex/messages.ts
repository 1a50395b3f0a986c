import { badRequest, forbidden, notFound } from "./api-error";
import { readCard } from "./card-attachment";
import { addContent, type FileSource, readFile } from "./contents";
import type { Fields } from "./fields";
import { readContent } from "./message-content";
import type { MessageRecord } from "./message-log";
import { readPerson } from "./people";
import type { Membership, Message, Person, Room } from "./records";
import { directRoom, requireMembership } from "./rooms";
import { canRead } from "./visibility";
import { newId, timestamp, type Webex } from "./webex";

const maxEdits = 10;

/** A message to a person answers with whom it was addressed to. */
export type CreatedMessage = Message & { readonly toPersonId?: string; readonly toPersonEmail?: string };

/**
 * Posts a message to a room, or to a person, whose direct room is made when there is none.
 *
 * @param upload The file of a multipart request.
 */
export async function createMessage(
  webex: Webex,
  caller: Person,
  fields: Fields,
  upload?: FileSource,
): Promise<CreatedMessage> {
  const target = readTarget(webex, caller, fields);
  const parentId = readParent(webex, target.room, fields);
  const content = readContent(webex, fields, (personId) =>
    target.room === undefined
      ? personId === caller.id || personId === target.addressee.id
      : webex.store.membership(target.room.id, personId) !== undefined,
  );
  const card = readCard(fields);
  const file = await readFile(fields, upload);
  if (content.text === undefined && card === undefined && file === undefined)
    throw badRequest("A message needs 'text', 'markdown', 'files' or 'attachments'.");
  // Only now, when nothing is wrong with the message; and the room itself may have ended while a file came.
  const room = target.room ?? directRoom(webex, caller, target.addressee);
  requireMembership(webex, caller, room.id);

  const id = newId(webex, "MESSAGE");
  const created = timestamp(webex);
  const message: Message = {
    id,
    ...(parentId === undefined ? {} : { parentId }),
    roomId: room.id,
    roomType: room.type,
    ...content,
    ...(file === undefined ? {} : { files: [addContent(webex, id, file)] }),
    personId: caller.id,
    personEmail: caller.emails[0] ?? "",
    ...(card === undefined ? {} : { attachments: [card] }),
    created,
  };
  room.lastActivity = created;
  webex.store.addMessage(message);
  webex.publish({ kind: "message.created", message, actorId: caller.id });
  const { addressee } = target;
  return addressee === undefined
    ? message
    : { ...message, toPersonId: addressee.id, toPersonEmail: addressee.emails[0] ?? "" };
}

/** One message the caller may read. */
export function getMessage(webex: Webex, caller: Person, messageId: string): Message {
  return readable(webex, caller, messageId).message;
}

/** Changes what one's own message says, up to ten times; a card or a file cannot be changed. */
export function updateMessage(webex: Webex, caller: Person, messageId: string, fields: Fields): Message {
  const record = readable(webex, caller, messageId);
  const { message } = record;
  if (fields.string("roomId") !== message.roomId)
    throw badRequest("'roomId' is not the room of the message.");
  if (message.personId !== caller.id) throw forbidden("Only the author may edit a message.");
  if (message.files !== undefined || message.attachments !== undefined)
    throw badRequest("Editing a message with files or attachments is unsupported.");
  if (record.edits >= maxEdits) throw badRequest(`The message has reached its limit of ${maxEdits} edits.`);
  if (fields.value("markdown") !== undefined && fields.value("html") !== undefined)
    throw badRequest("'html' must be left out when 'markdown' is given.");
  const content = readContent(
    webex,
    fields,
    (personId) => webex.store.membership(message.roomId, personId) !== undefined,
  );
  if (content.text === undefined) throw badRequest("'text' or 'markdown' is required and must not be empty.");

  const { text: _, markdown: _m, html: _h, mentionedPeople: _p, mentionedGroups: _g, ...rest } = message;
  const updated: Message = { ...rest, ...content, updated: timestamp(webex) };
  record.edits += 1;
  webex.store.replaceMessage(record, updated);
  webex.publish({ kind: "message.updated", message: updated, actorId: caller.id });
  return updated;
}

/** Removes one's own message; a moderator may remove anybody's. */
export function deleteMessage(webex: Webex, caller: Person, messageId: string): void {
  const record = readable(webex, caller, messageId);
  const { own } = requireMembership(webex, caller, record.message.roomId);
  if (record.message.personId !== caller.id && !own.isModerator)
    throw forbidden("Only the author or a moderator may delete a message.");
  webex.store.removeMessage(record);
  webex.publish({ kind: "message.deleted", message: record.message, actorId: caller.id });
}

function readable(webex: Webex, caller: Person, messageId: string): MessageRecord {
  const record = webex.store.messages.get(messageId);
  if (record === undefined || !canRead(webex, caller, record.message)) throw notFound();
  return record;
}

/** A room, or a person whose direct room is there or not yet. */
type Target =
  | { readonly room: Room; readonly addressee?: Person }
  | { readonly room: undefined; readonly addressee: Person };

function readTarget(webex: Webex, caller: Person, fields: Fields): Target {
  const given = ["roomId", "toPersonId", "toPersonEmail"].filter((name) => fields.value(name) !== undefined);
  if (given.length !== 1)
    throw badRequest("Exactly one of 'roomId', 'toPersonId' and 'toPersonEmail' is required.");
  const addressee = readPerson(webex, fields, "toPersonId", "toPersonEmail");
  if (addressee?.id === caller.id) throw badRequest("A person cannot write to themselves.");
  if (addressee !== undefined) return { room: webex.store.directRoom(caller.id, addressee.id), addressee };
  const { room, own } = requireMembership(webex, caller, fields.string("roomId"));
  refuseSilenced(room, own);
  return { room };
}

function refuseSilenced(room: Room, own: Membership): void {
  if (room.isAnnouncementOnly && !own.isModerator)
    throw forbidden("Only moderators may post to a room that is for announcements only.");
}

function readParent(webex: Webex, room: Room | undefined, fields: Fields): string | undefined {
  const parentId = fields.optionalString("parentId");
  if (parentId === undefined) return undefined;
  const parent = webex.store.messages.get(parentId)?.message;
  if (parent === undefined || parent.roomId !== room?.id)
    throw badRequest("'parentId' is not a message of this room.");
  if (parent.parentId !== undefined)
    throw badRequest("'parentId' is a reply itself; use the message that the thread began with.");
  return parentId;
}
