import { resolve } from "node:path";
import { config as readDotenv } from "dotenv";
import { describeError } from "../core/contract/errors";
import { ConfigError } from "./error";

/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the variables of the file `.env` in the working directory to an environment. Variables that are set stay.
 * @throws ConfigError if the file exists and cannot be read
 */
export function loadDotenv(env: Record<string, string | undefined>, cwd: string = process.cwd()): void {
  // dotenv reads and writes only texts; an absent variable stays absent.
  const processEnv = env as Record<string, string>;
  const { error } = readDotenv({
    path: resolve(cwd, ".env"),
    processEnv,
    quiet: true,
    override: false,
    debug: false,
  });
  if (error !== undefined && error.code !== "ENOENT")
    throw new ConfigError([`the file cannot be read: ${describeError(error)}`], error);
}

/** @returns the value without blanks around it; `undefined` for one that is empty, which counts as absent */
export function given(env: Environment, name: string): string | undefined {
  const value = givenExactly(env, name);
  return value?.trim();
}

/** The same for what is used byte for byte, as whoever set it at the other side did. */
export function givenExactly(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** Only what counts as given. */
export function withoutEmpty(env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(env).flatMap((name) => {
      const value = givenExactly(env, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
