import type { Command } from "commander";
import { readCommon } from "../../config/common";
import type { Diagnostic } from "../../core/contract/diagnostic";
import { examineAccount } from "../doctor/accounts";
import { examineInbox } from "../doctor/inbox";
import { examineBots, examineCards } from "../doctor/modules";
import { type Reported, toWords } from "../doctor/report";
import { examineServer } from "../doctor/server";
import { examineSettings } from "../doctor/settings";
import { EXIT } from "../output";
import type { Terminal } from "../terminal";

interface Flags {
  readonly json?: boolean;
}

/** `bellhop doctor`: looks at everything that must be right for messages to be received and answered. */
export function addDoctorCommand(program: Command, terminal: Terminal): void {
  program
    .command("doctor")
    .description("look at everything that must be right, and say what to do; changes nothing")
    .option("--json", "print JSON, one object a finding")
    .action((flags: Flags) => doctor(terminal, flags));
}

async function doctor(terminal: Terminal, { json = false }: Flags): Promise<void> {
  const { findings: settings, config } = examineSettings(terminal.env);
  // Where a setting is wrong its default stands in, and what does not depend on it is looked at all the same.
  const common = config ?? readCommon(terminal.env, {}).config;
  const { finding: botsFinding, bots } = await examineBots(common);
  const program: Diagnostic[] = [
    ...settings,
    botsFinding,
    ...examineCards(common, bots),
    ...(await examineInbox(common)),
    await examineServer(common),
  ];
  const accounts = config
    ? await Promise.all(config.accounts.map((account) => examineAccount(account, config, bots)))
    : [];
  const findings: Reported[] = [
    ...program,
    ...accounts.flatMap(({ account, findings: found }) => found.map((one) => ({ ...one, account }))),
  ];
  if (json) for (const finding of findings) terminal.writeLine(JSON.stringify(finding));
  else terminal.writeLine(toWords(findings));
  if (findings.some(({ state }) => state === "fault")) terminal.exitCode = EXIT.failed;
}
