/** One bot identity, by the names of its platform and its account. */
export interface AccountName {
  readonly platform: string;
  readonly account: string;
}

/** @param maker whose option it is, for the message @throws TypeError for a name that no address can hold */
export function checkAccountName(maker: string, account: string): void {
  if (!/^[\w-]+$/.test(account))
    throw new TypeError(`${maker}: account "${account}" has more than letters, digits, - and _ in it`);
}

/** A part of the receiver's address, `/webex` or `/webex/sales`: where the deliveries of an account arrive. */
export function routeOf({ platform, account }: AccountName): string {
  return account === "default" ? `/${platform}` : `/${platform}/${account}`;
}

/** The accounts that a bot serves, each as `"webex"`, `"sales"` or `"webex/sales"`. Empty for all. */
interface ServedAccounts {
  readonly accounts: readonly string[];
}

/** Whether a bot answers for an account. */
export function serves(bot: ServedAccounts, { platform, account }: AccountName): boolean {
  if (bot.accounts.length === 0) return true;
  return bot.accounts.some(
    (name) => name === account || name === platform || name === `${platform}/${account}`,
  );
}

/** The names by which a bot asks for accounts that nobody has set up. */
export function unknownAccounts(bot: ServedAccounts, existing: readonly AccountName[]): readonly string[] {
  return bot.accounts.filter((name) => !existing.some((one) => serves({ accounts: [name] }, one)));
}
