import { createHash } from "node:crypto";
import { CardError, UnsupportedError } from "../contract/errors";
import type { Person, SignedButton, Target } from "../contract/event";
import type { Card, MessageRef, OutgoingMessage, Recipient, SentMessage } from "../contract/platform";
import type { PendingWrites } from "../state/pending-writes";
import type { ButtonKeys } from "./button-keys";
import { signToken } from "./button-token";
import { shownToJson } from "./card-records";
import type { SigningKey } from "./keyring";
import { TOKEN_KEY, withSubmitData } from "./submit-actions";

/** Named people a card is meant for at most: each takes 8 characters in each button. */
const MOST_NAMED = 100;
/** A message that is gone cannot be clicked; clicks made before may wait in the inbox for a while. In milliseconds. */
const REMEMBER_GONE_MS = 7 * 86_400_000;
const ID_LENGTH = 12;

/** A message as it is to be posted, and what to do when it has been. */
export interface SealedMessage {
  readonly message: OutgoingMessage;
  posted(sent: SentMessage): void;
}

/** Where a card is about to be posted. */
export interface Posting {
  /** The same in every attempt at the event, and of no other message of it. */
  readonly place: string;
  readonly target: Target | Recipient;
  /** Card that is drawn anew; absent: a new one. */
  readonly anew?: DrawnAnew | undefined;
}

/** A card that is drawn anew; it expires when it would have, and with it all that is kept of it. */
export type DrawnAnew = Pick<SignedButton, "card" | "expiresAt">;

/** A card that somebody clicked, and the message that showed it. */
export interface ClickedCard {
  readonly card: string;
  readonly messageId: string;
  /** Absent for a card that is not signed. */
  readonly post?: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The event whose handlers post. */
export interface SealSource {
  readonly key: string;
  readonly person: Person | undefined;
  /** Milliseconds since 1970; the same in every attempt, and with it all that is posted. */
  readonly receivedAt: number;
  /** The card that was clicked. */
  readonly clicked?: ClickedCard | undefined;
}

/** Signs the buttons of the cards that an event's handlers post, and keeps which message shows which card. */
export class ButtonSigner {
  readonly #desk: ButtonKeys;
  readonly #source: SealSource;
  readonly #changes: PendingWrites;

  constructor(desk: ButtonKeys, source: SealSource, changes: PendingWrites) {
    this.#desk = desk;
    this.#source = source;
    this.#changes = changes;
  }

  /** @throws CardError, UnsupportedError for an audience that cannot be told */
  seal(message: OutgoingMessage, posting: Posting): SealedMessage {
    const { keyring, keys } = this.#desk;
    const replaced = (): void => {
      if (posting.anew !== undefined) this.#clickedIsGone();
    };
    if (message.card === undefined || keyring === undefined) return { message, posted: replaced };
    const [key] = keyring;
    const post = digest(this.#source.key, posting.place);
    const card = posting.anew?.card ?? post;
    const room = this.#desk.roomPrint(key, "roomId" in posting.target ? posting.target.roomId : undefined);
    const { expiresAfterMs = this.#desk.expiresAfterMs } = message.card.buttons ?? {};
    const expiresAt = posting.anew?.expiresAt.getTime() ?? this.#source.receivedAt + expiresAfterMs;
    const audience = this.#audienceOf(message.card, posting.target, key);

    const signed = withSubmitData(message.card, (data) => ({
      [TOKEN_KEY]: signToken(keyring, { card, post, room, audience, expiresAt, data }),
    }));
    if (signed === message.card) return { message, posted: replaced };
    return {
      message: { ...message, card: signed },
      posted: ({ id }) => {
        replaced();
        this.#changes.add("always", { key: keys.posted(post), value: keys.shown(id), expiresAt });
        this.#changes.add("always", {
          key: keys.shown(id),
          value: shownToJson({ kind: "shown", card, post, form: message.card }),
          expiresAt,
        });
      },
    };
  }

  /** A message is not there any more. @param anew the card that it showed is in another one now */
  removed({ id }: MessageRef, anew?: DrawnAnew): void {
    const { clicked } = this.#source;
    if (clicked?.messageId === id) {
      this.#clickedIsGone();
      if (anew === undefined) this.#changes.add("always", { key: this.#desk.keys.state(clicked.card) });
    }
    this.#changes.add("always", {
      key: this.#desk.keys.shown(id),
      value: shownToJson({ kind: "gone" }),
      expiresAt: this.#desk.now() + REMEMBER_GONE_MS,
    });
  }

  /** What its buttons were signed for does not come back, whichever message they are sent with. */
  #clickedIsGone(): void {
    const { clicked } = this.#source;
    if (clicked?.post === undefined) return;
    const { post, expiresAt } = clicked;
    this.#changes.add("always", { key: this.#desk.keys.gone(post), value: true, expiresAt });
  }

  #audienceOf(card: Card, target: Target | Recipient, key: SigningKey): readonly string[] {
    const { audience = "room" } = card.buttons ?? {};
    if (typeof audience === "string" && !("roomId" in target))
      return [this.#desk.personPrint(key, "personId" in target ? target.personId : target.email)];
    if (audience === "room") return [];
    if (audience === "asker") {
      const { person } = this.#source;
      if (person === undefined)
        throw new UnsupportedError(
          this.#desk.platform,
          "tell who asked for a card",
          "name the people in its audience",
        );
      return [this.#desk.personPrint(key, person.id)];
    }
    if (audience.length === 0 || audience.length > MOST_NAMED)
      throw new CardError(
        "card-invalid",
        `card "${card.name}": its audience names ${audience.length} people, expected 1 to ${MOST_NAMED}`,
      );
    return audience.map((one) => this.#desk.personPrint(key, one));
  }
}

function digest(...of: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("base64url").slice(0, ID_LENGTH);
}
