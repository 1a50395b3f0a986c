import type { TokenRefusal } from "../contract/click-refusal";
import type { ClickedForm } from "../contract/clicked-form";
import type { ActionEvent, Person } from "../contract/event";
import type { JsonObject, JsonValue } from "../contract/notice";
import type { ButtonKeys } from "./button-keys";
import type { ClickedCard } from "./button-signer";
import { type ButtonClaims, readToken } from "./button-token";
import { cardOf, contentOf, keptUntil, readShown } from "./card-records";
import { cardInputs } from "./form/card-actions";
import { checkForm } from "./form/check-form";
import type { SigningKey } from "./keyring";
import { isSameJson, tokensIn } from "./same-card";
import { TOKEN_KEY } from "./submit-actions";

/** A click, without the token among its inputs, and what is wrong with it, if anything. */
export interface CheckedClick {
  /** Its `button` is set for a click that is as the bot signed it. */
  readonly event: ActionEvent;
  /** Which of the bot's messages the button was signed for; absent unless it is ours. */
  readonly post?: string | undefined;
  readonly refusal?: TokenRefusal | undefined;
}

/**
 * Verifies the token of a click: whether it is ours, and of this room, this message and this person. The data of a click
 * is the data that was signed, whatever else came along. Then checks the inputs against the card, as it was sent.
 * @throws ApiError, NetworkError if only the platform knows which card the message shows, and does not answer
 */
export async function verifyClick(
  desk: ButtonKeys,
  click: ActionEvent,
  signal: AbortSignal,
): Promise<CheckedClick> {
  if (!Object.hasOwn(click.inputs, TOKEN_KEY))
    return { event: { ...click, button: undefined, form: await unsignedForm(desk, click) } };
  const { [TOKEN_KEY]: token, ...entered } = click.inputs;
  const event: ActionEvent = { ...click, inputs: entered };
  const read = desk.keyring === undefined ? undefined : readToken(desk.keyring, token as JsonValue); // it has the key
  if (read === undefined) return { event, refusal: "unknown-key" };
  if (read.kind !== "genuine") return { event, refusal: read.kind };

  const { claims, key } = read;
  const { card, data, expiresAt } = claims;
  const signed: ActionEvent = {
    ...event,
    inputs: { ...entered, ...data },
    button: { card, data, expiresAt: new Date(expiresAt) },
  };
  const refusal = refusalByToken(desk, signed, claims, key);
  if (refusal !== undefined) return { event: signed, post: claims.post, refusal };
  const found = await findCard(desk, signed, claims.post, signal);
  if (typeof found === "string") return { event: signed, post: claims.post, refusal: found };
  const isClicked = found.isPosted
    ? (posted: JsonObject) => posted[TOKEN_KEY] === token
    : (sent: JsonObject) => isSameJson(sent, data);
  const form = checkForm(found.content, isClicked, { entered, data });
  warnOfUnchecked(desk, form);
  return { event: { ...signed, form }, post: claims.post };
}

/** Anybody in the room may have made up the click: all that is known of it is which message it names. */
async function unsignedForm(
  { records, keys }: ButtonKeys,
  { inputs, messageId }: ActionEvent,
): Promise<ClickedForm | undefined> {
  const shown = await readShown(records, keys.shown(messageId));
  const { action } = inputs;
  if (shown?.kind !== "shown" || typeof action !== "string") return undefined;
  const content = contentOf(shown);
  const ids = new Set(cardInputs(content).map(({ id }) => id));
  const data = Object.fromEntries(Object.entries(inputs).filter(([id]) => !ids.has(id))) as JsonObject; // of JSON
  return checkForm(content, (sent) => sent.action === action, { entered: inputs, data });
}

function refusalByToken(
  desk: ButtonKeys,
  { room, person }: ActionEvent,
  claims: ButtonClaims,
  key: SigningKey,
): TokenRefusal | undefined {
  const isHere = [desk.roomPrint(key, room.id), desk.roomPrint(key, undefined)].includes(claims.room);
  if (!isHere) return "elsewhere";
  if (desk.now() >= claims.expiresAt) return "expired";
  if (claims.audience.length > 0 && !isAmong(claims.audience, desk, key, person)) return "not-for-you";
  return undefined;
}

/** A card, as Bellhop has kept it or as the platform shows it. */
interface FoundCard {
  readonly content: JsonObject;
  /** Whether it is the card that was posted, with the tokens in it. */
  readonly isPosted: boolean;
}

/**
 * Finds the card that the button is on.
 * @param post for which the button was signed
 * @returns why the button cannot be used, if the message does not show this card
 */
async function findCard(
  desk: ButtonKeys,
  { room, messageId }: ActionEvent,
  post: string,
  signal: AbortSignal,
): Promise<FoundCard | TokenRefusal> {
  const { records, keys } = desk;
  const [shown, gone] = await Promise.all([
    readShown(records, keys.shown(messageId)),
    records.read(keys.gone(post)),
  ]);
  if (gone !== undefined) return "replaced";
  if (shown?.kind === "shown" && shown.post === post) return { content: contentOf(shown), isPosted: false };
  const posted = await records.read(keys.posted(post));
  // The message that it was posted in shows another card now, or is gone.
  if (posted !== undefined) return posted.value === keys.shown(messageId) ? "replaced" : "elsewhere";
  // Not kept yet: the handler that posted the card has not ended, or its process has died.
  const content = await desk.cardOf({ id: messageId, roomId: room.id }, signal);
  if (content !== undefined && tokensIn(content).some((token) => postOf(desk, token) === post))
    return { content, isPosted: true };
  return shown?.kind === "gone" ? "replaced" : "elsewhere";
}

/** The message for which a token was signed. */
function postOf({ keyring }: ButtonKeys, token: string): string | undefined {
  const read = keyring && readToken(keyring, token);
  return read?.kind === "genuine" ? read.claims.post : undefined;
}

function warnOfUnchecked({ log, platform }: ButtonKeys, { unchecked }: ClickedForm): void {
  for (const { id, regex } of unchecked)
    log.warn("a click was refused, because the card's regex cannot be read or ran out of time", {
      ...{ platform, input: id, pattern: regex },
    });
}

function isAmong(
  audience: readonly string[],
  desk: ButtonKeys,
  key: SigningKey,
  { id, email }: Person,
): boolean {
  const prints = [id, ...(email === undefined ? [] : [email])].map((who) => desk.personPrint(key, who));
  return prints.some((print) => audience.includes(print));
}

/** The card of a click, for what its handlers do to it. */
export function clickedCard({ event, post }: CheckedClick, now: number): ClickedCard {
  return { card: cardOf(event), messageId: event.messageId, post, expiresAt: keptUntil(event, now) };
}
