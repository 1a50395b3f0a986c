import { resolve } from "node:path";
import { z } from "zod";
import { type Environment, given, givenExactly } from "./environment";
import { address, malformed, oneOf, token, wholeNumber } from "./forms";

/** Logging, from silent to talkative. */
export type LogLevel = z.infer<typeof logLevel>;

/** `pretty` for people at a terminal, `json` for programs: one object a line. */
export type LogFormat = z.infer<typeof logFormat>;

/** What holds for the program, whichever platforms it serves. */
export interface CommonConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Where the receiver is reached from the internet, without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly webhooks: "sync" | "check" | "off";
  /** Absolute, as are the other two folders. */
  readonly botsDir: string;
  readonly cardsDir: string;
  readonly dataDir: string;
  /** Address of the PostgreSQL that holds the inbox; absent: the inbox is a file in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  /** How much log lines say of errors that handlers throw; absent: it depends on where the program runs. */
  readonly logErrors: "full" | "brief" | undefined;
  readonly handlerTimeoutMs: number;
  /** How long the event loop may be blocked before the process is ended, in milliseconds; 0: as long as it is. */
  readonly blockedMs: number;
  readonly maxAttempts: number;
  readonly replies: "at-least-once" | "at-most-once";
  readonly afterDeadLetter: "go-on" | "wait";
  /** How long a failing event holds its conversation, in milliseconds. */
  readonly holdMs: number;
  readonly clickLanes: "person" | "room";
  /** What buttons of cards are signed with, newest first; empty: with what the platforms have. */
  readonly cardSecrets: readonly string[];
  readonly catchUp: "on" | "off";
  /** What was written longer ago is left alone when catching up. */
  readonly catchUpMaxAgeMs: number;
  /** Conversations that are handled at the same time. */
  readonly concurrency: number;
  /** Largest delivery that is accepted, in bytes. */
  readonly maxBodyBytes: number;
  readonly playground: {
    /** Tokens for programs outside; absent: made up once, and kept in `dataDir`. */
    readonly botToken: string | undefined;
    readonly userToken: string | undefined;
    /** Opens the page to others than this computer. */
    readonly password: string | undefined;
  };
}

/** What surrounds the program and is no variable. */
export interface Surroundings {
  /** Relative folders start here. @default process.cwd() */
  readonly cwd?: string;
  /** Whether logs go to a terminal. @default whether standard output is one */
  readonly isTerminal?: boolean;
}

const logLevel = oneOf(["debug", "info", "warn", "error", "silent"]);
const logFormat = oneOf(["pretty", "json"]);

// The order is that of .env.example, and of the faults in a message.
const variables = z.object({
  PUBLIC_URL: address().optional(),
  WEBHOOKS: oneOf(["sync", "check", "off"]).default("sync"),
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
  LOG_ERRORS: oneOf(["full", "brief"]).optional(),
  HANDLER_TIMEOUT_MS: wholeNumber(1, 3_600_000).default(120_000),
  BLOCKED_MS: wholeNumber(0, 3_600_000)
    .refine((value) => value === 0 || value >= 100, "expected 0, or at least 100")
    .default(10_000),
  MAX_ATTEMPTS: wholeNumber(1, 100).default(8),
  REPLIES: oneOf(["at-least-once", "at-most-once"]).default("at-least-once"),
  AFTER_DEAD_LETTER: oneOf(["go-on", "wait"]).default("go-on"),
  HOLD_MS: wholeNumber(0, 86_400_000).default(30_000),
  CLICK_LANES: oneOf(["person", "room"]).default("person"),
  CARD_SECRET: z.string().optional(),
  CARD_SECRET_PREVIOUS: z.string().optional(),
  CATCH_UP: oneOf(["on", "off"]).default("on"),
  CATCH_UP_MAX_AGE_HOURS: wholeNumber(1, 120).default(24),
  CONCURRENCY: wholeNumber(1, 10_000).default(64),
  MAX_BODY_BYTES: wholeNumber(1_024, 104_857_600).default(1_048_576),
  PLAYGROUND_WEBEX_BOT_TOKEN: token().optional(),
  PLAYGROUND_WEBEX_USER_TOKEN: token().optional(),
  PLAYGROUND_PASSWORD: z.string().min(12, "expected at least 12 characters").optional(),
});

type Name = keyof typeof variables.shape;

/** Names of all variables of the program itself. */
export const COMMON_NAMES = Object.keys(variables.shape) as readonly Name[]; // zod types the shape, Object.keys does not

/** What the environment says, and what is wrong with it. Where something is, its default stands in. */
export interface CommonReading {
  readonly config: CommonConfig;
  readonly faults: readonly string[];
}

/** Reads variables of the program itself. @param names those that matter; the others have their defaults */
export function readCommon(
  env: Environment,
  { cwd = process.cwd(), isTerminal = process.stdout.isTTY === true }: Surroundings,
  names: readonly Name[] = COMMON_NAMES,
): CommonReading {
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = /^CARD_SECRET|PASSWORD/.test(name) ? givenExactly(env, name) : given(env, name);
    if (value !== undefined) values[name] = value;
  }
  const first = variables.safeParse(values);
  if (first.success) return { config: toConfig(first.data, cwd, isTerminal), faults: [] };

  const faults = first.error.issues.map(({ path, message }) => {
    const name = String(path[0]) as Name; // the schema is flat: a path is a variable's name
    const fault = malformed(
      name,
      values[name] ?? "",
      message,
      /TOKEN|SECRET|PASSWORD|DATABASE_URL/.test(name),
    );
    delete values[name];
    return fault;
  });
  return { config: toConfig(variables.parse(values), cwd, isTerminal), faults };
}

function toConfig(values: z.infer<typeof variables>, cwd: string, isTerminal: boolean): CommonConfig {
  return {
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL,
    webhooks: values.WEBHOOKS,
    botsDir: resolve(cwd, values.BOTS_DIR),
    cardsDir: resolve(cwd, values.CARDS_DIR),
    dataDir: resolve(cwd, values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    log: { level: values.LOG_LEVEL, format: values.LOG_FORMAT ?? (isTerminal ? "pretty" : "json") },
    logErrors: values.LOG_ERRORS,
    handlerTimeoutMs: values.HANDLER_TIMEOUT_MS,
    blockedMs: values.BLOCKED_MS,
    maxAttempts: values.MAX_ATTEMPTS,
    replies: values.REPLIES,
    afterDeadLetter: values.AFTER_DEAD_LETTER,
    holdMs: values.HOLD_MS,
    clickLanes: values.CLICK_LANES,
    cardSecrets: [values.CARD_SECRET, values.CARD_SECRET_PREVIOUS].filter((secret) => secret !== undefined),
    catchUp: values.CATCH_UP,
    catchUpMaxAgeMs: values.CATCH_UP_MAX_AGE_HOURS * 3_600_000,
    concurrency: values.CONCURRENCY,
    maxBodyBytes: values.MAX_BODY_BYTES,
    playground: {
      botToken: values.PLAYGROUND_WEBEX_BOT_TOKEN,
      userToken: values.PLAYGROUND_WEBEX_USER_TOKEN,
      password: values.PLAYGROUND_PASSWORD,
    },
  };
}
