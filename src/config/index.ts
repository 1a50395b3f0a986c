import type { PlatformModule } from "../core/contract/platform-definition";
import { PLATFORMS } from "../platforms/registry";
import { type AccountConfig, readAccounts, variableName } from "./accounts";
import { type CommonConfig, readCommon, type Surroundings } from "./common";
import { type Environment, given, givenExactly } from "./environment";
import { ConfigError } from "./error";
import { shorten } from "./forms";
import { findUnknownSettings } from "./unknown-settings";

export type { AccountConfig } from "./accounts";
export type { CommonConfig, LogFormat, LogLevel, Surroundings } from "./common";
export { type Environment, loadDotenv, withoutEmpty } from "./environment";
export { ConfigError } from "./error";
export { readWebexAccess, type WebexAccess, type WebexNeed } from "./webex-access";

/** Everything that can be set from outside. */
export interface Config extends CommonConfig {
  /** Who is served; empty: the playground is. */
  readonly accounts: readonly AccountConfig[];
  /** Sentences for the log: what was set and has no effect, or is weaker than it should be. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration. A variable that is empty counts as absent.
 * @throws ConfigError that lists every missing and malformed variable
 */
export function readConfig(
  env: Environment,
  surroundings: Surroundings = {},
  platforms: readonly PlatformModule[] = PLATFORMS,
): Config {
  const { config, faults: commonFaults } = readCommon(env, surroundings);
  // What is malformed is there all the same, and said to be malformed once.
  const site = { publicUrl: config.publicUrl ?? given(env, "PUBLIC_URL"), webhooks: config.webhooks };
  const readings = platforms.map((module) => readAccounts(env, module, site));
  const accounts = readings.flatMap((reading) => reading.accounts);
  const accountFaults = readings.flatMap((reading) => reading.faults);
  const isPlayground = accounts.length === 0 && accountFaults.length === 0;

  // What is missing for the whole program is missing for each account.
  const faults = new Set([...accountFaults, ...commonFaults, ...(isPlayground ? unsafe(config, env) : [])]);
  if (faults.size > 0) throw new ConfigError([...faults]);
  return {
    ...config,
    accounts,
    warnings: [
      ...readings.flatMap((reading) => reading.warnings),
      ...(isPlayground && config.publicUrl !== undefined
        ? [`PUBLIC_URL has no effect: ${announcers(platforms)} is not set, so the playground is started`]
        : []),
      ...findUnknownSettings(env, platforms, accounts),
    ],
  };
}

/** Where the inbox is. */
export type InboxConfig = Pick<CommonConfig, "dataDir" | "databaseUrl">;

/**
 * Reads what a command needs that only looks into the inbox.
 * @throws ConfigError
 */
export function readInboxConfig(env: Environment, surroundings: Surroundings = {}): InboxConfig {
  const { config, faults } = readCommon(env, surroundings, ["DATA_DIR", "DATABASE_URL"]);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** Where the cards are, absolute, for a command that looks at nothing else. */
export function readCardsDir(env: Environment, surroundings: Surroundings = {}): string {
  return readCommon(env, surroundings, ["CARDS_DIR"]).config.cardsDir;
}

/** The playground's page is no matter for strangers. What is malformed is there all the same, and said once. */
function unsafe({ host }: CommonConfig, env: Environment): string[] {
  if (givenExactly(env, "PLAYGROUND_PASSWORD") !== undefined) return [];
  if (host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)) return [];
  return [
    `HOST is "${shorten(host)}" (expected 127.0.0.1, or PLAYGROUND_PASSWORD beside it: without an account the playground is served, and its page hands out everybody's tokens)`,
  ];
}

/** The variables that say there is an account, for a sentence. */
function announcers(platforms: readonly PlatformModule[]): string {
  const names = platforms.flatMap((module) =>
    Object.entries(module.variables)
      .filter(([, { required, announces }]) => required === true && announces === true)
      .slice(0, 1)
      .map(([variable]) => variableName(module, "default", variable)),
  );
  return names.join(" or ");
}
