import { readWebexAccess } from "../../config";
import { listenedNames } from "../../core/dispatch";
import * as forBots from "../../for-bots";
import { loadBots } from "../../load/bots";
import { createWebex, type PlannedWebhookChange, type WebhookChange } from "../../platforms/webex";
import { EXIT } from "../output";
import { table } from "../table";
import { toStandardError } from "./open-webex";
import { wantedWebhooks } from "./wanted";

/** Does to the webhooks what `start` does to them, or says what it would do. */
export async function sync({
  dryRun = false,
  json = false,
}: {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}): Promise<void> {
  const { token, secret, previousSecret, apiBaseUrl, publicUrl, botsDir } = readWebexAccess(process.env, [
    "secret",
    "publicUrl",
  ]);
  const bots = await loadBots(botsDir, forBots);
  const wanted = wantedWebhooks(publicUrl, listenedNames(bots));
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  const webex = createWebex({ token, secrets, apiBaseUrl, log: toStandardError(json) });
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
