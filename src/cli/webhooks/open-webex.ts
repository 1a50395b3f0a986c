import { readWebexAccess, type WebexAccess, type WebexNeed } from "../../config";
import { ApiError } from "../../core/errors";
import type { Logger } from "../../core/logger";
import { createLogger } from "../../logging";
import { createWebexClient, type WebexClient } from "../../platforms/webex/client";
import { NotFoundError } from "../output";

/** Works with the webhooks of the configured token, whether a server runs or not, and ends the connections. */
export async function withClient<Need extends WebexNeed = never>(
  options: {
    readonly account?: string | undefined;
    readonly json?: boolean;
    readonly needs?: readonly Need[];
  },
  work: (client: WebexClient, access: WebexAccess<Need>) => Promise<void>,
): Promise<void> {
  const { account, json = false, needs = [] } = options;
  const access = readWebexAccess(process.env, needs, {}, account);
  const { token, apiBaseUrl: baseUrl } = access;
  const client = createWebexClient({ token, baseUrl, log: toStandardError(json) });
  try {
    await work(client, access);
  } finally {
    await client.close();
  }
}

/** What takes long, or was left alone, must not get between the lines that a program reads. */
export function toStandardError(json: boolean): Logger {
  return createLogger({ level: "warn", format: json ? "json" : "pretty", destination: process.stderr });
}

/** @throws NotFoundError when Webex has no such webhook */
export async function found<Value>(id: string, answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    throw notFound([id]);
  }
}

export function notFound(ids: readonly string[]): NotFoundError {
  return new NotFoundError(
    `this token has no webhook ${ids.join(", ")}. bellhop webhooks list shows those it has; those of others cannot be seen`,
  );
}
