import type { RoutedBot } from "./account-desk";
import type { BotEvent } from "./event";
import type { InputProblem } from "./form/types";
import { asksForHelp, helpText, usageText } from "./help";
import type { BuiltBot } from "./routes";

/** An answer that no handler gives. */
export interface UnaskedReply {
  readonly bot: BuiltBot;
  readonly by: string;
  readonly markdown: string;
  /** What does not fit about a click. */
  readonly problems?: readonly InputProblem[] | undefined;
}

/** What nobody has to write a handler for: how a command is written, and the list of commands. */
export function unaskedReply(event: BotEvent, admitted: readonly RoutedBot[]): UnaskedReply | undefined {
  if (event.kind !== "message" && event.kind !== "action") return undefined;
  for (const { bot, router } of admitted) {
    const misfit = router.misfit(event);
    if (misfit === undefined) continue;
    const problems = misfit.kind === "inputs" ? misfit.problems : undefined;
    return { bot, by: "usage", markdown: usageText(misfit), problems };
  }
  const [first] = admitted;
  if (first === undefined || event.kind !== "message" || !asksForHelp(event.message.text)) return undefined;
  const list = helpText(admitted.map(({ bot }) => bot));
  return list === "" ? undefined : { bot: first.bot, by: "help", markdown: list };
}
