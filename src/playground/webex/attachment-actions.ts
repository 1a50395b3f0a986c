import { badRequest, notFound } from "./api-error";
import type { Fields } from "./fields";
import type { AttachmentAction, Person } from "./records";
import { canRead } from "./visibility";
import { newId, timestamp, type Webex } from "./webex";

/** Presses a card's button. Any member may, as often as they like; each press is an action of its own. */
export function createAction(webex: Webex, caller: Person, fields: Fields): AttachmentAction {
  if (fields.string("type") !== "submit") throw badRequest("'type' must be submit.");
  const messageId = fields.string("messageId");
  const inputs = fields.value("inputs");
  if (inputs === undefined) throw badRequest("'inputs' is required; it may be an empty object.");
  if (typeof inputs !== "object" || Array.isArray(inputs)) throw badRequest("'inputs' must be an object.");
  const message = webex.store.messages.get(messageId)?.message;
  if (message === undefined || !canRead(webex, caller, message)) throw notFound();
  if (message.attachments === undefined) throw badRequest("The message has no card.");
  const action: AttachmentAction = {
    id: newId(webex, "ATTACHMENT_ACTION"),
    type: "submit",
    messageId,
    inputs: { ...inputs },
    personId: caller.id,
    roomId: message.roomId,
    created: timestamp(webex),
  };
  const posterId = message.personId;
  webex.store.actions.set(action.id, { action, posterId });
  webex.publish({ kind: "attachmentAction.created", action, posterId, actorId: caller.id });
  return action;
}

/** A press, with its inputs: for who posted the card, also after it is gone, and for who pressed. */
export function getAction(webex: Webex, caller: Person, actionId: string): AttachmentAction {
  const record = webex.store.actions.get(actionId);
  if (record === undefined) throw notFound();
  const { action, posterId } = record;
  const isMember = webex.store.membership(action.roomId, caller.id) !== undefined;
  if (!isMember || (caller.id !== action.personId && caller.id !== posterId)) throw notFound();
  return action;
}
