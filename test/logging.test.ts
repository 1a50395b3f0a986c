import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { createLogger, type LoggerOptions } from "../src/logging";

type Options = Partial<Omit<LoggerOptions, "destination">>;

function logged(options: Options, use: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  use(
    createLogger({
      level: "debug",
      format: "json",
      ...options,
      destination: { write: (line) => lines.push(line) },
    }),
  );
  return stripVTControlCharacters(lines.join(""));
}

function fieldsOf(fields: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(logged({}, (log) => log.info("said", fields)));
}

describe("json", () => {
  it("is one object a line: time, level, fields, sentence", () => {
    const text = logged({}, (log) => {
      log.info("reply sent", { key: "webex/default/m1", ms: 12 });
      log.warn("slow");
    });
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        key: "webex/default/m1",
        ms: 12,
        msg: "reply sent",
      },
      { level: "warn", time: expect.any(String), msg: "slow" },
    ]);
  });

  it("keeps its own keys apart from fields of the same name", () => {
    expect(fieldsOf({ level: "moderator", time: 5, msg: "hm" })).toMatchObject({
      level: "info",
      level_: "moderator",
      time_: 5,
      msg: "said",
      msg_: "hm",
    });
  });
});

describe("levels", () => {
  it.each([
    ["debug", ["debug", "info", "warn", "error"]],
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
    ["silent", []],
  ] as const)("%s writes %j", (level, written) => {
    const text = logged({ level }, (log) => {
      for (const name of ["debug", "info", "warn", "error"] as const) log[name](name, { a: 1 });
    });
    expect([...text.matchAll(/"msg":"(\w+)"/g)].map((match) => match[1])).toEqual(written);
  });

  it("costs nothing to describe what is not written", () => {
    const fields = {
      get costly(): never {
        throw new Error("was read");
      },
    };
    expect(logged({ level: "info" }, (log) => log.debug("said", fields))).toBe("");
  });
});

describe.each(["json", "pretty"] as const)("what is secret, in %s", (format) => {
  it.each([
    { token: "hush" },
    { botToken: "hush" },
    { WEBEX_BOT_TOKEN: "hush" },
    { secret: "hush" },
    { secrets: ["hush"] },
    { Authorization: "Bearer hush" },
    { headers: { authorization: ["Bearer hush"], "set-cookie": "hush" } },
    { text: "hush" },
    { message: { text: "hush", markdown: "hush", html: "<b>hush</b>" } },
    { event: { action: { inputs: { comment: "hush" } } } },
    { list: [{ list: [{ text: "hush" }] }] },
    { reason: "sent with Bearer hush" },
    { error: Object.assign(new Error("refused"), { config: { headers: { x: "hush" } } }) },
    { error: new Error("refused", { cause: new Error("sent with bearer hush") }) },
    { error: new Error("refused", { cause: { token: "hush" } }) },
  ])("never appears: %j", (fields) => {
    const text = logged({ format }, (log) => log.info("said", fields));
    expect(text).toContain("said");
    expect(text).not.toContain("hush");
  });
});

describe("what is not secret", () => {
  it("is written, also where its name resembles one that is", () => {
    const fields = {
      context: 1,
      texture: "wood",
      tokens_left: 5,
      secretary: "Ada",
      input: "x",
      absent: undefined,
    };
    const { level: _, time: __, msg: ___, ...written } = fieldsOf(fields);
    expect(written).toEqual({ context: 1, texture: "wood", tokens_left: 5, secretary: "Ada", input: "x" });
  });

  it("of bytes is how many they are", () => {
    expect(fieldsOf({ body: Buffer.from("abcd") })).toMatchObject({ body: "4 bytes" });
  });

  it("of an error is its name, code, message, stack and cause", () => {
    const error = Object.assign(new TypeError("odd", { cause: "why" }), { code: "E_ODD" });
    expect(fieldsOf({ error }).error).toEqual({
      name: "TypeError",
      code: "E_ODD",
      message: "odd",
      stack: expect.stringContaining("logging.test.ts"),
      cause: "why",
    });
  });
});

describe("values that JSON has no word for", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  it.each([
    ["an object that holds itself", circular],
    ["a big integer", 1n],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["no date", new Date(Number.NaN)],
    ["an error whose cause is itself", selfCaused()],
  ])("break nothing: %s", (_, odd) => {
    for (const format of ["json", "pretty"] as const)
      expect(logged({ format }, (log) => log.info("said", { odd }))).toContain("said");
  });
});

describe("pretty", () => {
  it("is time, level, sentence and key=value", () => {
    const text = logged({ format: "pretty" }, (log) =>
      log.info("reply sent", { key: "webex/m1", ms: 12, room: "Lobby of A", odd: 'a"b', list: [1] }),
    );
    expect(text).toMatch(
      /^\d\d:\d\d:\d\d INFO {2}reply sent key=webex\/m1 ms=12 room="Lobby of A" odd="a\\"b" list=\[1\]\n$/,
    );
  });

  it("puts an error's stack below, indented", () => {
    const text = logged({ format: "pretty" }, (log) =>
      log.error("attempt failed", { error: new Error("no luck") }),
    );
    expect(text).toMatch(
      /ERROR attempt failed error="no luck"\n {4}Error: no luck\n {8}at .*logging\.test\.ts/,
    );
  });

  it("shows control characters instead of obeying them", () => {
    const text = logged({ format: "pretty" }, (log) =>
      log.warn("a\rb\u001b[2J", { key: "\u001b[1A\u009b1A\n" }),
    );
    expect(text).toContain("a\\x0db\\x1b[2J");
    expect(text.trimEnd()).not.toMatch(/\p{Cc}/u);
  });
});

it("writes to standard output by itself and at once, even when the program is killed in the next moment", () => {
  const script = `
    const load = require("jiti").createJiti(process.cwd() + "/", { fsCache: false });
    load(${JSON.stringify(require.resolve("../src/logging"))})
      .createLogger({ level: "info", format: "json" })
      .info("said");
    process.kill(process.pid, "SIGKILL");`;
  const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toMatchObject({ msg: "said" });
});

function selfCaused(): Error {
  const error = new Error("round and round");
  error.cause = error;
  return error;
}
