import type { AccountConfig, CommonConfig } from "./config";
import { routeOf } from "./core/contract/account";
import type { Logger } from "./core/contract/logger";
import type { Platform } from "./core/contract/platform";

/** What an account has to know of the program around it. */
type Surroundings = Pick<CommonConfig, "publicUrl" | "webhooks">;

/** Puts the platform of one account together. */
export function openAccount(
  { module, account, values }: AccountConfig,
  { publicUrl, webhooks }: Surroundings,
  log: Logger,
): Promise<Platform> {
  const route = routeOf({ platform: module.name, account });
  const targetUrl = publicUrl === undefined ? undefined : `${publicUrl}/webhooks${route}`;
  return module.create(values, { account, log, targetUrl, webhooks });
}

/** Every account that is set up. */
export function openAccounts(
  config: Surroundings & { readonly accounts: readonly AccountConfig[] },
  log: Logger,
): Promise<Platform[]> {
  return Promise.all(config.accounts.map((account) => openAccount(account, config, log)));
}
