import type { PlatformModule, Variables } from "../core/contract/platform-definition";
import { accountsVariable, namedAccounts, readAccount, variableName } from "./accounts";
import { readCommon, type Surroundings } from "./common";
import { type Environment, given } from "./environment";
import { ConfigError } from "./error";

/** What a command uses that talks to one platform for one account. `Need` names the values that are there for certain. */
export interface Access<V extends Variables, Need extends keyof V = never> {
  readonly account: string;
  readonly values: Readonly<Partial<Record<keyof V, string>>> & Readonly<Record<Need, string>>;
  /** There for certain where it was asked for; looked at only then. */
  readonly publicUrl: string | undefined;
  readonly botsDir: string;
}

export interface AccessNeeds<V extends Variables, Need extends keyof V> {
  /** @default the account without a name in its variables; the only one, where there is just one with a name */
  readonly account?: string | undefined;
  /** Variables without which the command can do nothing. */
  readonly needed: readonly Need[];
  /** Where the receiver is reached, with what it is for: "where Webex reaches this receiver". */
  readonly publicUrl?: string | undefined;
}

/**
 * Reads what a command needs that only talks to a platform.
 * @throws ConfigError that lists every missing and malformed variable, and when it is not clear which account is meant
 */
export function readAccess<V extends Variables, Need extends keyof V & string = never>(
  env: Environment,
  module: PlatformModule<V>,
  { account: wanted, needed, publicUrl: purpose }: AccessNeeds<V, Need>,
  surroundings: Surroundings = {},
): Access<V, Need> {
  const account = chooseAccount(env, module, wanted);
  const reading = readAccount(env, module, account, { needed });
  const names = purpose === undefined ? (["BOTS_DIR"] as const) : (["PUBLIC_URL", "BOTS_DIR"] as const);
  const common = readCommon(env, surroundings, names);
  const missing =
    purpose !== undefined && given(env, "PUBLIC_URL") === undefined
      ? [`PUBLIC_URL is missing (${purpose})`]
      : [];
  const faults = [...reading.faults, ...missing, ...common.faults];
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    account,
    values: reading.account.values as Access<V, Need>["values"], // what is needed and missing was refused above
    publicUrl: common.config.publicUrl,
    botsDir: common.config.botsDir,
  };
}

function chooseAccount<V extends Variables>(
  env: Environment,
  module: PlatformModule<V>,
  wanted: string | undefined,
): string {
  const named = namedAccounts(env, module);
  const isNamed = Object.entries(module.variables).every(
    ([variable, { announces }]) =>
      announces !== true || given(env, variableName(module, "default", variable)) === undefined,
  );
  const accounts = isNamed ? named : ["default", ...named];
  if (wanted === undefined) {
    if (!isNamed || named.length === 0) return "default";
    const [only, ...others] = named;
    if (only !== undefined && others.length === 0) return only;
    throw new ConfigError([
      `${accountsVariable(module)} names ${named.length} accounts (say which one is meant with --account: ${named.join(", ")})`,
    ]);
  }
  if (accounts.includes(wanted)) return wanted;
  throw new ConfigError([
    `there is no account "${wanted}" (${accounts.length === 0 ? `${accountsVariable(module)} is empty` : `there are: ${accounts.join(", ")}`})`,
  ]);
}
