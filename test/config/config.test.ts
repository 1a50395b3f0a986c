import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ConfigError, type Environment, loadDotenv, readConfig, readWebexAccess } from "../../src/config";

const SURROUNDINGS = { cwd: "/srv/bot", isTerminal: false };
const SECRET = "0123456789abcdef";
const WEBEX = {
  WEBEX_BOT_TOKEN: "token-1",
  WEBEX_WEBHOOK_SECRET: SECRET,
  PUBLIC_URL: "https://bot.example.com",
};

function read(env: Environment) {
  return readConfig(env, SURROUNDINGS);
}

/** Who is served, without the code that would serve them. */
function accountsOf(env: Environment) {
  return read(env).accounts.map(({ module, account, values }) => ({
    platform: module.name,
    account,
    values,
  }));
}

function faultsOf(env: Environment): readonly string[] {
  try {
    read(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("who is served", () => {
  it("is the playground when nothing is set", () => {
    expect(read({})).toEqual({
      accounts: [],
      publicUrl: undefined,
      webhooks: "sync",
      playground: { botToken: undefined, userToken: undefined },
      host: "127.0.0.1",
      port: 3000,
      botsDir: "/srv/bot/bots",
      cardsDir: "/srv/bot/cards",
      dataDir: "/srv/bot/data",
      databaseUrl: undefined,
      log: { level: "info", format: "json" },
      handlerTimeoutMs: 120_000,
      blockedMs: 10_000,
      maxAttempts: 8,
      replies: "at-least-once",
      afterDeadLetter: "go-on",
      holdMs: 30_000,
      logErrors: undefined,
      clickLanes: "person",
      cardSecrets: [],
      catchUp: "on",
      catchUpMaxAgeMs: 86_400_000,
      concurrency: 64,
      maxBodyBytes: 1_048_576,
      warnings: [],
    });
  });

  it("is Webex when there is a token", () => {
    expect(accountsOf(WEBEX)).toEqual([
      { platform: "webex", account: "default", values: { BOT_TOKEN: "token-1", WEBHOOK_SECRET: SECRET } },
    ]);
    expect(read(WEBEX)).toMatchObject({
      publicUrl: "https://bot.example.com",
      webhooks: "sync",
      warnings: [],
    });
  });

  it("stays the playground when there is no token, and knows what was given for it", () => {
    const config = read({
      WEBEX_WEBHOOK_SECRET: "long enough to be a secret",
      PLAYGROUND_WEBEX_BOT_TOKEN: "b",
      PLAYGROUND_WEBEX_USER_TOKEN: "u",
    });
    expect(config).toMatchObject({
      accounts: [],
      playground: { botToken: "b", userToken: "u" },
    });
  });

  it("needs no public address and no secret over the websocket", () => {
    const env = { WEBEX_BOT_TOKEN: "token-1", WEBEX_TRANSPORT: "websocket" };
    expect(accountsOf(env)).toMatchObject([{ values: { BOT_TOKEN: "token-1", TRANSPORT: "websocket" } }]);
  });

  it("needs no public address when the webhooks are arranged by hand", () => {
    const { PUBLIC_URL: _, ...rest } = WEBEX;
    expect(accountsOf({ ...rest, WEBHOOKS: "off" })).toHaveLength(1);
  });
});

describe("several accounts", () => {
  const TWO = {
    PUBLIC_URL: "https://bot.example.com",
    WEBEX_ACCOUNTS: "sales, sales-eu",
    WEBEX_SALES_BOT_TOKEN: "token-2",
    WEBEX_SALES_WEBHOOK_SECRET: "2".repeat(16),
    WEBEX_SALES_EU_BOT_TOKEN: "token-3",
    WEBEX_SALES_EU_WEBHOOK_SECRET: "3".repeat(16),
  };

  it("are named, and each has variables of its own", () => {
    expect(accountsOf(TWO)).toEqual([
      {
        platform: "webex",
        account: "sales",
        values: { BOT_TOKEN: "token-2", WEBHOOK_SECRET: "2".repeat(16) },
      },
      {
        platform: "webex",
        account: "sales-eu",
        values: { BOT_TOKEN: "token-3", WEBHOOK_SECRET: "3".repeat(16) },
      },
    ]);
  });

  it("stand beside the one without a name", () => {
    const accounts = accountsOf({ ...WEBEX, ...TWO }).map(({ account }) => account);
    expect(accounts).toEqual(["default", "sales", "sales-eu"]);
  });

  it("have their faults listed together, by the whole names of their variables", () => {
    expect(faultsOf({ WEBEX_ACCOUNTS: "sales,support", WEBEX_SALES_BOT_TOKEN: "a b" })).toEqual([
      expect.stringContaining("WEBEX_SALES_WEBHOOK_SECRET is missing"),
      expect.stringContaining("PUBLIC_URL is missing"),
      expect.stringContaining("WEBEX_SALES_BOT_TOKEN is malformed"),
      expect.stringContaining("WEBEX_SUPPORT_BOT_TOKEN is missing"),
      expect.stringContaining("WEBEX_SUPPORT_WEBHOOK_SECRET is missing"),
    ]);
  });

  it.each(["Sales", "my sales", "default", "a_b", "1st"])("are not called %j", (name) => {
    expect(faultsOf({ WEBEX_ACCOUNTS: name })).toEqual([
      expect.stringContaining(`WEBEX_ACCOUNTS has "${name}"`),
    ]);
  });

  it("are warned of when nobody names them", () => {
    expect(read({ ...WEBEX, WEBEX_SALES_BOT_TOKEN: "token-2" }).warnings).toEqual([
      "WEBEX_SALES_BOT_TOKEN has no effect: WEBEX_ACCOUNTS does not name its account",
    ]);
  });

  it("a command is told which one is meant", () => {
    const chosen = (env: Environment, account?: string) =>
      readWebexAccess(env, [], SURROUNDINGS, account).token;
    expect(chosen(TWO, "sales-eu")).toBe("token-3");
    expect(chosen({ ...WEBEX, ...TWO })).toBe("token-1");
    expect(chosen({ ...TWO, WEBEX_ACCOUNTS: "sales" })).toBe("token-2");
    expect(() => chosen(TWO)).toThrow(
      /names 2 accounts \(say which one is meant with --account: sales, sales-eu\)/,
    );
    expect(() => chosen(TWO, "support")).toThrow(
      /there is no account "support" \(there are: sales, sales-eu\)/,
    );
  });
});

describe("values", () => {
  it("takes an API address as given, without the slash at its end", () => {
    const [account] = accountsOf({
      ...WEBEX,
      WEBEX_API_BASE_URL: "http://127.0.0.1:4000/playground/webex/v1/",
    });
    expect(account?.values).toMatchObject({ API_BASE_URL: "http://127.0.0.1:4000/playground/webex/v1" });
  });

  it("keeps the path of the public address", () => {
    const config = read({ ...WEBEX, PUBLIC_URL: "https://example.com/bots/one//" });
    expect(config).toMatchObject({ publicUrl: "https://example.com/bots/one" });
  });

  it("accepts the previous secret beside the current one", () => {
    const [account] = accountsOf({ ...WEBEX, WEBEX_WEBHOOK_SECRET_PREVIOUS: "the one before" });
    expect(account?.values).toMatchObject({
      WEBHOOK_SECRET: SECRET,
      WEBHOOK_SECRET_PREVIOUS: "the one before",
    });
  });

  it("leaves blanks in a secret alone, and removes those around anything else", () => {
    const config = read({
      ...WEBEX,
      WEBEX_WEBHOOK_SECRET: ` ${SECRET} `,
      WEBEX_BOT_TOKEN: " token-1\n",
      PORT: " 80 ",
    });
    expect(config).toMatchObject({
      accounts: [{ values: { WEBHOOK_SECRET: ` ${SECRET} `, BOT_TOKEN: "token-1" } }],
      port: 80,
    });
  });

  it("takes an empty variable for an absent one", () => {
    const empty = Object.fromEntries(namesRead().map((name) => [name, " "]));
    expect(read(empty)).toEqual(read({}));
  });

  it("resolves folders against the working directory and leaves absolute ones alone", () => {
    expect(read({ BOTS_DIR: "../my-bots", DATA_DIR: "/var/lib/bot" })).toMatchObject({
      botsDir: "/srv/my-bots",
      dataDir: "/var/lib/bot",
    });
  });

  it("logs for people at a terminal unless told otherwise", () => {
    const formatOf = (env: Environment) => readConfig(env, { isTerminal: true }).log.format;
    expect([formatOf({}), formatOf({ LOG_FORMAT: "json" })]).toEqual(["pretty", "json"]);
  });

  it.each([
    ["PORT", "0", { port: 0 }],
    ["PORT", "65535", { port: 65_535 }],
    ["HOST", "::1", { host: "::1" }],
    ["LOG_LEVEL", "silent", { log: { level: "silent", format: "json" } }],
    ["MAX_ATTEMPTS", "1", { maxAttempts: 1 }],
    ["BLOCKED_MS", "0", { blockedMs: 0 }],
    ["BLOCKED_MS", "100", { blockedMs: 100 }],
    ["CONCURRENCY", "1", { concurrency: 1 }],
    ["HANDLER_TIMEOUT_MS", "250", { handlerTimeoutMs: 250 }],
    ["MAX_BODY_BYTES", "2048", { maxBodyBytes: 2048 }],
    ["REPLIES", "at-most-once", { replies: "at-most-once" }],
    ["AFTER_DEAD_LETTER", "wait", { afterDeadLetter: "wait" }],
    ["CLICK_LANES", "room", { clickLanes: "room" }],
    ["CATCH_UP", "off", { catchUp: "off" }],
    ["CARD_SECRET", " kept as it is ", { cardSecrets: [" kept as it is "] }],
    ["CATCH_UP_MAX_AGE_HOURS", "2", { catchUpMaxAgeMs: 7_200_000 }],
  ])("takes %s=%s", (name, value, expected) => {
    expect(read({ [name]: value })).toMatchObject(expected);
  });
});

describe("the database", () => {
  it("is taken as given", () => {
    const databaseUrl = "postgresql://bot:pass%40word@db.example.com:5432/chat?sslmode=require";
    expect(read({ DATABASE_URL: databaseUrl })).toMatchObject({ databaseUrl });
  });

  it("is refused without its password being shown", () => {
    const [fault, ...others] = faultsOf({ DATABASE_URL: "mysql://bot:pass@db/chat" });
    expect(others).toEqual([]);
    expect(fault).toMatch(/^DATABASE_URL is malformed \(expected postgres:/);
  });
});

describe("a host that others can reach", () => {
  it("is fine for a real bot, which asks for signatures", () => {
    expect(
      read({ WEBEX_BOT_TOKEN: "t", WEBEX_WEBHOOK_SECRET: "s".repeat(16), WEBHOOKS: "off", HOST: "0.0.0.0" }),
    ).toMatchObject({ host: "0.0.0.0" });
  });

  it("is fine for a playground with a password, taken as it is written", () => {
    expect(read({ HOST: "0.0.0.0", PLAYGROUND_PASSWORD: " twelve or so " })).toMatchObject({
      host: "0.0.0.0",
      playground: { password: " twelve or so " },
    });
  });

  it.each(["0.0.0.0", "::", "10.0.0.1", "bots.example"])(
    "is refused without one, with what to set: %s",
    (HOST) => {
      const [fault, ...others] = faultsOf({ HOST });
      expect(others).toEqual([]);
      expect(fault).toContain("or PLAYGROUND_PASSWORD beside it");
    },
  );

  it("is not what is wrong when the password is too short, which is not shown", () => {
    expect(faultsOf({ HOST: "0.0.0.0", PLAYGROUND_PASSWORD: "elevenchars" })).toEqual([
      "PLAYGROUND_PASSWORD is malformed (expected at least 12 characters)",
    ]);
  });
});

describe("a command that only talks to Webex", () => {
  it("needs the token and looks at nothing that it does not need", () => {
    const env = { WEBEX_BOT_TOKEN: "token-1", PUBLIC_URL: "malformed", PORT: "80a", WEBHOOKS: "odd" };
    expect(readWebexAccess(env, [], SURROUNDINGS)).toEqual({
      account: "default",
      token: "token-1",
      apiBaseUrl: undefined,
      botsDir: "/srv/bot/bots",
      secret: undefined,
      previousSecret: undefined,
      publicUrl: undefined,
    });
  });

  it("reads what it needs as start does", () => {
    const env = { ...WEBEX, PUBLIC_URL: "https://bot.example.com/", BOTS_DIR: "/srv/bots" };
    const { secret, publicUrl, botsDir } = readWebexAccess(env, ["secret", "publicUrl"], SURROUNDINGS);
    expect({ secret, publicUrl, botsDir }).toEqual({
      secret: SECRET,
      publicUrl: "https://bot.example.com",
      botsDir: "/srv/bots",
    });
  });

  it.each([
    [{}, ["WEBEX_BOT_TOKEN is missing", "WEBEX_WEBHOOK_SECRET is missing", "PUBLIC_URL is missing"]],
    [{ ...WEBEX, WEBEX_WEBHOOK_SECRET: " " }, ["WEBEX_WEBHOOK_SECRET is missing"]],
    [{ ...WEBEX, PUBLIC_URL: "bot" }, ['PUBLIC_URL is "bot"']],
    [{ ...WEBEX, WEBEX_API_BASE_URL: "webex" }, ['WEBEX_API_BASE_URL is "webex"']],
  ])("with %j names all that is missing and malformed", (env, expected) => {
    const faults = expected.map((start) => expect.stringContaining(start));
    expect(() => readWebexAccess(env, ["secret", "publicUrl"])).toThrow(expect.objectContaining({ faults }));
  });
});

describe("faults", () => {
  it.each([
    ["PORT", "80a"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "1e3"],
    ["HOST", "http://127.0.0.1"],
    ["HOST", "0.0.0.0"],
    ["HOST", "127.0.0.1.example.com"],
    ["PUBLIC_URL", "bot.example.com"],
    ["PUBLIC_URL", "ftp://bot.example.com"],
    ["PUBLIC_URL", "https://bot.example.com/?a=1"],
    ["PUBLIC_URL", "https://bot.example.com/#a"],
    ["PUBLIC_URL", "https://bot.example.com?"],
    ["WEBHOOKS", "on"],
    ["LOG_LEVEL", "verbose"],
    ["LOG_FORMAT", "xml"],
    ["HANDLER_TIMEOUT_MS", "0"],
    ["MAX_ATTEMPTS", "0"],
    ["BLOCKED_MS", "99"],
    ["CONCURRENCY", "many"],
    ["REPLIES", "exactly-once"],
    ["AFTER_DEAD_LETTER", "stop"],
    ["CLICK_LANES", "mine"],
    ["CATCH_UP", "yes"],
    ["CATCH_UP_MAX_AGE_HOURS", "0"],
    ["MAX_BODY_BYTES", "1"],
  ])("refuses %s=%s, naming both and what is expected", (name, value) => {
    const [fault, ...others] = faultsOf({ [name]: value });
    expect(others).toEqual([]);
    expect(fault).toContain(`${name} is "${value}" (expected `);
  });

  it("needs a secret with a token", () => {
    const { WEBEX_WEBHOOK_SECRET: _, ...rest } = WEBEX;
    expect(faultsOf(rest)).toEqual([expect.stringContaining("WEBEX_WEBHOOK_SECRET is missing")]);
  });

  it("needs a public address with a token", () => {
    const { PUBLIC_URL: _, ...rest } = WEBEX;
    expect(faultsOf(rest)).toEqual([expect.stringContaining("PUBLIC_URL is missing")]);
  });

  it("needs a token with an API address", () => {
    const faults = faultsOf({ WEBEX_API_BASE_URL: "http://127.0.0.1:1/v1" });
    expect(faults[0]).toContain("WEBEX_BOT_TOKEN is missing");
  });

  it("are all in one message", () => {
    const env = { WEBEX_BOT_TOKEN: "token-1", PORT: "80a", LOG_LEVEL: "loud" };
    expect(() => read(env)).toThrow(
      /^\.env: WEBEX_WEBHOOK_SECRET is missing .*; PUBLIC_URL is missing .*; PORT is "80a" \(expected a whole number from 0 to 65535\); LOG_LEVEL is "loud" .*\. See \.env\.example$/,
    );
    expect(() => read(env)).toThrow(expect.objectContaining({ code: "config-invalid" }));
  });

  it.each([
    ["WEBEX_BOT_TOKEN", "hush hush", "hush"],
    ["PLAYGROUND_WEBEX_BOT_TOKEN", "hüsh", "sh"],
    ["PUBLIC_URL", "https://me:hush@bot.example.com", "hush"],
    ["PORT", "hush".repeat(20), "hush".repeat(4)],
  ])("never shows what is secret in %s", (name, value, secret) => {
    const [fault] = faultsOf({ ...WEBEX, [name]: value });
    expect(fault).toContain(name);
    expect(fault).not.toContain(secret);
  });
});

describe("warnings", () => {
  it.each([
    ["a short secret", { ...WEBEX, WEBEX_WEBHOOK_SECRET: "abc" }, "WEBEX_WEBHOOK_SECRET is shorter"],
    [
      "a public address without a token",
      { PUBLIC_URL: "https://bot.example.com" },
      "PUBLIC_URL has no effect",
    ],
    [
      "a misspelt token",
      { WEBEX_BOT_TOKN: "abc" },
      "WEBEX_BOT_TOKN has no effect: it is not a setting. Did you mean WEBEX_BOT_TOKEN?",
    ],
    ["a misspelt platform", { WEBX_BOT_TOKEN: "abc" }, "Did you mean WEBEX_BOT_TOKEN?"],
    ["a misspelt setting of the program", { DATABSE_URL: "abc" }, "Did you mean DATABASE_URL?"],
    ["a misspelt list of accounts", { WEBEX_ACOUNTS: "a" }, "Did you mean WEBEX_ACCOUNTS?"],
    ["a setting in small letters", { log_level: "debug" }, "Did you mean LOG_LEVEL?"],
    [
      "a name that a platform does not have",
      { WEBEX_ACCESS_TOKEN: "abc" },
      "Settings of webex: WEBEX_ACCOUNTS, WEBEX_BOT_TOKEN,",
    ],
    [
      "a misspelt setting of a named account",
      {
        ...WEBEX,
        WEBEX_ACCOUNTS: "sales",
        WEBEX_SALES_BOT_TOKEN: "token-2",
        WEBEX_SALES_WEBHOOK_SECRET: "a long enough secret",
        WEBEX_SALES_TRANSPRT: "websocket",
      },
      "Did you mean WEBEX_SALES_TRANSPORT?",
    ],
  ])("mention %s", (_, env, warning) => {
    expect(read(env).warnings).toEqual([expect.stringContaining(warning)]);
  });

  it("do not mention variables of other programs", () => {
    const others = {
      ...process.env,
      HOME: "/",
      HOSTNAME: "a",
      PORTS: "",
      SHELL: "sh",
      LOGNAME: "a",
      TERM: "a",
      MAIL: "a",
    };
    expect(read(others).warnings).toEqual([]);
  });

  it("mention no value", () => {
    expect(read({ WEBEX_BOT_TOKN: "a-secret-token" }).warnings.join()).not.toContain("a-secret-token");
  });
});

describe("loadDotenv", () => {
  it("adds what the file says and never replaces what is set", () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, ".env"), "A=file\nB=file\n");
    const env: Record<string, string> = { A: "set" };
    loadDotenv(env, cwd);
    expect(env).toEqual({ A: "set", B: "file" });
  });

  it("does nothing when there is no file", () => {
    expect(() => loadDotenv({}, temporaryFolder())).not.toThrow();
  });

  it("refuses a file that cannot be read", () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, ".env"));
    expect(() => loadDotenv({}, cwd)).toThrow(ConfigError);
  });
});

describe(".env.example", () => {
  const text = readFileSync(resolve(__dirname, "../../.env.example"), "utf8");

  it("names exactly the variables that are read", () => {
    const named = [...text.matchAll(/^(\w+)=/gm)].map((match) => match[1]);
    expect(named).toHaveLength(new Set(named).size);
    expect(new Set(named)).toEqual(new Set(namesRead()));
  });

  it("sets nothing, so that a copy starts the playground", () => {
    expect([...text.matchAll(/^\w+=.+$/gm)]).toEqual([]);
  });

  it("says of each variable whether it is required, optional or what its default is", () => {
    for (const paragraph of text.split(/\n\s*\n/).filter((part) => /^\w+=/m.test(part)))
      expect(paragraph).toMatch(/Default: |Required |Optional\./);
  });

  it("names the defaults that the program has", () => {
    // Those of an account are its platform's.
    const defaults = new Map(
      [...text.matchAll(/Default: (\S+?)\n((?!WEBEX_|SPIKA_|INTERCOM_)\w+)=$/gm)].map((match) => [
        match[2],
        match[1],
      ]),
    );
    for (const [name, value] of defaults) {
      if (name === undefined || value === undefined) continue;
      expect({ name, config: read({ ...WEBEX, [name]: value }) }).toEqual({ name, config: read(WEBEX) });
    }
    expect(defaults.size).toBeGreaterThan(8);
  });
});

function namesRead(): string[] {
  const names = new Set<string>();
  read(
    new Proxy<Environment>(
      {},
      {
        get(_, name) {
          names.add(String(name));
          return undefined;
        },
      },
    ),
  );
  return [...names];
}

const temporaryFolders: string[] = [];
afterAll(() => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "bellhop-config-"));
  temporaryFolders.push(folder);
  return folder;
}
