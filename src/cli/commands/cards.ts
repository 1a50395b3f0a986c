import type { Command } from "commander";
import { type CheckFlags, check } from "../cards/check";
import { type ExpandFlags, expand } from "../cards/expand";
import type { Terminal } from "../terminal";

/** `bellhop cards …`: whether cards are what Webex draws, and what becomes of a template. */
export function addCardsCommands(program: Command, terminal: Terminal): void {
  const cards = program.command("cards").description("check card templates, and fill them");

  cards
    .command("check [files...]")
    .description("tell all that Webex would refuse or not draw in these cards, or in all of CARDS_DIR")
    .option("--text", "tell also what is lost where cards are written as text, in Spika and Intercom")
    .option("--json", "print JSON, one finding a line")
    .action((files: string[], flags: CheckFlags) => check(terminal, files, flags));
  cards
    .command("expand <template> <data>")
    .description("print what the templating library makes of a template and a file of data")
    .option("--host <file>", "what the template calls $host")
    .option("--strict", "print what would be sent, and nothing when it would not be sent")
    .option("--json", "print JSON in one line, findings too")
    .action((template: string, data: string, flags: ExpandFlags) => expand(terminal, template, data, flags));
}
