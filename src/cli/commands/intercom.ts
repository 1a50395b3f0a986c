import type { Command } from "commander";
import { readAccess } from "../../config/access";
import { ApiError } from "../../core/contract/errors";
import {
  createIntercomClient,
  type IntercomSubscription,
  type IntercomSubscriptions,
} from "../../platforms/intercom/client";
import { intercomModule } from "../../platforms/intercom/module";
import { NotFoundError } from "../output";
import { table } from "../table";
import type { Terminal } from "../terminal";

interface CommonFlags {
  readonly account?: string;
  readonly json?: boolean;
}

interface ChangeFlags extends CommonFlags {
  readonly url?: string;
  readonly topic?: readonly string[];
  readonly eventName?: readonly string[];
  readonly active?: boolean;
}

/** `bellhop intercom subscriptions …`: those of the older API; newer apps have theirs in the Developer Hub. */
export function addIntercomCommands(program: Command, terminal: Terminal): void {
  const intercom = program.command("intercom").description("what Intercom sends where");
  const subscriptions = intercom
    .command("subscriptions")
    .description(
      "legacy subscriptions, signed with INTERCOM_CLIENT_SECRET; newer apps have theirs in the Developer Hub",
    );
  const command = (usage: string, description: string): Command =>
    subscriptions
      .command(usage)
      .description(description)
      .option(
        "--account <name>",
        "one of INTERCOM_ACCOUNTS; default: the one whose variables have no name in them",
      )
      .option("--json", "print JSON, lists as one object a line");
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

  command("list", "all of them").action((flags: CommonFlags) =>
    withSubscriptions(terminal, flags, async (known) =>
      list(terminal, await known.list(), flags.json ?? false),
    ),
  );
  command("get <id>", "one of them, with all that Intercom says of it").action(
    (id: string, flags: CommonFlags) =>
      withSubscriptions(terminal, flags, async (known) =>
        show(terminal, await known.get(id), flags.json ?? false),
      ),
  );
  command("create", "make one")
    .requiredOption("--url <url>", "where it sends")
    .requiredOption("--topic <topic>", "what it sends; may be given several times", collect)
    .option("--event-name <name>", "for event.created: which; may be given several times", collect)
    .action((flags: ChangeFlags & { readonly url: string }) =>
      withSubscriptions(terminal, flags, async (known, secret) => {
        const { url, topic: topics = [], eventName: eventNames } = flags;
        show(terminal, await known.create({ url, topics, eventNames, secret }), flags.json ?? false);
      }),
    );
  command("update <id>", "change one; what is given replaces what was there")
    .option("--url <url>", "where it sends from now on")
    .option("--topic <topic>", "what it sends; may be given several times", collect)
    .option("--event-name <name>", "for event.created: which; may be given several times", collect)
    .option("--active", "switch it on")
    .option("--no-active", "switch it off")
    .action((id: string, flags: ChangeFlags) =>
      withSubscriptions(terminal, flags, async (known, secret) => {
        const { url, topic: topics, eventName: eventNames, active } = flags;
        show(
          terminal,
          await known.update(id, { url, topics, eventNames, active, secret }),
          flags.json ?? false,
        );
      }),
    );
  command("delete <id>", "delete one").action((id: string, flags: CommonFlags) =>
    withSubscriptions(terminal, flags, async (known) => {
      await known.delete(id);
      terminal.print({ id, deleted: true }, `deleted ${id}`, flags.json ?? false);
    }),
  );
  command("ping <id>", "have Intercom send a ping").action((id: string, flags: CommonFlags) =>
    withSubscriptions(terminal, flags, async (known) => {
      await known.ping(id);
      terminal.print({ id, pinged: true }, `Intercom sends a ping for ${id}`, flags.json ?? false);
    }),
  );
}

async function withSubscriptions(
  terminal: Terminal,
  { account, json = false }: CommonFlags,
  work: (subscriptions: IntercomSubscriptions, secret: string) => Promise<void>,
): Promise<void> {
  const needed = ["ACCESS_TOKEN", "CLIENT_SECRET"] as const;
  const { values } = readAccess(terminal.env, intercomModule, { account, needed });
  const client = createIntercomClient({
    token: values.ACCESS_TOKEN,
    baseUrl: values.API_BASE_URL,
    log: terminal.createLogger(json),
  });
  try {
    await work(client.subscriptions, values.CLIENT_SECRET);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404)
      throw new NotFoundError("Intercom knows no such subscription, or, for newer apps, none at all");
    throw error;
  } finally {
    await client.close();
  }
}

function list(terminal: Terminal, found: readonly IntercomSubscription[], json: boolean): void {
  if (json) for (const { raw } of found) terminal.writeLine(JSON.stringify(raw));
  else
    terminal.writeLine(
      found.length === 0
        ? "none"
        : table(
            ["id", "active", "url", "topics"],
            found.map(({ id, active, url, topics }) => [id, active ? "yes" : "no", url, topics.join(" ")]),
            terminal.columns,
          ),
    );
}

function show(
  terminal: Terminal,
  { id, active, url, topics, eventNames, raw }: IntercomSubscription,
  json: boolean,
): void {
  const lines = [
    `subscription ${id}`,
    `  active  ${active ? "yes" : "no"}`,
    `  url     ${url}`,
    `  topics  ${topics.join(" ")}`,
    ...(eventNames.length === 0 ? [] : [`  events  ${eventNames.join(" ")}`]),
  ];
  terminal.print(raw, lines.join("\n"), json);
}
