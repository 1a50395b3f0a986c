import type { ButtonKeys } from "../cards/button-keys";
import { serves } from "../contract/account";
import type { Notice } from "../contract/notice";
import type { Platform } from "../contract/platform";
import type { Records } from "../contract/records";
import { PostedMessages } from "../reply/posted-messages";
import { Receipts } from "../reply/receipts";
import type { Router } from "./router";
import type { BuiltBot } from "./routes";
import { subscribedEventNames } from "./subscribed-events";

/** A bot and its handlers, ready to be found. */
export interface RoutedBot {
  readonly bot: BuiltBot;
  readonly router: Router;
}

/** An account and the bots that answer for it. */
export interface ServedAccount {
  readonly platform: Platform;
  readonly bots: readonly RoutedBot[];
  readonly buttons: ButtonKeys;
  /** The messages that this process posts with the account. */
  readonly posted: PostedMessages;
  /** What the platform has delivered of the bot's own messages; absent where it delivers none. */
  readonly receipts: Receipts | undefined;
  /** Whether one of the bots may have asked somebody something. */
  readonly asks: boolean;
  /** Whether any handler can match, told by the notice alone, so that nothing is fetched for nobody. */
  wants(notice: Notice): boolean;
}

export function createServedAccount(
  platform: Platform,
  routed: readonly RoutedBot[],
  buttons: ButtonKeys,
  records: Records,
): ServedAccount {
  const account = { platform: platform.name, account: platform.account };
  const bots = routed.filter(({ bot }) => serves(bot, account));
  const wanted = subscribedEventNames(
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
