import { loadCards } from "../../cards/load";
import type { CommonConfig } from "../../config";
import { type Finding, fault, warning, well } from "../../core/finding";
import { LoadError, shownPath } from "../../core/load-error";
import type { BuiltBot } from "../../core/routes";
import * as forBots from "../../for-bots";
import { loadBots } from "../../load/bots";

/** Loads the bots as a start would. They are absent when one cannot be loaded. */
export async function examineBots({
  botsDir,
}: Pick<CommonConfig, "botsDir">): Promise<{ finding: Finding; bots?: readonly BuiltBot[] }> {
  try {
    const bots = await loadBots(botsDir, forBots);
    const names = bots.map(({ name }) => name).join(", ");
    return { finding: well("bots", `${bots.length} in ${shownPath(botsDir)}: ${names}`), bots };
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return { finding: fault("bots", error.message, "mend what is said of each file") };
  }
}

/** Loads the cards as a start would. */
export function examineCards({ cardsDir }: Pick<CommonConfig, "cardsDir">): Finding[] {
  try {
    const { warnings } = loadCards(cardsDir);
    return [
      well("cards", `those in ${shownPath(cardsDir)} can be used`),
      ...warnings.map((one) => warning("cards", one, "mend it, or see how it looks in the playground")),
    ];
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return [fault("cards", error.message, "mend what is said of each file")];
  }
}
