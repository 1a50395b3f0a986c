import type { PlatformModule } from "../core/contract/platform-definition";
import { suggest } from "../core/util/suggest-name";
import { type AccountConfig, accountsVariable, variableName } from "./accounts";
import { COMMON_NAMES } from "./common";
import { type Environment, given } from "./environment";

/** Shorter names are near too many variables of other programs: `HOME` is one letter away from `HOST`. */
const SHORTEST = 5;

/**
 * Finds variables that have no effect: misspelt settings, and settings of accounts that are not listed.
 * A variable without a near setting and without a platform's prefix belongs to another program.
 * @returns sentences for the log
 */
export function findUnknownSettings(
  env: Environment,
  platforms: readonly PlatformModule[],
  accounts: readonly AccountConfig[],
): string[] {
  const known = new Set([...COMMON_NAMES, ...platforms.flatMap((module) => namesOf(module, accounts))]);
  return Object.keys(env)
    .filter((name) => !known.has(name) && given(env, name) !== undefined)
    .flatMap((name) => {
      const meant = name.length < SHORTEST ? undefined : suggest(name, known);
      if (meant !== undefined) return [`${name} has no effect: it is not a setting. Did you mean ${meant}?`];
      const module = platforms.find((one) => name.startsWith(prefixOf(one)));
      if (module === undefined) return [];
      if (isOfAccount(name, module))
        return [`${name} has no effect: ${accountsVariable(module)} does not name its account`];
      const settings = namesOf(module, []).join(", ");
      return [`${name} has no effect: it is not a setting. Settings of ${module.name}: ${settings}`];
    });
}

/** Variables of a platform, for each account that is served. */
function namesOf(module: PlatformModule, accounts: readonly AccountConfig[]): string[] {
  const served = accounts.filter((one) => one.module === module).map(({ account }) => account);
  const names = ["default", ...served].flatMap((account) =>
    Object.keys(module.variables).map((variable) => variableName(module, account, variable)),
  );
  return [accountsVariable(module), ...names];
}

/** Whether the name has the form of an account's variable: `WEBEX_SALES_BOT_TOKEN`. */
function isOfAccount(name: string, module: PlatformModule): boolean {
  return Object.keys(module.variables).some((variable) => name.endsWith(`_${variable}`));
}

function prefixOf({ name }: PlatformModule): string {
  return `${name.toUpperCase()}_`;
}
