import { type Command, Option } from "commander";
import type { EventFilter, EventState, EventSummary, InboxAdmin } from "../../core/contract/inbox";
import { failureLine } from "../../core/handle/failures/failure-text";
import { explain } from "../inbox/explain";
import { findEvent, findEvents } from "../inbox/find";
import { migrateInbox, withInboxAdmin } from "../inbox/open-admin";
import { UsageError } from "../output";
import { ago, table } from "../table";
import type { Terminal } from "../terminal";

const STATES: readonly EventState[] = ["waiting", "handled", "dropped", "dead", "discarded"];

interface Flags extends EventFilter {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly reason?: string;
}

/** `bellhop inbox …`: what an operator does with accepted events, whether the bot runs or not. */
export function addInboxCommands(program: Command, terminal: Terminal): void {
  const inbox = program.command("inbox").description("look at accepted events, replay or discard dead ones");
  const json = (): Option => new Option("--json", "print JSON, lists as one object a line");
  const command = (usage: string, description: string): Command =>
    inbox.command(usage).description(description).addOption(json());

  command("status", "how many events wait, are dead, are remembered").action((flags: Flags) =>
    withInboxAdmin(terminal, (admin) => status(terminal, admin, flags)),
  );
  filtered(command("list", "events, newest first"))
    .addOption(new Option("--state <state>", "only those in this state").choices(STATES))
    .action((flags: Flags) => withInboxAdmin(terminal, (admin) => list(terminal, admin, flags)));
  filtered(command("dead", "dead letters, newest first")).action((flags: Flags) =>
    withInboxAdmin(terminal, (admin) => list(terminal, admin, { ...flags, state: "dead" })),
  );
  command("show <id>", "all that is known of an event, by its id or the platform's").action(
    (id: string, flags: Flags) =>
      withInboxAdmin(terminal, async (admin) => {
        const event = await findEvent(admin, id);
        terminal.print(event, JSON.stringify(event, undefined, 2), flags.json === true);
      }),
  );
  command("explain <id>", "the path of an event, and why nothing answered").action(
    (id: string, flags: Flags) =>
      withInboxAdmin(terminal, async (admin) => {
        const event = await findEvent(admin, id);
        terminal.print(event, explain(event), flags.json === true);
      }),
  );
  filtered(command("replay [ids...]", "give dead letters a new set of attempts, oldest first"))
    .option("--all", "all of them")
    .option("--dry-run", "only say which")
    .action((ids: string[], flags: Flags) =>
      withInboxAdmin(terminal, (admin) => replay(terminal, admin, ids, flags)),
    );
  command("retry <ids...>", "make the retry of waiting events due now").action(
    (ids: string[], flags: Flags) => withInboxAdmin(terminal, (admin) => retry(terminal, admin, ids, flags)),
  );
  filtered(command("discard [ids...]", "give up dead letters or waiting events for good"))
    .option("--all", "all of them")
    .option("--dry-run", "only say which")
    .requiredOption("--reason <text>", "why; kept with the event")
    .action((ids: string[], flags: Flags) =>
      withInboxAdmin(terminal, (admin) => discard(terminal, admin, ids, flags)),
    );
  command("migrate", "make the tables, or bring those of an older version up to date").action(
    async ({ json: asJson = false }: Flags) => {
      await migrateInbox(terminal);
      terminal.print({ migrated: true }, "the inbox is up to date", asJson);
    },
  );
}

function filtered(command: Command): Command {
  return command
    .option("--platform <name>", "only of this platform")
    .option("--account <name>", "only of this bot identity")
    .option("--key <text>", "only where the key has this: a message id, say")
    .option("--name <event>", "only of this name: messages.created")
    .option("--conversation <name>", "only of this conversation")
    .option("--code <code>", "only those that died of this error")
    .option("--before <id>", "only those older than this event, by the inbox's id")
    .addOption(new Option("--limit <n>", "so many").argParser(toLimit));
}

function toLimit(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new UsageError(`--limit is "${text}"; expected a whole number from 1 to 999999`);
  return Number(text);
}

function toFilter(flags: Flags): EventFilter {
  const { state, platform, account, key, name, conversation, code, before, limit } = flags;
  return { state, platform, account, key, name, conversation, code, before, limit };
}

async function status(terminal: Terminal, admin: InboxAdmin, { json = false }: Flags): Promise<void> {
  const counts = await admin.counts();
  const letters = counts.dead === 0 ? [] : await admin.list({ state: "dead", limit: counts.dead });
  const deadBy: Record<string, number> = {};
  for (const { error } of letters) {
    const code = error?.code ?? "unknown";
    deadBy[code] = (deadBy[code] ?? 0) + 1;
  }
  const lines = [
    `waiting     ${counts.waiting}`,
    `dead        ${counts.dead}`,
    ...Object.entries(deadBy).map(([code, count]) => `  ${code}  ${count}`),
    `remembered  ${counts.remembered}`,
  ];
  terminal.print({ ...counts, deadBy }, lines.join("\n"), json);
}

async function list(terminal: Terminal, admin: InboxAdmin, flags: Flags): Promise<void> {
  const events = await admin.list(toFilter(flags));
  if (flags.json === true) for (const event of events) terminal.writeLine(JSON.stringify(event));
  else terminal.writeLine(events.length === 0 ? "none" : toTable(events, terminal.columns));
  if (flags.json !== true && flags.state === "dead" && events.length > 0)
    terminal.writeLine("\nbellhop inbox explain <id> says why; replay or discard them");
}

function toTable(events: readonly EventSummary[], width: number): string {
  return table(
    ["id", "state", "received", "tries", "about", "why"],
    events.map((event) => [
      event.id,
      event.state,
      ago(event.receivedAt),
      event.attempts === undefined ? "" : String(event.attempts),
      event.name ?? event.key.split("/").slice(2).join("/").slice(0, 40),
      event.error === undefined ? (event.reason ?? "") : `${event.error.code}: ${failureLine(event.error)}`,
    ]),
    width,
  );
}

async function replay(
  terminal: Terminal,
  admin: InboxAdmin,
  ids: readonly string[],
  flags: Flags,
): Promise<void> {
  const letters = await chosen(admin, ids, flags, ["dead"]);
  let count = 0;
  for (const { id } of letters) {
    const newId = flags.dryRun === true ? id : await admin.replay(id);
    // Somebody else was faster.
    if (newId === undefined) continue;
    count++;
    if (flags.json === true) terminal.writeLine(JSON.stringify({ id, replayedAs: newId }));
  }
  if (flags.json !== true) terminal.writeLine(`${count} dead letter(s) ${said(flags, "replayed")}`);
}

async function retry(
  terminal: Terminal,
  admin: InboxAdmin,
  ids: readonly string[],
  flags: Flags,
): Promise<void> {
  const events = await findEvents(admin, ids, {}, ["waiting"]);
  let count = 0;
  for (const { id } of events) {
    if (!(await admin.retry(id))) continue;
    count++;
    if (flags.json === true) terminal.writeLine(JSON.stringify({ id, retried: true }));
  }
  if (flags.json !== true) terminal.writeLine(`${count} event(s) due now`);
}

async function discard(
  terminal: Terminal,
  admin: InboxAdmin,
  ids: readonly string[],
  flags: Flags,
): Promise<void> {
  const events = await chosen(admin, ids, flags, ["dead", "waiting"]);
  let count = 0;
  for (const { id } of events) {
    if (flags.dryRun !== true && !(await admin.discard(id, flags.reason ?? ""))) continue;
    count++;
    if (flags.json === true) terminal.writeLine(JSON.stringify({ id, discarded: true }));
  }
  if (flags.json !== true) terminal.writeLine(`${count} event(s) ${said(flags, "discarded")}`);
}

function said({ dryRun }: Flags, done: string): string {
  return dryRun === true ? `would be ${done}` : done;
}

/** Nothing is done to all dead letters unless that was asked for. A filter finds dead letters alone. */
async function chosen(
  admin: InboxAdmin,
  ids: readonly string[],
  flags: Flags,
  states: readonly EventState[],
): Promise<readonly EventSummary[]> {
  const { limit, ...filter } = toFilter(flags);
  const hasFilter = Object.values(filter).some((value) => value !== undefined);
  if (ids.length === 0 && !hasFilter && flags.all !== true)
    throw new UsageError("which ones? Give their ids, a filter, or --all");
  if (ids.length > 0 && (hasFilter || flags.all === true))
    throw new UsageError("either ids, or a filter, or --all");
  const letters = await findEvents(admin, ids, filter, states);
  return limit === undefined ? letters : letters.slice(0, limit);
}
