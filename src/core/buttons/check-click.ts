import type { ActionEvent, Person } from "../event";
import type { JsonValue } from "../notice";
import { cardOf, keptUntil, readShown } from "./card-records";
import type { ButtonDesk } from "./desk";
import type { SigningKey } from "./keyring";
import type { TokenRefusal } from "./refusal";
import type { ClickedCard } from "./seal";
import { TOKEN_KEY } from "./submits";
import { type ButtonClaims, readToken } from "./token";

/** A click, without the token among its inputs, and what is wrong with it, if anything. */
export interface CheckedClick {
  /** Its `button` is set for a click that is as the bot signed it. */
  readonly event: ActionEvent;
  /** Which of the bot's messages the button was signed for; absent unless it is ours. */
  readonly post?: string | undefined;
  readonly refusal?: TokenRefusal | undefined;
}

/**
 * Looks at the token of a click: whether it is ours, and of this room, this message and this person. What a click has
 * for its data is what was signed, whatever else came along.
 */
export async function checkClick(desk: ButtonDesk, click: ActionEvent): Promise<CheckedClick> {
  if (!Object.hasOwn(click.inputs, TOKEN_KEY)) return { event: { ...click, button: undefined } };
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
  return { event: signed, post: claims.post, refusal: await refusalOf(desk, signed, claims, key) };
}

async function refusalOf(
  desk: ButtonDesk,
  { room, person, messageId }: ActionEvent,
  claims: ButtonClaims,
  key: SigningKey,
): Promise<TokenRefusal | undefined> {
  const isHere = [desk.roomPrint(key, room.id), desk.roomPrint(key, undefined)].includes(claims.room);
  if (!isHere) return "elsewhere";
  if (desk.now() >= claims.expiresAt) return "expired";
  if (claims.audience.length > 0 && !isAmong(claims.audience, desk, key, person)) return "not-for-you";
  const { records, keys } = desk;
  const [shown, gone] = await Promise.all([
    readShown(records, keys.shown(messageId)),
    records.read(keys.gone(claims.post)),
  ]);
  if (gone !== undefined) return "replaced";
  if (shown?.kind === "shown" && shown.post === claims.post) return undefined;
  if (shown === undefined) {
    const posted = await records.read(keys.posted(claims.post));
    // Not kept yet: the handler that posted the card has not ended. The token has said all but which message it is in.
    if (posted === undefined) return undefined;
    return posted.value === keys.shown(messageId) ? undefined : "elsewhere";
  }
  return shown.kind === "gone" || shown.card === claims.card ? "replaced" : "elsewhere";
}

function isAmong(
  audience: readonly string[],
  desk: ButtonDesk,
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
