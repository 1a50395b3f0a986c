/** Reads what a handler passes as a message. Modules in JavaScript have no compiler that would refuse another shape. */
import type { CardSource } from "../contract/card-source";
import { checkKeys, kindOf, optionNames } from "../contract/check-options";
import type { AdaptiveCardJson, Reply, ReplyContent } from "../contract/context";
import { ArgumentError } from "../contract/errors";
import type { FileContent } from "../contract/files";
import { toJson } from "../contract/json";
import { isMarkup } from "../contract/markdown";
import type { Card, OutgoingMessage } from "../contract/platform";

/** A message whose shape was checked: at least one part is given. */
export interface CheckedReply extends Omit<OutgoingMessage, "file" | "quickReplies"> {
  readonly files: readonly FileContent[];
}

const KEYS = optionNames<Reply>({ text: true, markdown: true, card: true, files: true });
const CARD_KEYS = optionNames<Card>({
  kind: true,
  name: true,
  content: true,
  fallbackText: true,
  buttons: true,
});
/** Names that other frameworks and Webex' API use, and the parameter that stands for each here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  attachments: 'pass the card as "card" and files as "files"',
  file: 'pass a list as "files"',
  html: 'pass Markdown as "markdown"',
  parentId: "pass { thread: true } or { thread: false } as the second argument",
  roomId: "ctx.reply answers in the room of the event; ctx.direct writes to a person",
  toPersonEmail: "use ctx.direct({ email }, …)",
  toPersonId: "use ctx.direct({ personId }, …)",
};
const EXPECTED =
  "expected Markdown as a text, a card, or an object with at least one of text, markdown, card and files";

/**
 * Brings a message into one form.
 * @param call as in the handler: `"reply"`
 * @throws ArgumentError that says what to pass instead; CardError for Adaptive Card JSON that Webex does not render
 */
export function readReply(call: string, content: ReplyContent, cards: CardSource): CheckedReply {
  const where = `ctx.${call}`;
  if (typeof content === "string")
    return refuseEmpty(where, { ...words(where, "markdown", content), files: [] });
  const given: unknown = content; // of a JavaScript module it can be anything
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ArgumentError(`${where}: the message is ${shapeOf(given)}; ${EXPECTED}`);
  if (isMarkup(given)) throw new ArgumentError(`${where}: the message is a mention; put it into md\`…\``);
  if (typeof Reflect.get(given, "then") === "function")
    throw new ArgumentError(`${where}: the message is a promise; await it first`);
  if (isCard(given) || isAdaptiveCard(given)) return { card: readCard(where, given, cards), files: [] };
  refuseUnknownKeys(where, given);
  const { text, markdown, card, files } = given as Reply; // its keys are known now; each value is checked below
  return refuseEmpty(where, {
    ...words(where, "text", text),
    ...words(where, "markdown", markdown),
    ...(card === undefined ? {} : { card: readCard(where, card, cards) }),
    files: files === undefined ? [] : checkedFiles(where, files),
  });
}

/** A card as `ctx.card`, `card({ … })` or Adaptive Card JSON gives it. @throws ArgumentError, CardError */
export function readCard(where: string, given: unknown, cards: CardSource): Card {
  if (isCard(given)) return checkedCard(where, given);
  if (isAdaptiveCard(given)) return cards.fromJson(toJson(given));
  if (typeof given === "object" && given !== null && "contentType" in given)
    throw new ArgumentError(`${where}: the card is an attachment; pass its "content" as the card`);
  throw new ArgumentError(
    `${where}: the card is ${shapeOf(given)}; expected what ctx.card or card returns, or Adaptive Card JSON with "type": "AdaptiveCard"`,
  );
}

/** Whether a value is Adaptive Card JSON. */
export function isAdaptiveCard(given: unknown): given is AdaptiveCardJson {
  return typeof given === "object" && given !== null && "type" in given && given.type === "AdaptiveCard";
}

function isCard(given: unknown): given is Card {
  return typeof given === "object" && given !== null && "kind" in given && given.kind === "card";
}

function checkedCard(where: string, card: Card): Card {
  checkKeys(`${where}, card`, "property", card, CARD_KEYS);
  const { name, fallbackText }: { name: unknown; fallbackText: unknown } = card;
  const content: unknown = card.content;
  if (
    typeof name !== "string" ||
    typeof fallbackText !== "string" ||
    typeof content !== "object" ||
    content === null
  )
    throw new ArgumentError(
      `${where}: the card has the wrong shape; pass what ctx.card or card returns, without changing it`,
    );
  return card;
}

function refuseUnknownKeys(where: string, given: object): void {
  const foreign = Object.keys(given).find((key) => Object.hasOwn(ELSEWHERE, key));
  if (foreign !== undefined)
    throw new ArgumentError(`${where}: there is no part "${foreign}"; ${ELSEWHERE[foreign]}`);
  checkKeys(where, "part", given, KEYS);
}

/** Blanks count as absent: every platform refuses a message of blanks, and a file or a card needs no words. */
function words(
  where: string,
  part: "text" | "markdown",
  given: unknown,
): { text?: string; markdown?: string } {
  if (given === undefined) return {};
  if (typeof given !== "string")
    throw new ArgumentError(
      `${where}: ${part} is ${shapeOf(given)}, expected a text; use String(…) or md\`…\``,
    );
  return given.trim() === "" ? {} : { [part]: given };
}

function refuseEmpty(where: string, checked: CheckedReply): CheckedReply {
  const { text, markdown, card, files } = checked;
  if (text === undefined && markdown === undefined && card === undefined && files.length === 0)
    throw new ArgumentError(`${where}: the message is empty; ${EXPECTED}`);
  return checked;
}

function checkedFiles(where: string, given: unknown): readonly FileContent[] {
  if (!Array.isArray(given))
    throw new ArgumentError(
      `${where}: files is ${shapeOf(given)}, expected a list of paths, addresses, bytes or streams`,
    );
  for (const [index, file] of (given as readonly unknown[]).entries())
    checkFile(`${where}, files[${index}]`, file);
  return given as readonly FileContent[]; // each was checked
}

const FILE_KEYS = ["path", "url", "data", "stream", "name", "type", "size"];
const FILE_SOURCES = ["path", "url", "data", "stream"];

function checkFile(where: string, given: unknown): void {
  if (typeof given === "string") {
    if (given === "") throw new ArgumentError(`${where}: the path is empty`);
    return;
  }
  if (typeof given !== "object" || given === null)
    throw new ArgumentError(
      `${where} is ${shapeOf(given)}; expected a path, an https address, bytes or a stream`,
    );
  if (given instanceof URL || given instanceof Uint8Array || Symbol.asyncIterator in given) return;
  checkKeys(where, "property", given, FILE_KEYS);
  const sources = FILE_SOURCES.filter((key) => Reflect.get(given, key) !== undefined);
  if (sources.length !== 1)
    throw new ArgumentError(
      `${where}: give exactly one of ${FILE_SOURCES.join(", ")}; it has ${sources.join(", ") || "none"}`,
    );
  const [source = ""] = sources;
  const name: unknown = Reflect.get(given, "name");
  if ((source === "data" || source === "stream") && (typeof name !== "string" || name === ""))
    throw new ArgumentError(
      `${where}: a file given as ${source} needs a name, for example { ${source}, name: "report.pdf" }`,
    );
  checkSource(where, source, Reflect.get(given, source));
}

function checkSource(where: string, source: string, value: unknown): void {
  const isRight =
    source === "data"
      ? value instanceof Uint8Array
      : source === "stream"
        ? typeof value === "object" && value !== null && Symbol.asyncIterator in value
        : typeof value === "string" && value !== "";
  if (isRight) return;
  const expected = { data: "a Uint8Array or Buffer", stream: "a stream" }[source] ?? "a text";
  throw new ArgumentError(`${where}: ${source} is ${shapeOf(value)}, expected ${expected}`);
}

/** The kind of a value with its keys, never what is in it. */
function shapeOf(given: unknown): string {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return kindOf(given);
  const keys = Object.keys(given);
  if (keys.length === 0) return "an object without keys";
  const more = keys.length > 6 ? ", …" : "";
  return `an object with keys ${keys
    .slice(0, 6)
    .map((key) => `"${key}"`)
    .join(", ")}${more}`;
}
