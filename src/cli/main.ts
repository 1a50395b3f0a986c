#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { BellhopError, describe } from "../core/errors";
import { start } from "./commands/start";

/** Exit codes: 0 done, 1 it failed while it ran, 2 something must be changed before it can run. */
const FAILED = 1;
const REFUSED = 2;

const MUST_BE_CHANGED: ReadonlySet<string> = new Set(["config-invalid", "load-failed", "listen-failed"]);

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as {
  version: string; // our own file
};

const program = new Command("bellhop")
  .description("Chat bots behind a webhook: nothing accepted is lost, repeated or reordered.")
  .version(version)
  .showSuggestionAfterError();

program
  .command("start")
  .description("serve the bots; without an account, in the playground on this computer")
  .action(start);

program.parseAsync().catch((error: unknown) => {
  // An error of ours says what to do; of any other, where it happened is all there is to go by.
  const known = error instanceof BellhopError;
  console.error(known ? error.message : error instanceof Error ? error.stack : describe(error));
  process.exit(known && MUST_BE_CHANGED.has(error.code) ? REFUSED : FAILED);
});
