import { loadCards } from "../../cards/load";
import type { CommonConfig } from "../../config";
import { type Diagnostic, fault, warning, well } from "../../core/contract/diagnostic";
import { LoadError, shownPath } from "../../core/contract/load-error";
import type { BuiltBot } from "../../core/handle/routes";
import { findUnlinkedNames } from "../../core/handle/unlinked-names";
import * as forBots from "../../for-bots";
import { loadBots } from "../../load/bots";
import { readSourceNames } from "../../load/source-names";

/** Loads the bots as a start would. They are absent when one cannot be loaded. */
export async function examineBots({
  botsDir,
}: Pick<CommonConfig, "botsDir">): Promise<{ finding: Diagnostic; bots?: readonly BuiltBot[] }> {
  try {
    const bots = await loadBots(botsDir, forBots);
    const names = bots.map(({ name }) => name).join(", ");
    return { finding: well("bots", `${bots.length} in ${shownPath(botsDir)}: ${names}`), bots };
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return { finding: fault("bots", error.message, "mend what is said of each file") };
  }
}

/**
 * Loads the cards as a start would, and looks for names that the bots and the cards do not share.
 * @param bots absent: those could not be loaded
 */
export function examineCards(
  { cardsDir, botsDir }: Pick<CommonConfig, "cardsDir" | "botsDir">,
  bots: readonly BuiltBot[] | undefined,
): Diagnostic[] {
  try {
    const cards = loadCards(cardsDir);
    const unlinked = bots === undefined ? [] : findUnlinkedNames(bots, cards, readSourceNames(botsDir));
    return [
      well("cards", `those in ${shownPath(cardsDir)} can be used`),
      ...unlinked.map((one) => warning("names", one, "correct the name")),
      ...cards.warnings.map((one) => warning("cards", one, "mend it, or see how it looks in the playground")),
    ];
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return [fault("cards", error.message, "mend what is said of each file")];
  }
}
