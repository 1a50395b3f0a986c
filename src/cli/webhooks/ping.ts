import { readWebexAccess } from "../../config";
import { BellhopError } from "../../core/contract/errors";
import { ping } from "../../platforms/webex/webhooks/ping";
import { shownAddress } from "../../platforms/webex/webhooks/redact-url";
import { reasonOf } from "../../platforms/webex/webhooks/sync";
import type { Terminal } from "../terminal";
import { targetUrlOf } from "./wanted";

/** Nobody with our secret answered. */
class PingError extends BellhopError {
  override readonly name = "PingError";

  constructor(code: "receiver-unreachable" | "receiver-refused", message: string) {
    super(code, message, { retry: "never" });
  }
}

export interface PingFlags {
  readonly account?: string;
  readonly target?: string;
  readonly json?: boolean;
}

/** Sends the receiver what Webex would send, and takes its proof that it has our secret. */
export async function pingReceiver(
  terminal: Terminal,
  { account: wanted, target, json = false }: PingFlags,
): Promise<void> {
  const needs = target === undefined ? (["secret", "publicUrl"] as const) : (["secret"] as const);
  const { account, secret, publicUrl } = readWebexAccess<"secret" | "publicUrl">(
    terminal.env,
    [...needs],
    {},
    wanted,
  );
  const targetUrl = target ?? targetUrlOf(publicUrl, account);
  const result = await ping(targetUrl, secret, { signal: new AbortController().signal });
  const shown = shownAddress(targetUrl);
  if (result.kind !== "answered")
    throw new PingError(
      result.kind === "refused" ? "receiver-refused" : "receiver-unreachable",
      `${shown} ${reasonOf(result)}`,
    );
  terminal.print(
    { target: shown, ms: result.ms },
    `${shown} answered in ${result.ms} ms, with our secret`,
    json,
  );
}
