/** Names that are written in one file and used in another: a misspelt one would be found when a person needs it. */

import { isReadableAs } from "../cards/form/read-inputs";
import type { CardButtonInput, CardSource } from "../contract/card-source";
import type { InputRule, InputType } from "../contract/input-schema";
import { suggest } from "../util/suggest-name";
import type { ActionRoute, BuiltBot } from "./routes";

/** A name that stands as a constant in the source of the bots: `ctx.card("greeting")`. */
export interface NameInSource {
  readonly kind: "card" | "step";
  readonly name: string;
  /** `bots/echo.ts:12` */
  readonly at: string;
}

/** What the source of the bots says; empty for bots that are passed as objects. */
export interface BotSources {
  readonly names: readonly NameInSource[];
  /** How often each text in quotation marks occurs. */
  readonly quoted: ReadonlyMap<string, number>;
}

export const NO_SOURCES: BotSources = { names: [], quoted: new Map() };

/**
 * Finds names without a counterpart: a card or a step that does not exist, a button without a handler, a handler without a button,
 * an input of a handler's schema that the card does not have, or has as another type.
 * @returns sentences for the log
 */
export function findUnlinkedNames(
  bots: readonly BuiltBot[],
  cards: Pick<CardSource, "names" | "buttons">,
  { names, quoted }: BotSources = NO_SOURCES,
): string[] {
  const steps = new Set(bots.flatMap((bot) => [...bot.steps]));
  const actions = bots.flatMap(actionRoutes);
  return [
    ...names.flatMap(({ kind, name, at }) => {
      const known = kind === "card" ? new Set(cards.names) : steps;
      if (known.has(name)) return [];
      const missing =
        kind === "card" ? `there is no card "${name}"` : `no bot.answer("${name}") takes the answer`;
      return [`${at}: ${missing}${hint(name, known)}`];
    }),
    ...buttonsWithoutHandler(bots, cards, actions),
    ...handlersWithoutButton(cards, actions, quoted),
    ...actions.flatMap((route) => unfitInputs(route, cards)),
  ];
}

function buttonsWithoutHandler(
  bots: readonly BuiltBot[],
  { buttons = [] }: Pick<CardSource, "buttons">,
  actions: readonly ActionRoute[],
): string[] {
  // A handler for all clicks may read the action itself.
  const takesAll = bots.some(
    ({ routes, middleware }) => middleware.length > 0 || routes.some(isForAllClicks),
  );
  if (takesAll) return [];
  const handled = new Set(actions.map(({ action }) => action));
  return buttons
    .filter(({ action }) => !handled.has(action))
    .map(({ action, at }) => `${at}: no bot.action("${action}") takes this button${hint(action, handled)}`);
}

function handlersWithoutButton(
  { buttons }: Pick<CardSource, "buttons">,
  actions: readonly ActionRoute[],
  quoted: ReadonlyMap<string, number>,
): string[] {
  if (buttons === undefined) return [];
  const onCards = new Set(buttons.map(({ action }) => action));
  return actions
    .filter(({ action }) => !onCards.has(action) && (quoted.get(action) ?? 0) === 1)
    .map(({ action, at }) => `${at}: no button has the action "${action}"${hint(action, onCards)}`);
}

/** The inputs of a handler's schema that a click of its buttons never has, or never as this type. */
function unfitInputs(
  { action, at, inputs: schema = {} }: ActionRoute,
  { buttons = [] }: Pick<CardSource, "buttons">,
): string[] {
  const own = buttons.filter((button) => button.action === action && button.inputs !== undefined);
  return Object.entries(schema).flatMap(([id, entry]) => {
    const { type, optional = false }: InputRule = typeof entry === "string" ? { type: entry } : entry;
    // Data of a button is the bot's own.
    const asked = own.filter(({ data = [] }) => !data.includes(id));
    const wrong = asked.flatMap(({ inputs = [] }) => unreadable(inputs, id, type));
    const lacking = asked.filter(
      ({ inputs = [], hasUnknown = false }) => !hasUnknown && !inputs.some((input) => input.id === id),
    );
    // A handler for several cards has optional inputs that only some of them have.
    const isMissing = lacking.length > 0 && (!optional || lacking.length === own.length);
    const ids = lacking.flatMap(({ inputs = [] }) => inputs.map((input) => input.id));
    const reads = `${at}: bot.action("${action}") reads the input "${id}"`;
    return [
      ...new Set(wrong.map((input) => `${reads} as ${type}, but ${input.at} is an ${input.element}`)),
      ...(isMissing
        ? [
            `${reads}, which the button at ${lacking.map((button) => button.at).join(", ")} does not send${hint(id, ids)}`,
          ]
        : []),
    ];
  });
}

/** The inputs with this id; none if one of them can be read as the type: they may be alternatives. */
function unreadable(
  inputs: readonly CardButtonInput[],
  id: string,
  type: InputType,
): readonly CardButtonInput[] {
  const named = inputs.filter((input) => input.id === id);
  return named.some((input) => isReadableAs(type, input)) ? [] : named;
}

function actionRoutes({ routes }: BuiltBot): ActionRoute[] {
  return routes.filter((route): route is ActionRoute => route.kind === "action");
}

function isForAllClicks(route: BuiltBot["routes"][number]): boolean {
  return route.kind === "on" && ["*", "attachmentActions", "attachmentActions.created"].includes(route.name);
}

function hint(name: string, known: Iterable<string>): string {
  const meant = suggest(name, known);
  return meant === undefined ? "" : `. Did you mean "${meant}"?`;
}
