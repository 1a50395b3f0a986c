import type { BotEvent } from "../contract/event";
import type { BuiltBot } from "./routes";

/** How far an attempt has come: filled in while it runs, and read when it has failed. */
export interface AttemptProgress {
  /** The event, once it has been fetched. */
  event?: BotEvent | undefined;
  /** The bot whose turn it is, or was when the attempt failed. */
  bot?: BuiltBot | undefined;
  /** Whether an answer was certain, though no handler of the bot has matched: a question, the usage of a command, a refusal. */
  isAnswering?: boolean | undefined;
}
