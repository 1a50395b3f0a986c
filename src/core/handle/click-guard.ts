import type { ButtonKeys } from "../cards/button-keys";
import { readShown } from "../cards/card-records";
import { correctedForm } from "../cards/corrected-form";
import { OnceGuard } from "../cards/once-guard";
import {
  type ClickRefusal,
  REFUSAL_TEXTS,
  type RefusalReason,
  type TokenRefusal,
} from "../contract/click-refusal";
import type { InputProblem } from "../contract/clicked-form";
import type { ActionContext } from "../contract/context";
import { HandlerError } from "../contract/errors";
import type { ActionEvent, BotEvent, Room } from "../contract/event";
import type { Card } from "../contract/platform";
import type { HandlerContext } from "../reply/handler-context";
import type { PendingWrites } from "../state/pending-writes";
import type { ChainResult, ClickGate } from "./handler-chain";
import type { Router } from "./router";
import type { ActionRoute, BuiltBot } from "./routes";

export interface ClickParts {
  /** Any event: of those that are no clicks, nothing is refused. */
  readonly event: BotEvent;
  readonly desk: ButtonKeys;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly changes: PendingWrites;
  /** Looked up where the event does not say it. */
  roomKind(room: Room): Promise<Room["kind"]>;
  contextFor(bot: BuiltBot, handler: string): HandlerContext;
}

/** A bot, and its handlers for the button that was clicked. */
interface Candidate {
  readonly bot: BuiltBot;
  readonly router: Router;
}

/** A click that was refused is settled; nothing about it can be tried again. */
export interface Refused {
  readonly kind: "dropped";
  readonly reason: string;
}

/** Somebody hears of the same reason at the same card again after this long, in milliseconds. */
const TELL_AGAIN_MS = 86_400_000;

/** What happens to a click before and instead of its handler. */
export class ClickGuard {
  readonly #parts: ClickParts;
  readonly #once: OnceGuard;

  constructor(parts: ClickParts) {
    this.#parts = parts;
    this.#once = new OnceGuard(parts.desk, parts.changes);
  }

  /** Lets a click through to a handler whose button may be used. */
  readonly gate: ClickGate = async ({ once }) => {
    const { event, receivedAt } = this.#parts;
    if (event.kind !== "action" || once === undefined) return undefined;
    return this.#once.claim(event, once, receivedAt);
  };

  /** A bot has answered. */
  ended(result: ChainResult): void {
    this.#once.ended(result.kind === "answered" && result.isCaught !== true);
  }

  /** Whether a bot would have taken the click if it were signed. */
  isUnsigned(bots: readonly Candidate[]): boolean {
    const { event } = this.#parts;
    return (
      event.kind === "action" &&
      event.button === undefined &&
      bots.some(({ router }) => router.buttons(event).length > 0)
    );
  }

  /** Has the bot that would have answered say why it does not. */
  async refuse(bots: readonly Candidate[], reason: TokenRefusal): Promise<Refused> {
    const { event } = this.#parts;
    if (event.kind !== "action") return dropped(reason);
    // What an altered button calls itself is no name of ours; but the person waits for an answer all the same.
    const anyBot = bots.find(hasButtons) ?? (reason === "unhandled" ? bots[0] : undefined);
    const [first = anyBot] = bots.filter(({ router }) => router.buttons(event).length > 0);
    if (first === undefined) return dropped(reason);
    const refusal = { reason, markdown: REFUSAL_TEXTS[reason] };
    const used = reason === "replaced" ? await this.#usedBy(event, first.router.buttons(event)) : undefined;
    return this.tell(first.bot, used ?? refusal);
  }

  /** Of the bots that have a handler for the button, the first whose button was used up, and by whom. */
  async usedUp(
    bots: readonly Candidate[],
  ): Promise<{ readonly bot: BuiltBot; readonly refusal: ClickRefusal } | undefined> {
    const { event } = this.#parts;
    if (event.kind !== "action") return undefined;
    for (const { bot, router } of bots) {
      const refusal = await this.#usedBy(event, router.buttons(event));
      if (refusal !== undefined) return { bot, refusal };
    }
    return undefined;
  }

  /** Tells the person, once. @throws HandlerError when the bot's own way of doing so throws */
  async tell(bot: BuiltBot, refusal: ClickRefusal): Promise<Refused> {
    const { event, desk, changes, contextFor } = this.#parts;
    if (event.kind !== "action") return dropped(refusal.reason);
    const key = desk.keys.told(event.messageId, event.person.id, refusal.reason);
    // A person's clicks in a room are handled one after the other, so nobody else writes it meanwhile.
    if ((await desk.records.read(key)) !== undefined) return dropped(refusal.reason);
    changes.add("handled", { key, value: true, expiresAt: desk.now() + TELL_AGAIN_MS });
    const ctx = contextFor(bot, "refused");
    if (bot.refusers.length === 0) {
      await ctx.reply({ markdown: refusal.markdown });
      return dropped(refusal.reason);
    }
    try {
      for (const refuser of bot.refusers) await refuser(refusal, ctx as ActionContext); // the event is a click
      await ctx.inHand.ended();
    } catch (error) {
      throw new HandlerError(`bot "${bot.name}", refused`, error);
    }
    return dropped(refusal.reason);
  }

  /**
   * The form that was sent, as it was filled in and with what does not fit at its field. Only where nobody else uses it:
   * in the room of one person, or a card for one. Others would lose what they are about to enter, and see what was.
   * @returns `undefined` also for a card that is not known, or too large to be kept
   */
  async formAgain(problems: readonly InputProblem[]): Promise<Card | undefined> {
    const { event, desk, roomKind } = this.#parts;
    if (event.kind !== "action" || event.button === undefined) return undefined;
    const shown = await readShown(desk.records, desk.keys.shown(event.messageId));
    if (shown?.kind !== "shown" || shown.form === undefined) return undefined;
    const { audience } = shown.form.buttons ?? {};
    const isForOne = audience === "asker" || (Array.isArray(audience) && audience.length === 1);
    if (!isForOne && (await roomKind(event.room)) !== "direct") return undefined;
    return correctedForm(shown.form, event.inputs, problems);
  }

  /** Of a card that is gone because its button was used, people want to know by whom. */
  async #usedBy(event: ActionEvent, routes: readonly ActionRoute[]): Promise<ClickRefusal | undefined> {
    for (const { once } of routes) {
      const used = once && (await this.#once.usedBy(event, once));
      if (used !== undefined) return used;
    }
    return undefined;
  }
}

function hasButtons({ bot }: Candidate): boolean {
  return bot.routes.some(({ kind }) => kind === "action");
}

function dropped(reason: RefusalReason): Refused {
  return { kind: "dropped", reason: `the click is refused: ${reason}` };
}
