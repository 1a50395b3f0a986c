import type { Logger } from "./logger";
import type { Platform } from "./platform";

/**
 * How the value of a variable is written: `text` as it is, `token` without blanks, because it is sent in a header,
 * `secret` byte for byte, `address` of http or https, or one of a list.
 */
export type VariableForm = "text" | "token" | "secret" | "address" | readonly [string, ...string[]];

/** One thing that can be set from outside for an account. */
export interface Variable {
  readonly form: VariableForm;
  /** What it is, for whoever left it out: "the bot's access token, from developer.webex.com". */
  readonly purpose: string;
  /** @default false */
  readonly required?: boolean;
  /** Whoever sets it wants the account, and is told what is missing beside it. @default false */
  readonly announces?: boolean;
}

/** By name without the platform's: `BOT_TOKEN` is WEBEX_BOT_TOKEN, and WEBEX_SALES_BOT_TOKEN for the account "sales". */
export type Variables = Readonly<Record<string, Variable>>;

/** What was set for an account whose required variables are all there. */
export type ValuesOf<V extends Variables> = {
  readonly [Name in keyof V]: V[Name] extends { readonly required: true } ? string : string | undefined;
};

/** What holds for the whole program and bears on its accounts. */
export interface Site {
  /** Where the receiver is reached from the internet, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** Whether the webhooks at the platforms are arranged by the program, only compared, or somebody else's business. */
  readonly webhooks: "sync" | "check" | "off";
}

/** What the program gives an account besides its values. */
export interface AccountParts {
  readonly account: string;
  readonly log: Logger;
  /** Where the platform reaches the receiver for this account; absent: nobody said where. */
  readonly targetUrl: string | undefined;
  readonly webhooks: Site["webhooks"];
}

/** A platform as it is registered: what it needs to be told, and how it is put together. */
export interface PlatformModule<V extends Variables = Variables> {
  /** Route and log label, `"webex"`; in capitals the beginning of its variables. */
  readonly name: string;
  readonly variables: V;
  /**
   * What is wrong although each value is well formed, in words: `PUBLIC_URL is missing (…)`.
   * @param nameOf the full name of one of the platform's own variables
   */
  faults?(values: Partial<ValuesOf<V>>, site: Site, nameOf: (variable: keyof V & string) => string): string[];
  /** Loads the platform's code. Called once for each account. */
  create(values: ValuesOf<V>, parts: AccountParts): Promise<Platform>;
}

/** Keeps the names of the variables, and with them the types of the values. */
export function definePlatform<const V extends Variables>(module: PlatformModule<V>): PlatformModule<V> {
  return module;
}
