import type { ChatFile, ChatMessage } from "../message";
import type { IntercomAttachment, IntercomPart } from "./wire";

/** What a part says or does, as this person sees it; and, in the playground, what only the teammates would. */
export function toChatMessage(part: IntercomPart, myId: string): ChatMessage {
  const { id, type, body, author, options, optionId, createdAt } = part;
  const message: ChatMessage = {
    id,
    kind: "said",
    author: { id: author.id, name: author.name, isBot: !author.isContact, isMe: author.id === myId },
    text: toText(body),
    created: new Date(createdAt * 1_000).toISOString(),
    files: part.attachments.map(toFile),
    chosenId: optionId,
  };
  switch (type) {
    case "comment":
      return { ...message, ...said(body) };
    case "note":
      return { ...message, ...said(body), label: "internal note" };
    case "quick_reply":
      return { ...message, ...said(body), choices: options };
    default:
      return { ...message, kind: "done", text: DONE[type] ?? `did something: ${type}` };
  }
}

const DONE: Readonly<Record<string, string>> = {
  close: "closed the conversation",
  open: "opened the conversation again",
  snoozed: "snoozed the conversation",
  assignment: "assigned the conversation",
};

/** Which of the two it is, the version of the API decides. */
function said(body: string): Pick<ChatMessage, "html"> {
  return /^\s*</.test(body) ? { html: body } : {};
}

/** What the reader's eye sees of HTML. */
export function toText(body: string): string {
  if (said(body).html === undefined) return body;
  return new DOMParser().parseFromString(body, "text/html").body.textContent ?? "";
}

function toFile({ url, name, type }: IntercomAttachment): ChatFile {
  const isHere = URL.canParse(url) && new URL(url).pathname.startsWith(attachmentsPath());
  return { url, name, type, isElsewhere: !isHere };
}

/** The host may be another name of this computer, so only the path counts. */
function attachmentsPath(): string {
  return new URL("intercom/attachments/", location.href).pathname;
}
