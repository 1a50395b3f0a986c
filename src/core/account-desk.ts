import { serves } from "./accounts";
import type { ButtonDesk } from "./buttons/desk";
import { listenedNames } from "./listened-names";
import type { Notice } from "./notice";
import type { Platform } from "./platform";
import { PostedMessages } from "./posted-messages";
import { Receipts } from "./receipts";
import type { Records } from "./records";
import type { Router } from "./router";
import type { BuiltBot } from "./routes";

/** A bot and its handlers, ready to be found. */
export interface RoutedBot {
  readonly bot: BuiltBot;
  readonly router: Router;
}

/** An account and the bots that answer for it. */
export interface AccountDesk {
  readonly platform: Platform;
  readonly bots: readonly RoutedBot[];
  readonly buttons: ButtonDesk;
  /** What this process posts with the account. */
  readonly posted: PostedMessages;
  /** What the platform has delivered of the bot's own messages; absent where it delivers none. */
  readonly receipts: Receipts | undefined;
  /** Whether one of the bots may have asked somebody something. */
  readonly asks: boolean;
  /** Whether any handler can match, told by the notice alone, so that nothing is fetched for nobody. */
  wants(notice: Notice): boolean;
}

export function createAccountDesk(
  platform: Platform,
  routed: readonly RoutedBot[],
  buttons: ButtonDesk,
  records: Records,
): AccountDesk {
  const account = { platform: platform.name, account: platform.account };
  const bots = routed.filter(({ bot }) => serves(bot, account));
  const wanted = listenedNames(
    bots.map(({ bot }) => bot),
    platform.can,
  );
  const isWanted = (name: string): boolean =>
    wanted.has("*") || wanted.has(name) || wanted.has(name.slice(0, Math.max(0, name.lastIndexOf("."))));
  const posted = new PostedMessages(platform);
  return {
    ...{ platform, bots, buttons, posted },
    receipts: platform.receiptOf && new Receipts(platform, posted, records),
    asks: bots.some(({ bot }) => bot.steps.size > 0),
    wants: ({ name, alias }) => isWanted(name) || (alias !== undefined && isWanted(alias)),
  };
}
