import { webexModule } from "../platforms/webex/module";
import { readAccess } from "./access";
import type { Surroundings } from "./common";
import type { Environment } from "./environment";

/** What commands use that only talk to Webex. `Need` names what is there for certain. */
export type WebexAccess<Need extends WebexNeed = never> = {
  readonly account: string;
  readonly token: string;
  /** Absent: the public one. */
  readonly apiBaseUrl: string | undefined;
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
  /** Looked at only where it is needed. */
  readonly publicUrl: string | undefined;
  readonly botsDir: string;
} & Readonly<Record<Need, string>>;

/** What only some of them need: what deliveries are signed with, where Webex reaches the receiver. */
export type WebexNeed = "secret" | "publicUrl";

/**
 * Reads what a command needs that only talks to Webex: the token, and what else it names.
 * @param account @default the one that is meant when there is no other
 * @throws ConfigError that lists every missing and malformed variable
 */
export function readWebexAccess<Need extends WebexNeed = never>(
  env: Environment,
  needs: readonly Need[] = [],
  surroundings: Surroundings = {},
  account?: string,
): WebexAccess<Need> {
  const isNeeded = (need: WebexNeed): boolean => needs.some((one) => one === need);
  const access = readAccess(
    env,
    webexModule,
    {
      account,
      needed: isNeeded("secret") ? ["BOT_TOKEN", "WEBHOOK_SECRET"] : ["BOT_TOKEN"],
      publicUrl: isNeeded("publicUrl") ? "where Webex reaches this receiver" : undefined,
    },
    surroundings,
  );
  const { BOT_TOKEN: token, API_BASE_URL, WEBHOOK_SECRET, WEBHOOK_SECRET_PREVIOUS } = access.values;
  return {
    account: access.account,
    token,
    apiBaseUrl: API_BASE_URL,
    secret: WEBHOOK_SECRET,
    previousSecret: WEBHOOK_SECRET_PREVIOUS,
    publicUrl: access.publicUrl,
    botsDir: access.botsDir,
  } as WebexAccess<Need>; // what is needed and missing was refused
}
