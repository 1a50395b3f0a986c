import { type Config, ConfigError, type Environment, readConfig } from "../../config";
import { type Diagnostic, fault, warning, well } from "../../core/contract/diagnostic";

/** Reads all settings. The configuration is absent when something is wrong with them. */
export function examineSettings(env: Environment): {
  readonly findings: readonly Diagnostic[];
  readonly config?: Config;
} {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { findings: error.faults.map((one) => fault("settings", one, REMEDY)) };
  }
  const warnings = config.warnings.map((one) => warning("settings", one, REMEDY));
  const { accounts } = config;
  const served =
    accounts.length === 0
      ? "no account is set up: bellhop start serves the playground"
      : `accounts: ${accounts.map(({ module, account }) => `${module.name}/${account}`).join(", ")}`;
  return { findings: [well("settings", served), ...warnings], config };
}

const REMEDY = "change it in .env or the environment; .env.example says what each is";
