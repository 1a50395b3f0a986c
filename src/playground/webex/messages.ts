import { ApiError, badRequest, forbidden, notFound } from "./api-error";
import { readCard } from "./card-attachment";
import { addContent, type FileSource, readFile } from "./contents";
import type { Fields } from "./fields";
import { toId } from "./ids";
import { readContent } from "./message-content";
import type { MessageRecord } from "./message-log";
import { readPerson } from "./people";
import type { Membership, Message, Person, Room } from "./records";
import { directRoom, requireMembership } from "./rooms";
import { canRead } from "./visibility";
import { timestamp, type Webex } from "./webex";

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
  const { room, addressee } = readTarget(webex, caller, fields);
  const parentId = readParent(webex, room, fields);
  const content = readContent(webex, room, fields);
  const card = readCard(fields);
  const file = await readFile(fields, upload);
  if (content.text === undefined && card === undefined && file === undefined)
    throw badRequest("A message needs 'text', 'markdown', 'files' or 'attachments'.");
  // The file may have taken a while; the caller may have left in the meantime.
  requireMembership(webex, caller, room.id);

  const id = toId("MESSAGE");
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
  const { room } = requireMembership(webex, caller, message.roomId);
  if (fields.string("roomId") !== message.roomId)
    throw badRequest("'roomId' is not the room of the message.");
  if (message.personId !== caller.id) throw forbidden("Only the author may edit a message.");
  if (message.files !== undefined || message.attachments !== undefined)
    throw badRequest("Editing a message with files or attachments is unsupported.");
  if (record.edits >= maxEdits) throw badRequest(`The message has reached its limit of ${maxEdits} edits.`);
  if (fields.value("markdown") !== undefined && fields.value("html") !== undefined)
    throw badRequest("'html' must be left out when 'markdown' is given.");
  const content = readContent(webex, room, fields);
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

function readTarget(webex: Webex, caller: Person, fields: Fields): { room: Room; addressee?: Person } {
  const given = ["roomId", "toPersonId", "toPersonEmail"].filter((name) => fields.value(name) !== undefined);
  if (given.length !== 1)
    throw badRequest("Exactly one of 'roomId', 'toPersonId' and 'toPersonEmail' is required.");
  const addressee = readPerson(webex, fields, "toPersonId", "toPersonEmail");
  if (addressee !== undefined) return { room: directRoom(webex, caller, addressee), addressee };
  const { room, own } = requireMembership(webex, caller, fields.string("roomId"));
  refuseSilenced(room, own);
  return { room };
}

function refuseSilenced(room: Room, own: Membership): void {
  if (room.isAnnouncementOnly && !own.isModerator)
    throw forbidden("Only moderators may post to a room that is for announcements only.");
}

function readParent(webex: Webex, room: Room, fields: Fields): string | undefined {
  const parentId = fields.optionalString("parentId");
  if (parentId === undefined) return undefined;
  const parent = webex.store.messages.get(parentId)?.message;
  if (parent === undefined || parent.roomId !== room.id)
    throw badRequest("'parentId' is not a message of this room.");
  if (parent.parentId !== undefined)
    throw new ApiError(400, "'parentId' is a reply itself; use the message that the thread began with.");
  return parentId;
}
