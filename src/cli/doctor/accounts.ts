import { openAccount } from "../../accounts";
import type { AccountConfig, Config } from "../../config";
import { serves } from "../../core/contract/account";
import { type Diagnostic, fault, well } from "../../core/contract/diagnostic";
import { describeError } from "../../core/contract/errors";
import { silentLogger } from "../../core/contract/logger";
import type { Platform } from "../../core/contract/platform";
import type { BuiltBot } from "../../core/handle/routes";
import { subscribedEventNames } from "../../core/handle/subscribed-events";

/** What was found out about one account. */
export interface AccountFindings {
  /** `webex/default` */
  readonly account: string;
  readonly findings: readonly Diagnostic[];
}

/** Looks at one account, by what its platform knows to look at. @param bots absent: they cannot be loaded */
export async function examineAccount(
  config: AccountConfig,
  site: Pick<Config, "publicUrl" | "webhooks">,
  bots: readonly BuiltBot[] | undefined,
): Promise<AccountFindings> {
  const name = { platform: config.module.name, account: config.account };
  // Where nobody arranges the webhooks, nobody knows which there should be; the way to the receiver counts all the same.
  const isArranged = site.webhooks !== "off";
  const serving = isArranged ? bots?.filter((bot) => serves(bot, name)) : undefined;
  const arrival = serving && { listensTo: subscribedEventNames(serving) };
  const { signal } = new AbortController();
  const found = (findings: readonly Diagnostic[]): AccountFindings => ({
    account: `${name.platform}/${name.account}`,
    findings,
  });
  let platform: Platform;
  try {
    platform = await openAccount(
      config,
      { ...site, webhooks: isArranged ? site.webhooks : "check" },
      silentLogger,
    );
  } catch (error) {
    // A proxy in the environment that is none, say.
    return found([fault("settings", describeError(error), "change it in .env or the environment")]);
  }
  try {
    return found((await platform.diagnose?.(arrival, signal)) ?? [await open(platform, signal)]);
  } finally {
    await platform.close();
  }
}

async function open(platform: Platform, signal: AbortSignal): Promise<Diagnostic> {
  try {
    const { displayName } = await platform.open(signal);
    return well("token", `it is that of ${displayName}`);
  } catch (error) {
    return fault(
      "token",
      describeError(error),
      "see whether it is the right one, and the address of the API",
    );
  }
}
