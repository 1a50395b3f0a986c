import { readWebexAccess } from "../../config";
import { serves } from "../../core/accounts";
import { listenedNames } from "../../core/listened-names";
import * as forBots from "../../for-bots";
import { loadBots } from "../../load/bots";
import { createWebex, type PlannedWebhookChange, type WebhookChange } from "../../platforms/webex";
import { EXIT } from "../output";
import { table } from "../table";
import { toStandardError } from "./open-webex";
import { wantedWebhooks } from "./wanted";

/** Does to the webhooks what `start` does to them, or says what it would do. */
export async function sync({
  account: wantedAccount,
  dryRun = false,
  json = false,
}: {
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}): Promise<void> {
  const { account, token, secret, previousSecret, apiBaseUrl, publicUrl, botsDir } = readWebexAccess(
    process.env,
    ["secret", "publicUrl"],
    {},
    wantedAccount,
  );
  const bots = await loadBots(botsDir, forBots);
  const serving = bots.filter((bot) => serves(bot, { platform: "webex", account }));
  const wanted = wantedWebhooks(publicUrl, account, listenedNames(serving));
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const webex = createWebex({ account, token, secrets, apiBaseUrl, log: toStandardError(json) });
  try {
    const { signal } = new AbortController();
    const changes = dryRun
      ? await webex.planWebhooks(wanted, signal)
      : await webex.syncWebhooks(wanted, signal);
    if (json) for (const change of changes) console.log(JSON.stringify(change));
    else console.log(toWords(changes, dryRun));
  } finally {
    await webex.close();
  }
  // A bot may have started a timer when it was loaded, and would keep the command from ending.
  process.stdout.write("", () => process.exit(EXIT.done));
}

function toWords(changes: readonly (WebhookChange | PlannedWebhookChange)[], dryRun: boolean): string {
  if (changes.length === 0) return dryRun ? "nothing would be changed" : "nothing had to be changed";
  const head = [dryRun ? "would" : "done", "name", "because"];
  return table(
    head,
    changes.map(({ kind, name, reason }) => [kind, name, reason]),
  );
}
