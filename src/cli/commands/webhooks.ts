import { type Command, Option } from "commander";
import { readWebexAccess } from "../../config";
import type { WebexWebhook } from "../../platforms/webex/client";
import { type Watched, watchFault } from "../../platforms/webex/webhooks/event-catalog";
import { NotFoundError, UsageError } from "../output";
import type { Terminal } from "../terminal";
import { found, notFound, withClient } from "../webhooks/open-webex";
import { type PingFlags, pingReceiver } from "../webhooks/ping";
import { type RotateFlags, rotate } from "../webhooks/rotate";
import { type KnownSecrets, toShown, toTable, toWords } from "../webhooks/show";
import { type SyncFlags, sync } from "../webhooks/sync";
import { targetUrlOf } from "../webhooks/wanted";

interface CommonFlags {
  readonly account?: string;
  readonly json?: boolean;
}

interface ListFlags extends CommonFlags {
  readonly ownedBy?: "creator" | "org";
}

interface NewFlags extends Watched, CommonFlags {
  readonly name?: string;
  readonly target?: string;
}

interface ChangeFlags extends CommonFlags {
  readonly name?: string;
  readonly target?: string;
  readonly status?: "active";
}

/** `bellhop webhooks …`: what Webex delivers, and where to. */
export function addWebhooksCommands(program: Command, terminal: Terminal): void {
  const webhooks = program.command("webhooks").description("see, make, mend and delete webhooks at Webex");
  const command = (usage: string, description: string): Command =>
    webhooks
      .command(usage)
      .description(description)
      .option(
        "--account <name>",
        "one of WEBEX_ACCOUNTS; default: the one whose variables have no name in them",
      )
      .option("--json", "print JSON, lists as one object a line");
  const ownedBy = (): Option =>
    new Option("--owned-by <whose>", "the bot's own, or the organisation's").choices(["creator", "org"]);

  command("list", "the webhooks of the token, those of other programs too")
    .addOption(ownedBy())
    .action((flags: ListFlags) => list(terminal, flags));
  command("get <id>", "one webhook").action((id: string, flags: CommonFlags) => get(terminal, id, flags));
  command("create", "make a webhook, signed with WEBEX_WEBHOOK_SECRET")
    .requiredOption("--resource <resource>", "messages, memberships, …")
    .requiredOption("--event <event>", "created, updated, …")
    .option("--filter <filter>", "only some of them: roomType=group&mentionedPeople=me")
    .addOption(new Option("--name <name>", "default: resource.event").argParser(toName))
    .addOption(new Option("--target <url>", "default: where PUBLIC_URL leads").argParser(toTarget))
    .addOption(ownedBy())
    .action((flags: NewFlags) => create(terminal, flags));
  command("update <id>", "rename a webhook, lead it elsewhere, or wake one that Webex switched off")
    .addOption(new Option("--name <name>", "what it is called from now on").argParser(toName))
    .addOption(new Option("--target <url>", "where it delivers from now on").argParser(toTarget))
    .addOption(new Option("--status <status>", "active").argParser(toStatus))
    .action((id: string, flags: ChangeFlags) => update(terminal, id, flags));
  command("delete <ids...>", "delete webhooks").action((ids: string[], flags: CommonFlags) =>
    remove(terminal, ids, flags),
  );
  command("sync", "make the webhooks be what the bots need, as start does")
    .option("--dry-run", "only say what would be done")
    .action((flags: SyncFlags) => sync(terminal, flags));
  command("ping", "ask the receiver, by the way that deliveries take, whether it has our secret")
    .addOption(new Option("--target <url>", "default: where PUBLIC_URL leads").argParser(toTarget))
    .action((flags: PingFlags) => pingReceiver(terminal, flags));
  command("rotate-secret", "give the webhooks the current secret in the place of the previous one")
    .option("--make", "make up a secret, and say how to begin")
    .action((flags: RotateFlags) => rotate(terminal, flags));
}

async function list(terminal: Terminal, { account, json = false, ownedBy }: ListFlags): Promise<void> {
  await withClient(terminal, { account, json }, async (client, known) => {
    const webhooks: WebexWebhook[] = [];
    const query = ownedBy === "org" ? { ownedBy } : {};
    for await (const webhook of client.webhooks.list(query)) webhooks.push(webhook);
    const shown = webhooks.map((webhook) => toShown(webhook, known));
    if (json) for (const webhook of shown) terminal.writeLine(JSON.stringify(webhook));
    else terminal.writeLine(shown.length === 0 ? "none" : toTable(shown));
  });
}

async function get(terminal: Terminal, id: string, { account, json = false }: CommonFlags): Promise<void> {
  refuseEmpty([id]);
  await withClient(terminal, { account, json }, async (client, known) => {
    show(terminal, await found(id, client.webhooks.get(id)), known, json);
  });
}

async function create(terminal: Terminal, flags: NewFlags): Promise<void> {
  const {
    account,
    json = false,
    resource,
    event,
    filter,
    ownedBy,
    target,
    name = `${resource}.${event}`,
  } = flags;
  const fault = watchFault(flags);
  if (fault !== undefined) throw new UsageError(fault);
  const targetUrl = target ?? configuredTarget(terminal, account);
  await withClient(terminal, { account, json, needs: ["secret"] }, async (client, known) => {
    const { secret } = known;
    const webhook = { name, targetUrl, secret, resource, event, filter, ownedBy };
    show(terminal, await client.webhooks.create(webhook), known, json);
  });
}

function configuredTarget(terminal: Terminal, wanted: string | undefined): string {
  const { publicUrl, account } = readWebexAccess(terminal.env, ["secret", "publicUrl"], {}, wanted);
  return targetUrlOf(publicUrl, account);
}

async function update(
  terminal: Terminal,
  id: string,
  { account, json = false, name, target, status }: ChangeFlags,
): Promise<void> {
  refuseEmpty([id]);
  if (name === undefined && target === undefined && status === undefined)
    throw new UsageError("what is to be changed? Give --name, --target or --status active");
  await withClient(terminal, { account, json }, async (client, known) => {
    // Webex wants name and target with every change, also those that stay; of a secret that is left out nothing says
    // whether it does.
    const before = await found(id, client.webhooks.get(id));
    const { secret } = before;
    const changes = { name: name ?? before.name, targetUrl: target ?? before.targetUrl, secret, status };
    show(terminal, await found(id, client.webhooks.update(id, changes)), known, json);
  });
}

async function remove(
  terminal: Terminal,
  ids: readonly string[],
  { account, json = false }: CommonFlags,
): Promise<void> {
  refuseEmpty(ids);
  await withClient(terminal, { account, json }, async (client) => {
    const missing: string[] = [];
    for (const id of new Set(ids)) {
      try {
        await found(id, client.webhooks.delete(id));
        terminal.print({ id, deleted: true }, `deleted ${id}`, json);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
        missing.push(id);
      }
    }
    if (missing.length > 0) throw notFound(missing);
  });
}

function show(terminal: Terminal, webhook: WebexWebhook, known: KnownSecrets, json: boolean): void {
  const shown = toShown(webhook, known);
  terminal.print(shown, toWords(shown), json);
}

function toName(text: string): string {
  if (text.trim() === "") throw new UsageError("--name is empty");
  if (text.startsWith("bellhop:"))
    throw new UsageError(
      "--name begins with bellhop:, which marks webhooks that sync arranges, and may delete; choose another",
    );
  return text;
}

function toTarget(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new UsageError("--target is no address that begins with https:// or http://");
  return text;
}

function toStatus(text: string): "active" {
  if (text === "active") return text;
  throw new UsageError(
    text === "inactive"
      ? "Webex wakes a webhook and puts none to sleep: --status takes only active; delete the webhook instead"
      : `--status is "${text}"; expected active`,
  );
}

/** An id that is empty, a variable of the shell say, would be the address of all webhooks. */
function refuseEmpty(ids: readonly string[]): void {
  if (ids.some((id) => id.trim() === "")) throw new UsageError("an id is empty");
}
