import { resolve } from "node:path";
import { config as readDotenv } from "dotenv";
import { z } from "zod";
import { BellhopError, describe } from "./core/errors";

/** Everything that can be set from outside. Which platform is served is in `mode`. */
export type Config = WebexConfig | PlaygroundConfig;

/** Logging, from silent to talkative. */
export type LogLevel = z.infer<typeof logLevel>;

/** `pretty` for people at a terminal, `json` for programs: one object a line. */
export type LogFormat = z.infer<typeof logFormat>;

/** What holds in either mode. */
export interface CommonConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute, as are the other two folders. */
  readonly botsDir: string;
  readonly cardsDir: string;
  readonly dataDir: string;
  /** Address of the PostgreSQL that holds the inbox; absent: the inbox is a file in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly handlerTimeoutMs: number;
  readonly maxAttempts: number;
  readonly replies: "at-least-once" | "at-most-once";
  readonly afterDeadLetter: "go-on" | "wait";
  readonly clickLanes: "person" | "room";
  /** Conversations that are handled at the same time. */
  readonly concurrency: number;
  /** Largest delivery that is accepted, in bytes. */
  readonly maxBodyBytes: number;
  /** Sentences for the log: what was set and has no effect, or is weaker than it should be. */
  readonly warnings: readonly string[];
}

/** A bot with an account at Webex. */
export interface WebexConfig extends CommonConfig {
  readonly mode: "webex";
  readonly token: string;
  /** What deliveries may be signed with: the secret, then its predecessor while it is being replaced. */
  readonly secrets: readonly [current: string, ...previous: string[]];
  /** Without a slash at its end. */
  readonly apiBaseUrl: string;
  readonly webhooks: WebhookConfig;
}

/** Whether the webhooks at Webex are ours to arrange. `publicUrl` has no slash at its end. */
export type WebhookConfig = { readonly kind: "off" } | { readonly kind: "sync"; readonly publicUrl: string };

/** A bot with no account: everything happens on this computer. What is absent is made up at each start. */
export interface PlaygroundConfig extends CommonConfig {
  readonly mode: "playground";
  readonly secret?: string | undefined;
  readonly botToken?: string | undefined;
  readonly userToken?: string | undefined;
}

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

/** An environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What surrounds the program and is no variable. */
export interface Surroundings {
  /** Relative folders start here. @default process.cwd() */
  readonly cwd?: string;
  /** Whether logs go to a terminal. @default whether standard output is one */
  readonly isTerminal?: boolean;
}

/** Shorter ones can be found by trying. */
const ADVISED_SECRET_LENGTH = 16;

const WEBEX_API = "https://webexapis.com/v1";

const logLevel = z.enum(["debug", "info", "warn", "error", "silent"], {
  error: "expected debug, info, warn, error or silent",
});
const logFormat = z.enum(["pretty", "json"], { error: "expected pretty or json" });

// The order is that of .env.example, and of the faults in a message.
const variables = z.object({
  WEBEX_BOT_TOKEN: token().optional(),
  WEBEX_WEBHOOK_SECRET: z.string().optional(),
  WEBEX_WEBHOOK_SECRET_PREVIOUS: z.string().optional(),
  PUBLIC_URL: url().optional(),
  WEBEX_API_BASE_URL: url().optional(),
  WEBHOOKS: z.enum(["sync", "off"], { error: "expected sync or off" }).default("sync"),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, "expected a host name or an IP address, without a port")
    .default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535).default(3000),
  BOTS_DIR: z.string().default("bots"),
  CARDS_DIR: z.string().default("cards"),
  DATA_DIR: z.string().default("data"),
  DATABASE_URL: z
    .string()
    .refine(
      (value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value),
      "expected postgres://user:password@host:5432/database, with / and @ in the password written as %2F and %40",
    )
    .optional(),
  LOG_LEVEL: logLevel.default("info"),
  LOG_FORMAT: logFormat.optional(),
  HANDLER_TIMEOUT_MS: wholeNumber(1, 3_600_000).default(120_000),
  MAX_ATTEMPTS: wholeNumber(1, 100).default(8),
  REPLIES: z
    .enum(["at-least-once", "at-most-once"], { error: "expected at-least-once or at-most-once" })
    .default("at-least-once"),
  AFTER_DEAD_LETTER: z.enum(["go-on", "wait"], { error: "expected go-on or wait" }).default("go-on"),
  CLICK_LANES: z.enum(["person", "room"], { error: "expected person or room" }).default("person"),
  CONCURRENCY: wholeNumber(1, 10_000).default(64),
  MAX_BODY_BYTES: wholeNumber(1_024, 104_857_600).default(1_048_576),
  PLAYGROUND_WEBEX_BOT_TOKEN: token().optional(),
  PLAYGROUND_WEBEX_USER_TOKEN: token().optional(),
});

type Name = keyof z.infer<typeof variables>;

const NAMES = Object.keys(variables.shape) as Name[]; // zod types the shape, Object.keys does not

/**
 * Adds what the file `.env` in the working directory says to `process.env`; what is set already stays.
 * @throws ConfigError when there is such a file and it cannot be read
 */
export function loadDotenv(cwd: string = process.cwd()): void {
  const { error } = readDotenv({ path: resolve(cwd, ".env"), quiet: true, override: false, debug: false });
  if (error !== undefined && error.code !== "ENOENT")
    throw new ConfigError([`the file cannot be read: ${describe(error)}`], error);
}

/**
 * Reads the configuration. A variable that is empty counts as absent.
 * @throws ConfigError that lists every missing and malformed variable
 */
export function readConfig(env: Environment, surroundings: Surroundings = {}): Config {
  const given = readGiven(env);
  const parsed = variables.safeParse(given);
  const faults = [
    ...missing(given),
    ...(parsed.success ? unsafe(parsed.data) : malformed(parsed.error, given)),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);

  const values = parsed.data;
  const common = toCommon(values, surroundings);
  const { WEBEX_BOT_TOKEN: botToken, WEBEX_WEBHOOK_SECRET: secret } = values;
  // A token without a secret was refused above.
  if (botToken === undefined || secret === undefined) {
    return {
      ...common,
      mode: "playground",
      secret,
      botToken: values.PLAYGROUND_WEBEX_BOT_TOKEN,
      userToken: values.PLAYGROUND_WEBEX_USER_TOKEN,
    };
  }
  const previous = values.WEBEX_WEBHOOK_SECRET_PREVIOUS;
  return {
    ...common,
    mode: "webex",
    token: botToken,
    secrets: previous === undefined ? [secret] : [secret, previous],
    apiBaseUrl: values.WEBEX_API_BASE_URL ?? WEBEX_API,
    webhooks:
      values.WEBHOOKS === "off" || values.PUBLIC_URL === undefined
        ? { kind: "off" }
        : { kind: "sync", publicUrl: values.PUBLIC_URL },
  };
}

/** Where the inbox is. */
export type InboxConfig = Pick<CommonConfig, "dataDir" | "databaseUrl">;

/**
 * Reads what a command needs that only looks into the inbox.
 * @throws ConfigError
 */
export function readInboxConfig(env: Environment, { cwd = process.cwd() }: Surroundings = {}): InboxConfig {
  const given = readGiven(env);
  const parsed = variables.pick({ DATA_DIR: true, DATABASE_URL: true }).safeParse(given);
  if (!parsed.success) throw new ConfigError(malformed(parsed.error, given));
  return { dataDir: resolve(cwd, parsed.data.DATA_DIR), databaseUrl: parsed.data.DATABASE_URL };
}

/** What commands use that only talk to Webex. `Need` names what is there for certain. */
export type WebexAccess<Need extends WebexNeed = never> = Pick<
  WebexConfig,
  "token" | "apiBaseUrl" | "botsDir"
> & {
  readonly secret: string | undefined;
  readonly previousSecret: string | undefined;
  /** Looked at only where it is needed. */
  readonly publicUrl: string | undefined;
} & Readonly<Record<Need, string>>;

/** What only some of them need: what deliveries are signed with, where Webex reaches the receiver. */
export type WebexNeed = "secret" | "publicUrl";

/**
 * Reads what a command needs that only talks to Webex: the token, and what else it names.
 * @throws ConfigError that lists every missing and malformed variable
 */
export function readWebexAccess<Need extends WebexNeed = never>(
  env: Environment,
  needs: readonly Need[] = [],
  { cwd = process.cwd() }: Surroundings = {},
): WebexAccess<Need> {
  const given = readGiven(env);
  const needed: (keyof typeof PURPOSE)[] = ["WEBEX_BOT_TOKEN", ...needs.map((need) => VARIABLE_OF[need])];
  // What is malformed and not needed is no reason to refuse.
  if (!needed.includes("PUBLIC_URL")) delete given.PUBLIC_URL;
  const parsed = webexAccess.safeParse(given);
  const absent = needed.filter((name) => given[name] === undefined);
  const faults = [
    ...absent.map((name) => `${name} is missing (${PURPOSE[name]})`),
    ...(parsed.success ? [] : malformed(parsed.error, given)),
  ];
  const token = parsed.data?.WEBEX_BOT_TOKEN;
  if (!parsed.success || token === undefined || faults.length > 0) throw new ConfigError(faults);
  const values = parsed.data;
  return {
    token,
    apiBaseUrl: values.WEBEX_API_BASE_URL ?? WEBEX_API,
    botsDir: resolve(cwd, values.BOTS_DIR),
    secret: values.WEBEX_WEBHOOK_SECRET,
    previousSecret: values.WEBEX_WEBHOOK_SECRET_PREVIOUS,
    publicUrl: values.PUBLIC_URL,
  } as WebexAccess<Need>; // what is needed and missing was refused above
}

const webexAccess = variables.pick({
  WEBEX_BOT_TOKEN: true,
  WEBEX_WEBHOOK_SECRET: true,
  WEBEX_WEBHOOK_SECRET_PREVIOUS: true,
  PUBLIC_URL: true,
  WEBEX_API_BASE_URL: true,
  BOTS_DIR: true,
});

const VARIABLE_OF = { secret: "WEBEX_WEBHOOK_SECRET", publicUrl: "PUBLIC_URL" } as const;

const PURPOSE = {
  WEBEX_BOT_TOKEN: "the bot's access token, from developer.webex.com",
  WEBEX_WEBHOOK_SECRET: "deliveries are signed with it; without one, anybody could write to the bot",
  PUBLIC_URL: "where Webex reaches this receiver",
} as const;

function readGiven(env: Environment): Partial<Record<Name, string>> {
  const given: Partial<Record<Name, string>> = {};
  for (const name of NAMES) {
    const value = env[name];
    if (value === undefined || value.trim() === "") continue;
    // A secret is used byte for byte, as whoever set it at the other side did.
    given[name] = name.startsWith("WEBEX_WEBHOOK_SECRET") ? value : value.trim();
  }
  return given;
}

function missing(given: Partial<Record<Name, string>>): string[] {
  const faults: string[] = [];
  if (given.WEBEX_BOT_TOKEN === undefined) {
    if (given.WEBEX_API_BASE_URL !== undefined)
      faults.push(
        "WEBEX_BOT_TOKEN is missing (WEBEX_API_BASE_URL is set, which is of use only with a token)",
      );
    return faults;
  }
  if (given.WEBEX_WEBHOOK_SECRET === undefined) {
    faults.push(`WEBEX_WEBHOOK_SECRET is missing (${PURPOSE.WEBEX_WEBHOOK_SECRET})`);
  }
  if (given.PUBLIC_URL === undefined && given.WEBHOOKS !== "off") {
    faults.push(`PUBLIC_URL is missing (${PURPOSE.PUBLIC_URL}; or set WEBHOOKS=off)`);
  }
  return faults;
}

/** The playground knows no passwords. */
function unsafe({ WEBEX_BOT_TOKEN: botToken, HOST: host }: z.infer<typeof variables>): string[] {
  if (botToken !== undefined || isLoopback(host)) return [];
  return [
    `HOST is "${shorten(host)}" (expected 127.0.0.1: without WEBEX_BOT_TOKEN the playground is served, and that to this computer only)`,
  ];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function malformed(error: z.ZodError, given: Partial<Record<Name, string>>): string[] {
  return error.issues.map((issue) => {
    const name = String(issue.path[0]) as Name; // the schema is flat: a path is a variable's name
    const shown = isSecret(name) ? "malformed" : `"${shorten(given[name] ?? "")}"`;
    return `${name} is ${shown} (${issue.message})`;
  });
}

function isSecret(name: string): boolean {
  return /TOKEN|SECRET|DATABASE_URL/.test(name);
}

// What stands where a port should be may be a token that was pasted into the wrong line, and an address may hold a password.
function shorten(value: string): string {
  const bare = value.replace(/\/\/.*@/, "//…@");
  return bare.length <= 32 ? bare : `${bare.slice(0, 12)}…`;
}

function toCommon(values: z.infer<typeof variables>, surroundings: Surroundings): CommonConfig {
  const cwd = surroundings.cwd ?? process.cwd();
  const isTerminal = surroundings.isTerminal ?? process.stdout.isTTY === true;
  return {
    host: values.HOST,
    port: values.PORT,
    botsDir: resolve(cwd, values.BOTS_DIR),
    cardsDir: resolve(cwd, values.CARDS_DIR),
    dataDir: resolve(cwd, values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT ?? (isTerminal ? "pretty" : "json") },
    handlerTimeoutMs: values.HANDLER_TIMEOUT_MS,
    maxAttempts: values.MAX_ATTEMPTS,
    replies: values.REPLIES,
    afterDeadLetter: values.AFTER_DEAD_LETTER,
    clickLanes: values.CLICK_LANES,
    concurrency: values.CONCURRENCY,
    maxBodyBytes: values.MAX_BODY_BYTES,
    warnings: findWarnings(values),
  };
}

function findWarnings(values: z.infer<typeof variables>): string[] {
  const warnings: string[] = [];
  const { WEBEX_BOT_TOKEN: botToken, WEBEX_WEBHOOK_SECRET: secret } = values;
  if (botToken === undefined && values.PUBLIC_URL !== undefined)
    warnings.push("PUBLIC_URL has no effect: WEBEX_BOT_TOKEN is not set, so the playground is started");
  if (botToken !== undefined && secret !== undefined && secret.length < ADVISED_SECRET_LENGTH)
    warnings.push(
      `WEBEX_WEBHOOK_SECRET is shorter than ${ADVISED_SECRET_LENGTH} characters; somebody patient can guess it`,
    );
  if (values.WEBEX_WEBHOOK_SECRET_PREVIOUS !== undefined && secret === undefined)
    warnings.push("WEBEX_WEBHOOK_SECRET_PREVIOUS has no effect without WEBEX_WEBHOOK_SECRET");
  return warnings;
}

function wholeNumber(min: number, max: number) {
  const message = `expected a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

// It is sent in a header, where anything else would be refused by every request.
function token() {
  return z
    .string()
    .regex(/^[\x21-\x7e]+$/, "it has blanks or characters that no token has; copy it once more");
}

function url() {
  return z.string().transform((value, context) => {
    const fault = urlFault(value);
    if (fault === undefined) return new URL(value).href.replace(/\/+$/, "");
    context.addIssue(fault);
    return z.NEVER;
  });
}

function urlFault(value: string): string | undefined {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    return "expected an address that starts with https:// or http://";
  const { username, password } = new URL(value);
  if (username !== "" || password !== "") return "expected an address without a user and a password";
  return /[?#]/.test(value) ? "expected an address without ? and #" : undefined;
}
