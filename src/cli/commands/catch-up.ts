import { createHmac } from "node:crypto";
import type { Command } from "commander";
import { readWebexAccess } from "../../config";
import { readCommon } from "../../config/common";
import { routeOf } from "../../core/contract/account";
import { BellhopError, describeError } from "../../core/contract/errors";
import type { JsonObject } from "../../core/contract/notice";
import { postOnce } from "../../platforms/api/post-once";
import { createWebexClient } from "../../platforms/webex/client";
import { listActiveRooms, listWritten } from "../../platforms/webex/history";
import { readSince } from "../catch-up/since";
import type { Terminal } from "../terminal";

interface Flags {
  readonly since: string;
  readonly to?: string;
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** The receiver did not take what was found. */
class DeliveryError extends BellhopError {
  override readonly name = "DeliveryError";

  constructor(message: string, cause?: unknown) {
    super("delivery-not-taken", message, cause === undefined ? {} : { cause });
  }
}

/** `bellhop catch-up`: finds what was written and not delivered, and delivers it to the running program. */
export function addCatchUpCommand(program: Command, terminal: Terminal): void {
  program
    .command("catch-up")
    .description(
      "find what people wrote since a time, and deliver it to the running bot; what it knows it takes once",
    )
    .requiredOption("--since <when>", "90m, 2h, 3d, or a time: 2026-01-31T08:00:00Z")
    .option("--to <url>", "where the receiver is; default: http://HOST:PORT/webhooks/webex of this computer")
    .option(
      "--account <name>",
      "one of WEBEX_ACCOUNTS; default: the one whose variables have no name in them",
    )
    .option("--dry-run", "only say what would be delivered")
    .option("--json", "print JSON, one object a room, and one for all")
    .action((flags: Flags) => catchUp(terminal, flags));
}

async function catchUp(
  terminal: Terminal,
  { since: text, to, account: wanted, dryRun = false, json = false }: Flags,
): Promise<void> {
  const since = readSince(text, Date.now());
  const { account, token, secret, apiBaseUrl } = readWebexAccess(terminal.env, ["secret"], {}, wanted);
  const target = to ?? localTarget(terminal, account);
  const client = createWebexClient({ token, baseUrl: apiBaseUrl, log: terminal.createLogger(json) });
  const { signal } = new AbortController();
  let rooms = 0;
  let messages = 0;
  try {
    const { id: ownId } = await client.people.me({ signal });
    for await (const room of listActiveRooms(client, since, signal)) {
      const envelopes = await listWritten(client, room, ownId, since, signal);
      rooms++;
      messages += envelopes.length;
      if (envelopes.length === 0) continue;
      // One after the other: the order of a room is that of its deliveries.
      if (!dryRun) for (const envelope of envelopes) await deliver(envelope, target, secret, signal);
      const done = dryRun ? "would be delivered" : "delivered";
      terminal.print(
        { roomId: room.id, messages: envelopes.length },
        `${room.title ?? room.id}: ${envelopes.length} ${done}`,
        json,
      );
    }
  } finally {
    await client.close();
  }
  const summary = { since: new Date(since).toISOString(), rooms, messages, delivered: dryRun ? 0 : messages };
  terminal.print(
    summary,
    `${messages} messages in ${rooms} rooms with activity since ${summary.since}`,
    json,
  );
}

function localTarget(terminal: Terminal, account: string): string {
  const { host, port } = readCommon(terminal.env, {}, ["HOST", "PORT"]).config;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}/webhooks${routeOf({ platform: "webex", account })}`;
}

/** As Webex would have. @throws DeliveryError */
async function deliver(
  envelope: JsonObject,
  target: string,
  secret: string,
  signal: AbortSignal,
): Promise<void> {
  const body = JSON.stringify(envelope);
  const signature = createHmac("sha1", secret).update(body).digest("hex");
  const headers = { "x-spark-signature": signature };
  const status = await postOnce({
    url: target,
    headers,
    body,
    timeoutMs: 30_000,
    maxAnswerBytes: 65_536,
    signal,
  }).then(
    (answer) => answer.status,
    (error: unknown) => {
      throw new DeliveryError(
        `the receiver at ${target} cannot be reached: ${describeError(error)}. Is the bot running?`,
        error,
      );
    },
  );
  if (status !== 200)
    throw new DeliveryError(
      `the receiver at ${target} answered ${status}. Is its WEBEX_WEBHOOK_SECRET the one that is set here?`,
    );
}
