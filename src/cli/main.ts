#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { addCardsCommands } from "./commands/cards";
import { addCatchUpCommand } from "./commands/catch-up";
import { addDoctorCommand } from "./commands/doctor";
import { addInboxCommands } from "./commands/inbox";
import { addIntercomCommands } from "./commands/intercom";
import { addSpikaCommands } from "./commands/spika";
import { start } from "./commands/start";
import { addWebhooksCommands } from "./commands/webhooks";
import { complain, EXIT, UsageError } from "./output";

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  version: string; // our own file
};

const asJson = process.argv.includes("--json");

const program = new Command("bellhop")
  .description("Chat bots behind a webhook: nothing accepted is lost, repeated or reordered.")
  .version(version)
  .showSuggestionAfterError()
  .configureOutput({
    outputError(text, write) {
      if (asJson) complain(new UsageError(text.trim().replace(/^error: /, "")), asJson);
      else write(text);
    },
  })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.done : EXIT.refused));

program
  .command("start")
  .description("serve the bots; without an account, in the playground on this computer")
  .action(start);
addCardsCommands(program);
addCatchUpCommand(program);
addDoctorCommand(program);
addInboxCommands(program);
addIntercomCommands(program);
addSpikaCommands(program);
addWebhooksCommands(program);

program.parseAsync().catch((error: unknown) => {
  process.exit(complain(error, asJson));
});
