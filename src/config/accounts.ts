import type { PlatformModule, Site, ValuesOf, Variables } from "../core/contract/platform-definition";
import { type Environment, given, givenExactly } from "./environment";
import { malformed, schemaOf } from "./forms";

/** One bot identity that is to be served. */
export interface AccountConfig<V extends Variables = Variables> {
  readonly module: PlatformModule<V>;
  /** `"default"` for the one whose variables have no account in their names. */
  readonly account: string;
  readonly values: ValuesOf<V>;
}

/** What the environment says of one platform. */
export interface AccountsReading<V extends Variables = Variables> {
  readonly accounts: readonly AccountConfig<V>[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

/** Shorter secrets can be found by trying. */
const ADVISED_SECRET_LENGTH = 16;

const ACCOUNT = /^[a-z][a-z\d-]*$/;

/** The variable that names a platform's accounts beside the one called "default". */
export function accountsVariable({ name }: Pick<PlatformModule, "name">): string {
  return `${name.toUpperCase()}_ACCOUNTS`;
}

/** Reads every account of one platform. */
export function readAccounts<V extends Variables>(
  env: Environment,
  module: PlatformModule<V>,
  site: Site,
): AccountsReading<V> {
  const faults: string[] = [];
  const warnings: string[] = [];
  const accounts: AccountConfig<V>[] = [];
  const named = namedAccounts(env, module);
  const isRefused = (name: string): boolean => !ACCOUNT.test(name) || name === "default";
  const refused = named.filter(isRefused);
  if (refused.length > 0)
    faults.push(
      `${accountsVariable(module)} has "${refused.join(", ")}" (expected names of small letters, digits and -, other than default)`,
    );

  for (const account of named.filter((name) => !isRefused(name))) {
    const read = readAccount(env, module, account, { site });
    faults.push(...read.faults);
    warnings.push(...read.warnings);
    accounts.push(read.account);
  }

  const unnamed = readAccount(env, module, "default", { site });
  const announced = Object.entries(module.variables).some(
    ([variable, { announces }]) => announces === true && unnamed.account.values[variable] !== undefined,
  );
  if (!announced && !unnamed.isMalformed) return { accounts, faults, warnings };
  return {
    accounts: [unnamed.account, ...accounts],
    faults: [...unnamed.faults, ...faults],
    warnings: [...unnamed.warnings, ...warnings],
  };
}

/** The accounts beside the one called "default", as they were written. */
export function namedAccounts(env: Environment, module: Pick<PlatformModule, "name">): readonly string[] {
  const list = given(env, accountsVariable(module)) ?? "";
  return [...new Set(list.split(",").map((name) => name.trim()))].filter((name) => name !== "");
}

export interface AccountReading<V extends Variables> {
  /** Whole only where there are no faults. */
  readonly account: AccountConfig<V>;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly isMalformed: boolean;
}

/**
 * Reads the variables of one account.
 * @param needed variables without which nothing can be done. @default those that are required
 * @param site what the account is checked against; absent: each variable is looked at by itself
 */
export function readAccount<V extends Variables>(
  env: Environment,
  module: PlatformModule<V>,
  account: string,
  { site, needed }: { readonly site?: Site; readonly needed?: readonly (keyof V)[] },
): AccountReading<V> {
  const nameOf = (variable: string): string => variableName(module, account, variable);
  const readings = Object.entries(module.variables).map(([variable, rule]) => ({
    variable,
    isNeeded: needed === undefined ? rule.required === true : needed.includes(variable),
    ...readVariable(env, nameOf(variable), rule),
  }));
  // A required variable that is missing is a fault, and the caller does not get the values then.
  const values = Object.fromEntries(
    readings.filter(({ value }) => value !== undefined).map(({ variable, value }) => [variable, value]),
  ) as ValuesOf<V>;
  const missing = readings.flatMap(({ isNeeded, missing: text }) => (isNeeded && text ? [text] : []));
  const malformedOnes = readings.flatMap(({ malformed: text }) => text ?? []);
  const further = site === undefined ? [] : (module.faults?.(values, site, nameOf) ?? []);
  return {
    account: { module, account, values },
    faults: [...missing, ...further, ...malformedOnes],
    warnings: readings.flatMap(({ warning }) => warning ?? []),
    isMalformed: malformedOnes.length > 0,
  };
}

/** A variable's value, or the sentence that says what is wrong with it. */
interface VariableReading {
  readonly value?: string;
  readonly missing?: string;
  readonly malformed?: string;
  readonly warning?: string;
}

function readVariable(env: Environment, name: string, { form, purpose }: Variables[string]): VariableReading {
  const isSecret = form === "secret";
  const text = isSecret ? givenExactly(env, name) : given(env, name);
  if (text === undefined) return { missing: `${name} is missing (${purpose})` };
  const warning = `${name} is shorter than ${ADVISED_SECRET_LENGTH} characters and can be guessed`;
  const isShort = isSecret && text.length < ADVISED_SECRET_LENGTH;
  const parsed = schemaOf(form).safeParse(text);
  const problem = parsed.error?.issues[0]?.message ?? "";
  return {
    ...(parsed.success
      ? { value: parsed.data }
      : { malformed: malformed(name, text, problem, isSecret || form === "token") }),
    ...(isShort && { warning }),
  };
}

/** `WEBEX_BOT_TOKEN`; `WEBEX_SALES_EU_BOT_TOKEN` for the account `sales-eu`. */
export function variableName(
  { name }: Pick<PlatformModule, "name">,
  account: string,
  variable: string,
): string {
  const parts = account === "default" ? [name, variable] : [name, account.replaceAll("-", "_"), variable];
  return parts.join("_").toUpperCase();
}
