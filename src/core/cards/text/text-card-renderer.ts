import { createHash } from "node:crypto";
import type { CardSource } from "../../contract/card-source";
import { toJson } from "../../contract/json";
import { escapeMarkdown } from "../../contract/markdown";
import type { PendingWrites } from "../../state/pending-writes";
import type { ButtonKeys } from "../button-keys";
import type { SealedMessage } from "../button-signer";
import { type TextCardAction, writeMenu } from "./text-card";
import type { TextCardRecord } from "./text-card-records";

/** A choice that comes too late is still told so, for a while, in milliseconds. */
const KEPT_LONGER_MS = 86_400_000;

/** Writes cards as text where they are not drawn, and keeps what can be chosen by an answer. */
export class TextCardRenderer {
  readonly #desk: ButtonKeys;
  readonly #changes: PendingWrites;
  readonly #cards: Pick<CardSource, "withPlainTexts">;
  /** Choices that the platform shows as buttons below a text, at most. */
  readonly #mostReplies: number;

  constructor(
    desk: ButtonKeys,
    changes: PendingWrites,
    cards: Pick<CardSource, "withPlainTexts">,
    mostReplies: number,
  ) {
    this.#desk = desk;
    this.#changes = changes;
    this.#cards = cards;
    this.#mostReplies = mostReplies;
  }

  /** @param bot who posts it */
  write({ message, posted }: SealedMessage, bot: string): SealedMessage {
    const { card } = message;
    if (card === undefined) return { message, posted };
    const { menu, markdown: words } = writeMenu(card, this.#cards);
    const { actions } = menu;
    const quickReplies =
      actions.length > 0 && actions.length <= this.#mostReplies
        ? actions.map((action, index) => ({ id: choiceId(action, index), title: action.title }))
        : undefined;
    const before = message.markdown ?? escapeMarkdown(message.text ?? "");
    return {
      message: { markdown: before === "" ? words : `${before}\n\n${words}`, quickReplies },
      posted: (sent) => {
        posted(sent);
        if (actions.length === 0) return;
        const { expiresAfterMs = this.#desk.expiresAfterMs } = card.buttons ?? {};
        const expiresAt = this.#desk.now() + expiresAfterMs + KEPT_LONGER_MS;
        this.#keep(sent.roomId, { messageId: sent.id, bot, card: card.name, actions }, expiresAt);
        for (const [action, { id }] of quickReplies?.entries() ?? []) {
          const value = { messageId: sent.id, action };
          this.#changes.add("always", { key: this.#desk.keys.quickReply(id), value, expiresAt });
        }
      },
    };
  }

  #keep(roomId: string, menu: TextCardRecord, expiresAt: number): void {
    const { keys } = this.#desk;
    this.#changes.add("always", { key: keys.menu(menu.messageId), value: toJson(menu), expiresAt });
    this.#changes.add("always", { key: keys.latestMenu(roomId), value: menu.messageId, expiresAt });
  }
}

/** A UUID, as platforms want it: the same in every attempt at posting it. */
function choiceId({ title, data }: Pick<TextCardAction, "title" | "data">, index: number): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([index, title, data]))
    .digest("hex");
  const [a, b, c, d, e] = [0, 8, 13, 17, 20].map((at, part) => digest.slice(at, at + (LENGTHS[part] ?? 0)));
  return [a, b, `4${c}`, `8${d}`, e].join("-");
}

const LENGTHS = [8, 4, 3, 3, 12];
