import { REFUSAL_TEXTS } from "../contract/click-refusal";
import type { InputProblem } from "../contract/clicked-form";
import type { ReplyContent } from "../contract/context";
import type { BotEvent, MessageEvent } from "../contract/event";
import { asksForHelp, hasHelp, helpOnCommand, helpText, usageText } from "./help-text";
import { nearestCommand } from "./nearest-command";
import type { BuiltBot } from "./routes";
import type { RoutedBot } from "./served-account";

/** An answer that no handler gives. */
export interface UnaskedReply {
  readonly bot: BuiltBot;
  readonly by: string;
  readonly markdown: string;
  /** The reason why a click is refused. */
  readonly problems?: readonly InputProblem[] | undefined;
}

/** Finds the built-in answer that comes before catch-alls: how a command is written, or the list of commands. */
export function unaskedReply(event: BotEvent, admitted: readonly RoutedBot[]): UnaskedReply | undefined {
  if (event.kind !== "message" && event.kind !== "action") return undefined;
  for (const { bot, router } of admitted) {
    const misfit = router.misfit(event);
    if (misfit === undefined) continue;
    const problems = misfit.kind === "inputs" ? misfit.problems : undefined;
    return { bot, by: "usage", markdown: usageText(misfit), problems };
  }
  const [first] = admitted;
  if (first === undefined || event.kind !== "message") return undefined;
  const { text } = event.message;
  const bots = admitted.map(({ bot }) => bot);
  const list = asksForHelp(text) ? helpText(bots) : (helpOnCommand(text, bots) ?? "");
  return list === "" ? undefined : { bot: first.bot, by: "help", markdown: list };
}

/** The reply to a message that no handler takes, or why there is none. */
export type DefaultReply =
  | { readonly kind: "reply"; readonly bot: BuiltBot; readonly content: ReplyContent }
  | { readonly kind: "silence"; readonly reason: string };

/**
 * Decides what a person reads whose message no handler takes. Only a message that is meant for the bot has a default reply,
 * and never one of another bot: two bots would answer each other for ever.
 * @param admitted the bots that this person may use; the reply names their commands only
 */
export function defaultReply(event: MessageEvent, admitted: readonly RoutedBot[]): DefaultReply {
  const bots = admitted.map(({ bot }) => bot);
  const [first] = bots;
  const off = bots.find(({ defaultReply }) => defaultReply === false);
  if (first === undefined) return silence("there is no bot");
  if (event.person.isBot === true) return silence("another bot wrote the message");
  if (!event.message.isAddressed) return silence("the message is not addressed to the bot");
  if (off !== undefined) return silence(`bot "${off.name}" has switched the default reply off`);
  const own = bots.find(({ defaultReply }) => defaultReply !== undefined);
  if (own?.defaultReply) return { kind: "reply", bot: own, content: own.defaultReply };
  return { kind: "reply", bot: first, content: { markdown: defaultText(event, bots) } };
}

function silence(reason: string): DefaultReply {
  return { kind: "silence", reason };
}

/** Never with words of the person: they could be Markdown. */
function defaultText({ message }: MessageEvent, bots: readonly BuiltBot[]): string {
  // A quick reply whose card is no longer known.
  if (message.choiceId !== undefined) return REFUSAL_TEXTS.unhandled;
  const nearest = nearestCommand(message.text, bots);
  const help = hasHelp(bots) ? [HELP] : [];
  if (nearest !== undefined) return [`Did you mean \`${nearest.usage}\`?`, ...help].join(" ");
  return [whatIsUnknown(message), ...help].join(" ");
}

const HELP = "Send **help** to see all commands.";

function whatIsUnknown({ text, fileUrls }: MessageEvent["message"]): string {
  if (text !== "") return "The bot does not understand this message.";
  return fileUrls.length > 0
    ? "The bot does not know what to do with this file."
    : "The bot does not understand a message without text.";
}
