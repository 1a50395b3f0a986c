import type { CardInput, InputProblem } from "../../contract/clicked-form";
import type { ActionEvent, MessageEvent } from "../../contract/event";
import { toJson } from "../../contract/json";
import type { Logger } from "../../contract/logger";
import { escapeMarkdown } from "../../contract/markdown";
import { type QuestionSlot, questionFrom } from "../../state/pending-question";
import type { ButtonKeys } from "../button-keys";
import { foldCase } from "./normalize-text";
import { chosen, type TextCardAction } from "./text-card";
import { type Asking, askingFrom, menuFrom, pressedFrom, type TextCardRecord } from "./text-card-records";
import { parseAnswer, questionFor } from "./text-input";

/** What a message means as the answer to a menu. */
export type Choice =
  /** All is said: it is as if the card's button had been clicked. */
  | { readonly kind: "click"; readonly event: ActionEvent }
  /** A button that asks for something was chosen: whether it may be used can be told before anything is asked. */
  | { readonly kind: "begun"; readonly event: ActionEvent; ask(): Question }
  | Question;

/** Something is to be said by the bot that posted the menu. */
export interface Question {
  readonly kind: "question";
  readonly bot: string;
  readonly markdown: string;
}

/** Somebody who has chosen and does not go on is left alone after this long, in milliseconds. */
const ASKING_MS = 3_600_000;

const CANCEL = new Set(["cancel", "stop"]);
const BACK = new Set(["back"]);

/** Somebody in the middle of a menu. */
interface Turn {
  readonly menu: TextCardRecord;
  readonly action: TextCardAction;
  readonly asking: Asking;
}

/** Takes messages for choices, and asks for what the chosen button needs, one thing after the other. */
export class TextCardAnswers {
  readonly #desk: ButtonKeys;
  readonly #event: MessageEvent;
  readonly #asking: QuestionSlot;
  readonly #log: Logger;
  /** Whether a menu was asking when the message came. */
  #wasAsked = false;
  #clicked: Turn | undefined;

  /** @param asking of the person who wrote it */
  constructor(desk: ButtonKeys, event: MessageEvent, asking: QuestionSlot, log: Logger) {
    this.#desk = desk;
    this.#event = event;
    this.#asking = asking;
    this.#log = log;
  }

  /** @returns `undefined` for a message that is about no menu */
  async take(): Promise<Choice | undefined> {
    const { message } = this.#event;
    const asking = askingFrom(await this.#asking.read());
    this.#wasAsked = asking !== undefined;
    // The button of a card from long ago, or one that is none of ours: what it says is no choice in another card.
    if (message.choiceId !== undefined) return this.#pressed(message.choiceId);
    if (message.text === "") return undefined;
    const quoted = await this.#menu(message.threadId);
    const asked = await this.#turn(asking);
    if (asked !== undefined && (quoted === undefined || quoted.messageId === asked.menu.messageId))
      return this.#answer(asked);
    const menu = quoted ?? (await this.#latest());
    return menu && this.#begin(menu, chosen(menu.actions, message.text));
  }

  /**
   * Has what does not fit entered once more. Only after a click.
   * @returns `undefined` when something else than what was asked for does not fit
   */
  again(problems: readonly InputProblem[]): string | undefined {
    const clicked = this.#clicked;
    const inputs = clicked?.action.inputs.filter(({ isAsked }) => isAsked) ?? [];
    const ids = problems.map(({ id }) => id);
    if (clicked === undefined || !ids.every((id) => inputs.some((input) => input.id === id)))
      return undefined;
    return this.#ask({ ...clicked, asking: { ...clicked.asking, asked: [], left: ids } }).markdown;
  }

  /** By a quick reply. */
  async #pressed(choiceId: string): Promise<Choice | undefined> {
    const { records, keys } = this.#desk;
    const pressed = pressedFrom(await records.read(keys.quickReply(choiceId)));
    const menu = await this.#menu(pressed?.messageId);
    return menu && pressed && this.#begin(menu, menu.actions[pressed.action]);
  }

  async #menu(messageId: string | undefined): Promise<TextCardRecord | undefined> {
    const { records, keys } = this.#desk;
    return messageId === undefined ? undefined : menuFrom(await records.read(keys.menu(messageId)));
  }

  /** The one that is meant by whoever does not say which: not when they were asked something else since. */
  async #latest(): Promise<TextCardRecord | undefined> {
    const { records, keys } = this.#desk;
    const latest = (await records.read(keys.latestMenu(this.#event.room.id)))?.value;
    const question = questionFrom(await this.#asking.read());
    if (typeof latest !== "string" || question?.messages.includes(latest) === false) return undefined;
    return this.#menu(latest);
  }

  async #turn(asking: Asking | undefined): Promise<Turn | undefined> {
    const menu = await this.#menu(asking?.messageId);
    if (asking === undefined || menu === undefined) return undefined;
    const action = menu.actions[asking.action];
    return action === undefined ? undefined : { menu, action, asking };
  }

  /** What was chosen, with nothing entered yet. */
  #begin(menu: TextCardRecord, action: TextCardAction | undefined): Choice | undefined {
    if (action === undefined) return undefined;
    const { messageId, actions } = menu;
    const left = action.inputs.filter(({ isAsked }) => isAsked).map(({ id }) => id);
    const unseen = action.inputs.filter(({ isAsked, initial }) => !isAsked && initial !== "");
    const entered = Object.fromEntries(unseen.map(({ id, initial }) => [id, initial]));
    const turn = {
      menu,
      action,
      asking: { messageId, action: actions.indexOf(action), entered, asked: [], left },
    };
    if (left.length === 0) return this.#click(turn);
    return { kind: "begun", event: this.#clickOf(turn), ask: () => this.#ask(turn) };
  }

  #answer(turn: Turn): Choice {
    const { menu, action, asking } = turn;
    const said = foldCase(this.#event.message.text);
    if (CANCEL.has(said)) {
      this.#asking.clear();
      return {
        kind: "question",
        bot: menu.bot,
        markdown: `Left: *${escapeMarkdown(action.title)}* was not sent.`,
      };
    }
    const [id, ...before] = asking.asked.toReversed();
    const input = action.inputs.find((one) => one.id === id);
    if (id === undefined || input === undefined) return this.#goOn(turn);
    if (BACK.has(said)) {
      const left = [...before.slice(0, 1), id, ...asking.left];
      const asked = before.slice(1).toReversed();
      return this.#goOn({ ...turn, asking: { ...asking, asked, left } });
    }
    const answer = parseAnswer(input, this.#event.message.text);
    if (answer.kind === "misfit") {
      if (answer.isUnchecked) this.#warnOfUnchecked(turn, input);
      return {
        kind: "question",
        bot: menu.bot,
        markdown: `${escapeMarkdown(answer.problem)} Say **cancel** to leave it.\n\n${toMarkdown(input)}`,
      };
    }
    return this.#goOn({
      ...turn,
      asking: { ...asking, entered: { ...asking.entered, [id]: answer.value } },
    });
  }

  #warnOfUnchecked({ menu }: Turn, { id, regex }: CardInput): void {
    const { bot, card } = menu;
    const fields = { bot, card, input: id, pattern: regex };
    this.#log.warn(
      "an answer was refused, because the card's regex cannot be read or ran out of time",
      fields,
    );
  }

  /** The next question, or the click. */
  #goOn(turn: Turn): Choice {
    return turn.asking.left.length > 0 ? this.#ask(turn) : this.#click(turn);
  }

  #click(turn: Turn): Choice {
    if (this.#wasAsked) this.#asking.clear();
    this.#clicked = turn;
    return { kind: "click", event: this.#clickOf(turn) };
  }

  #clickOf({ menu, action, asking }: Turn): ActionEvent {
    const { notice, person, room, target, message, resource } = this.#event;
    return {
      kind: "action",
      notice: { ...notice, name: "attachmentActions.created" },
      ...{ person, room, target, resource },
      actionId: message.id,
      messageId: menu.messageId,
      inputs: { ...asking.entered, ...action.data },
    };
  }

  #ask({ menu, action, asking }: Turn): Question {
    const [next = "", ...left] = asking.left;
    const input = action.inputs.find(({ id }) => id === next);
    this.#asking.keep(toJson({ ...asking, asked: [...asking.asked, next], left }), ASKING_MS);
    return { kind: "question", bot: menu.bot, markdown: input === undefined ? "" : toMarkdown(input) };
  }
}

/** What is in a question may look like Markdown, and is none. */
function toMarkdown(input: CardInput): string {
  return questionFor(input)
    .split("\n")
    .map((line) => {
      const number = /^\d{1,3}\. /.exec(line)?.[0] ?? "";
      return number + escapeMarkdown(line.slice(number.length));
    })
    .join("\n");
}
