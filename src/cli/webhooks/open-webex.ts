import { readWebexAccess, type WebexAccess, type WebexNeed } from "../../config";
import { ApiError } from "../../core/contract/errors";
import { createWebexClient, type WebexClient } from "../../platforms/webex/client";
import { NotFoundError } from "../output";
import type { Terminal } from "../terminal";

/** Works with the webhooks of the configured token, whether a server runs or not, and ends the connections. */
export async function withClient<Need extends WebexNeed = never>(
  terminal: Terminal,
  options: {
    readonly account?: string | undefined;
    readonly json?: boolean;
    readonly needs?: readonly Need[];
  },
  work: (client: WebexClient, access: WebexAccess<Need>) => Promise<void>,
): Promise<void> {
  const { account, json = false, needs = [] } = options;
  const access = readWebexAccess(terminal.env, needs, {}, account);
  const { token, apiBaseUrl: baseUrl } = access;
  const client = createWebexClient({ token, baseUrl, log: terminal.createLogger(json) });
  try {
    await work(client, access);
  } finally {
    await client.close();
  }
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
