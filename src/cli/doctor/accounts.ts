import type { AccountConfig, Config } from "../../config";
import { routeOf, serves } from "../../core/accounts";
import type { BuiltBot } from "../../core/bot";
import { listenedNames } from "../../core/dispatch";
import { describe } from "../../core/errors";
import { type Finding, fault, well } from "../../core/finding";
import { silentLogger } from "../../core/logger";
import type { Platform } from "../../core/platform";

/** What was found out about one account. */
export interface AccountFindings {
  /** `webex/default` */
  readonly account: string;
  readonly findings: readonly Finding[];
}

/** Looks at one account, by what its platform knows to look at. @param bots absent: they cannot be loaded */
export async function examineAccount(
  { module, account, values }: AccountConfig,
  { publicUrl, webhooks }: Pick<Config, "publicUrl" | "webhooks">,
  bots: readonly BuiltBot[] | undefined,
): Promise<AccountFindings> {
  const name = { platform: module.name, account };
  const targetUrl = publicUrl === undefined ? undefined : `${publicUrl}/webhooks${routeOf(name)}`;
  const arrival = bots && { listensTo: listenedNames(bots.filter((bot) => serves(bot, name))) };
  const { signal } = new AbortController();
  const found = (findings: readonly Finding[]): AccountFindings => ({
    account: `${module.name}/${account}`,
    findings,
  });
  let platform: Platform;
  try {
    platform = await module.create(values, { account, log: silentLogger, targetUrl, webhooks });
  } catch (error) {
    // A proxy in the environment that is none, say.
    return found([fault("settings", describe(error), "change it in .env or the environment")]);
  }
  try {
    return found((await platform.examine?.(arrival, signal)) ?? [await open(platform, signal)]);
  } finally {
    await platform.close();
  }
}

async function open(platform: Platform, signal: AbortSignal): Promise<Finding> {
  try {
    const { displayName } = await platform.open(signal);
    return well("token", `it is that of ${displayName}`);
  } catch (error) {
    return fault("token", describe(error), "see whether it is the right one, and the address of the API");
  }
}
