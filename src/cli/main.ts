#!/usr/bin/env node
import { runCommand } from "./run-command";
import { Terminal } from "./terminal";

const { argv, env, stdout, stderr } = process;

void runCommand(argv.slice(2), new Terminal(env, stdout, stderr)).then((code) => {
  // A bot may have started a timer when it was loaded: it would keep the command from ending.
  if (code !== undefined) stdout.write("", () => process.exit(code));
});
