import { readWebexAccess } from "../../config";
import { serves } from "../../core/contract/account";
import { subscribedEventNames } from "../../core/handle/subscribed-events";
import * as forBots from "../../for-bots";
import { loadBots } from "../../load/bots";
import { createWebex, type PlannedWebhookChange, type WebhookChange } from "../../platforms/webex";
import { table } from "../table";
import type { Terminal } from "../terminal";
import { wantedWebhooks } from "./wanted";

export interface SyncFlags {
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Does to the webhooks what `start` does to them, or says what it would do. */
export async function sync(
  terminal: Terminal,
  { account: wantedAccount, dryRun = false, json = false }: SyncFlags,
): Promise<void> {
  const { account, token, secret, previousSecret, apiBaseUrl, publicUrl, botsDir } = readWebexAccess(
    terminal.env,
    ["secret", "publicUrl"],
    {},
    wantedAccount,
  );
  const bots = await loadBots(botsDir, forBots);
  const serving = bots.filter((bot) => serves(bot, { platform: "webex", account }));
  const wanted = wantedWebhooks(publicUrl, account, subscribedEventNames(serving));
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const webex = createWebex({ account, token, secrets, apiBaseUrl, log: terminal.createLogger(json) });
  try {
    const { signal } = new AbortController();
    const changes = dryRun
      ? await webex.planWebhooks(wanted, signal)
      : await webex.syncWebhooks(wanted, signal);
    if (json) for (const change of changes) terminal.writeLine(JSON.stringify(change));
    else terminal.writeLine(toWords(changes, dryRun, terminal.columns));
  } finally {
    await webex.close();
  }
}

function toWords(
  changes: readonly (WebhookChange | PlannedWebhookChange)[],
  dryRun: boolean,
  width: number,
): string {
  if (changes.length === 0) return dryRun ? "nothing would be changed" : "nothing had to be changed";
  const head = [dryRun ? "would" : "done", "name", "because"];
  return table(
    head,
    changes.map(({ kind, name, reason }) => [kind, name, reason]),
    width,
  );
}
