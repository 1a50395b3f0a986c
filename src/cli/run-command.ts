import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import { loadDotenv } from "../config";
import { addCardsCommands } from "./commands/cards";
import { addCatchUpCommand } from "./commands/catch-up";
import { addDoctorCommand } from "./commands/doctor";
import { addInboxCommands } from "./commands/inbox";
import { addIntercomCommands } from "./commands/intercom";
import { addSpikaCommands } from "./commands/spika";
import { start } from "./commands/start";
import { addWebhooksCommands } from "./commands/webhooks";
import { EXIT, UsageError } from "./output";
import type { Terminal } from "./terminal";

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  version: string; // our own file
};

/**
 * Runs one command of `bellhop`.
 * @param args `["inbox", "list", "--json"]`
 * @returns the exit code; `undefined` while `start` serves, which ends the process itself. Never rejects.
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number | undefined> {
  const asJson = args.includes("--json");
  let isServing = false;
  const program = new Command("bellhop")
    .description("Chat bots behind a webhook: nothing accepted is lost, repeated or reordered.")
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.writeLine(text.replace(/\n$/, "")),
      writeErr: (text) => terminal.writeErrorLine(text.replace(/\n$/, "")),
      outputError(text, write) {
        if (asJson) terminal.fail(new UsageError(text.trim().replace(/^error: /, "")), asJson);
        else write(text);
      },
    })
    .hook("preAction", () => loadDotenv(terminal.env));
  program
    .command("start")
    .description("serve the bots; without an account, in the playground on this computer")
    .action(async () => {
      await start(terminal);
      isServing = true;
    });
  addCardsCommands(program, terminal);
  addCatchUpCommand(program, terminal);
  addDoctorCommand(program, terminal);
  addInboxCommands(program, terminal);
  addIntercomCommands(program, terminal);
  addSpikaCommands(program, terminal);
  addWebhooksCommands(program, terminal);

  try {
    await program.parseAsync(args, { from: "user" });
    return isServing ? undefined : terminal.exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return terminal.fail(error, asJson);
    // commander has written the help, the version, or what is wrong with the arguments.
    return error.exitCode === 0 ? EXIT.done : EXIT.refused;
  }
}
