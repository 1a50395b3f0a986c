import type { Command } from "commander";
import { readAccess } from "../../config/access";
import { ApiError } from "../../core/contract/errors";
import { createSpikaAdministration, type SpikaAdministration } from "../../platforms/spika/administration";
import { spikaModule } from "../../platforms/spika/module";
import { NotFoundError, UsageError } from "../output";
import { table } from "../table";
import type { Terminal } from "../terminal";

interface CommonFlags {
  readonly account?: string;
  readonly json?: boolean;
}

/** `bellhop spika …`: webhooks and API keys of rooms, with the token of a person who administers them. */
export function addSpikaCommands(program: Command, terminal: Terminal): void {
  const spika = program
    .command("spika")
    .description("webhooks and API keys of Spika rooms; needs SPIKA_BASE_URL and SPIKA_USER_TOKEN");
  const group = (name: string, description: string) => {
    const command = spika.command(name).description(description);
    return (usage: string, what: string): Command =>
      command
        .command(usage)
        .description(what)
        .option(
          "--account <name>",
          "one of SPIKA_ACCOUNTS; default: the one whose variables have no name in them",
        )
        .option("--json", "print JSON, lists as one object a line");
  };

  const webhooks = group("webhooks", "where a room's messages are sent");
  webhooks("list <room>", "the webhooks of a room; only the oldest is called").action(
    withAdministration(terminal, async (spikaServer, json, room: string) => {
      const found = await spikaServer.webhooks.list(toId(room));
      const rows = found.map(({ id, url }) => [String(id), url]);
      list(terminal, found.map(withoutSecret), ["id", "url"], rows, json);
    }),
  );
  webhooks("create <room> <url>", "make a webhook; its signature is shown this once").action(
    withAdministration(terminal, async (spikaServer, json, room: string, url: string) => {
      const [oldest] = [...(await spikaServer.webhooks.list(toId(room)))].sort((a, b) => a.id - b.id);
      const made = await spikaServer.webhooks.create(toId(room), url);
      if (oldest !== undefined)
        terminal
          .createLogger(json)
          .warn(
            `the room has an older webhook, ${oldest.id}, and only the oldest is called; delete it with bellhop spika webhooks delete ${oldest.id}`,
            { leadsTo: oldest.url },
          );
      terminal.print(made, `webhook ${made.id}\nSPIKA_VERIFICATION_SIGNATURE=${made.verifySignature}`, json);
    }),
  );
  webhooks("update <id> <url>", "lead a webhook elsewhere; its signature stays").action(
    withAdministration(terminal, async (spikaServer, json, id: string, url: string) => {
      const changed = await spikaServer.webhooks.update(toId(id), url);
      terminal.print(withoutSecret(changed), `webhook ${changed.id} leads to ${changed.url}`, json);
    }),
  );
  webhooks("delete <id>", "delete a webhook").action(
    withAdministration(terminal, async (spikaServer, json, id: string) => {
      await spikaServer.webhooks.delete(toId(id));
      terminal.print({ id: toId(id), deleted: true }, `deleted ${id}`, json);
    }),
  );

  const keys = group("keys", "what bots post with");
  keys("list <room>", "the API keys of a room, without their tokens").action(
    withAdministration(terminal, async (spikaServer, json, room: string) => {
      const found = await spikaServer.apiKeys.list(toId(room));
      const rows = found.map(({ id, displayName = "" }) => [String(id), displayName]);
      list(
        terminal,
        found.map(({ token: _, ...key }) => key),
        ["id", "bot"],
        rows,
        json,
      );
    }),
  );
  keys("create <room> <name>", "make a bot and its API key; the token is shown this once").action(
    withAdministration(terminal, async (spikaServer, json, room: string, name: string) => {
      const made = await spikaServer.apiKeys.create(toId(room), name);
      terminal.print(made, `key ${made.id}\nSPIKA_API_KEY=${made.token}`, json);
    }),
  );
  keys("rename <id> <name>", "give the bot of a key another name").action(
    withAdministration(terminal, async (spikaServer, json, id: string, name: string) => {
      const { token: _, ...key } = await spikaServer.apiKeys.rename(toId(id), name);
      terminal.print(key, `renamed the bot of key ${key.id}`, json);
    }),
  );
  keys("delete <id>", "delete a key; what it signed in is refused from then on").action(
    withAdministration(terminal, async (spikaServer, json, id: string) => {
      await spikaServer.apiKeys.delete(toId(id));
      terminal.print({ id: toId(id), deleted: true }, `deleted ${id}`, json);
    }),
  );
}

function withAdministration<Args extends readonly string[]>(
  terminal: Terminal,
  work: (spikaServer: SpikaAdministration, json: boolean, ...args: Args) => Promise<void>,
): (...all: readonly unknown[]) => Promise<void> {
  return async (...all) => {
    // commander gives the options and the command behind the arguments.
    const { json = false, account } = all[all.length - 2] as CommonFlags;
    const args = all.slice(0, -2) as unknown as Args; // as many as the usage names
    const needed = ["BASE_URL", "USER_TOKEN"] as const;
    const { values } = readAccess(terminal.env, spikaModule, { account, needed });
    const spikaServer = createSpikaAdministration({
      baseUrl: values.BASE_URL,
      userToken: values.USER_TOKEN,
      log: terminal.createLogger(json),
    });
    try {
      await work(spikaServer, json, ...args);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404)
        throw new NotFoundError("Spika has nothing with this number");
      throw error;
    } finally {
      await spikaServer.close();
    }
  };
}

function toId(text: string): number {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new UsageError(`"${text}" is not the number of a room, a webhook or a key`);
}

function withoutSecret<Value extends { readonly verifySignature: string }>(
  value: Value,
): Omit<Value, "verifySignature"> {
  const { verifySignature: _, ...rest } = value;
  return rest;
}

function list(
  terminal: Terminal,
  values: readonly object[],
  head: readonly string[],
  rows: readonly (readonly string[])[],
  json: boolean,
): void {
  if (json) for (const value of values) terminal.writeLine(JSON.stringify(value));
  else
    terminal.writeLine(
      rows.length === 0
        ? "none"
        : table(
            [...head],
            rows.map((row) => [...row]),
            terminal.columns,
          ),
    );
}
