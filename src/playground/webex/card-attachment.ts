import { ApiError, badRequest } from "./api-error";
import { checkCard } from "./card-check";
import { type Fields, isRecord } from "./fields";
import type { CardAttachment } from "./records";

const cardType = "application/vnd.microsoft.card.adaptive";

/** Reads the message's one card from `attachments`. @throws ApiError 400 with every fault of the card. */
export function readCard(fields: Fields): CardAttachment | undefined {
  const attachments = fields.value("attachments");
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments)) throw badRequest("'attachments' must be an array.");
  const [attachment, ...more]: readonly unknown[] = attachments;
  if (attachment === undefined) return undefined;
  if (more.length > 0) throw badRequest("A message takes one card.");
  if (!isRecord(attachment) || attachment.contentType !== cardType)
    throw badRequest(`An attachment needs the 'contentType' ${cardType}.`);
  const faults = checkCard(attachment.content);
  if (faults.length > 0) throw invalidCard(faults);
  return { contentType: cardType, content: attachment.content };
}

function invalidCard(faults: readonly string[]): ApiError {
  const reason = "Invalid Adaptive Card Json";
  return new ApiError(400, reason, [
    {
      description: `${reason}: ${faults.join("; ")}`,
      attachments: { code: "invalid_attachments", reason, attachmentErrors: faults },
    },
  ]);
}
