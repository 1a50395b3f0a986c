import { BellhopError } from "../core/contract/errors";

/** Some variables are missing or make no sense. */
export class ConfigError extends BellhopError {
  override readonly name = "ConfigError";
  /** One sentence a variable, without the values of secrets. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[], cause?: unknown) {
    super("config-invalid", `.env: ${faults.join("; ")}. See .env.example`, { cause, retry: "never" });
    this.faults = faults;
  }
}
