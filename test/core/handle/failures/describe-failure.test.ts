import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { transformSync } from "@swc/core";
import { HandlerError } from "../../../../src/core/contract/errors";
import { describeFailure } from "../../../../src/core/handle/failures/describe-failure";
import { failureFields, failureStack } from "../../../../src/core/handle/failures/failure-text";
import { tempDir } from "../../../inbox/temp-dir";

const WHERE = 'bot "pay", command "pay"';
const thrown = (value: unknown): HandlerError => new HandlerError(WHERE, value, "/app/bots/pay.ts:3");

class PaymentError extends Error {
  readonly code = "PAYMENT-REFUSED";
}

describe("describeFailure", () => {
  it("has class, message, code, stack, handler and the bot's own line of what a handler threw", () => {
    const error = new PaymentError("no money");
    const failure = describeFailure(thrown(error));
    expect(failure).toMatchObject({
      name: "PaymentError",
      code: "PAYMENT-REFUSED",
      message: `${WHERE} threw: no money`,
      where: WHERE,
    });
    expect(failure.at).toMatch(/describe-failure\.test\.ts:\d+$/);
    expect(failure.stack).toMatch(/^PaymentError: no money\n {4}at /);
  });

  it.each([
    ["a text", "text", "string", "text"],
    ["nothing", undefined, "undefined", "a value of type undefined"],
    ["null", null, "null", "a value of type null"],
    ["a number", 42, "number", "a value of type number"],
    ["a symbol", Symbol("x"), "symbol", "a value of type symbol"],
    ["an object", { odd: true }, "Object", "a value of type object"],
    ["an object that looks like an error", { name: "Odd", message: "m" }, "Odd", "m"],
    ["an object without a prototype", Object.create(null), "object", "a value of type object"],
    ["a function", () => {}, "Function", "a value of type function"],
    ["a message that is no text", Object.assign(new Error(), { message: 42 }), "Error", "Error"],
    ["a name that is a sentence", Object.assign(new Error("m"), { name: "my salary is 4711" }), "Error", "m"],
  ])("describes %s that was thrown", (_what, value, name, message) => {
    const failure = describeFailure(thrown(value));
    expect(failure).toMatchObject({ code: "handler-failed", name, message: `${WHERE} threw: ${message}` });
    expect(failure.at).toBeDefined(); // without a stack, where the handler is written
  });

  it.each(["name", "message", "stack", "code", "cause", "errors", "constructor"])(
    "survives a getter of %s that throws",
    (property) => {
      const error = new Error("m");
      Object.defineProperty(error, property, {
        get() {
          throw new Error("getter");
        },
      });
      expect(describeFailure(thrown(error))).toMatchObject({ code: "handler-failed" });
    },
  );

  it("survives a proxy that refuses everything", () => {
    const refuse = (): never => {
      throw new Error("trap");
    };
    const proxy = new Proxy(new Error("m"), {
      get: refuse,
      has: refuse,
      getPrototypeOf: refuse,
      ownKeys: refuse,
    });
    expect(describeFailure(thrown(proxy))).toMatchObject({ name: "object" });
  });

  it("describes an error of another realm", () => {
    const error: unknown = runInNewContext("new TypeError('elsewhere')");
    expect(describeFailure(thrown(error))).toMatchObject({
      name: "TypeError",
      message: `${WHERE} threw: elsewhere`,
    });
  });

  it("lists causes and the errors of an AggregateError, and ends with circular ones", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED ::1:1"), { code: "ECONNREFUSED" });
    const both = new AggregateError([refused, new Error("second")], "all failed");
    const error = new Error("outer", { cause: both });
    both.cause = error;
    const { causes } = describeFailure(thrown(error));
    expect(causes?.map(({ name, message, code }) => [name, message, code])).toEqual([
      ["AggregateError", "all failed", undefined],
      ["Error", "connect ECONNREFUSED ::1:1", "ECONNREFUSED"],
      ["Error", "second", undefined],
    ]);
  });

  it("bounds every part: a message of 10 MB, a chain of a thousand causes", () => {
    let error = new Error("x".repeat(10_000_000));
    for (let depth = 0; depth < 1_000; depth++) error = new Error("👋".repeat(5_000), { cause: error });
    const failure = describeFailure(thrown(error));
    expect(JSON.stringify(failure).length).toBeLessThan(40_000);
    expect(failure.stack?.length).toBeLessThanOrEqual(4_096);
    expect(failure.stack).toContain("\n    at ");
    expect(failure.causes).toHaveLength(8);
    expect(JSON.stringify(failure)).not.toMatch(/\\ud[89ab]/); // no half of a character
    const frames = describeFailure(new Error("x".repeat(10_000_000))).stack;
    expect(frames).toContain("describe-failure.test.ts");
  });

  it("takes no line of a message for a frame", () => {
    const error = new Error("told\n    at evil (/app/secret.ts:1:1)");
    expect(describeFailure(thrown(error)).at).toMatch(/describe-failure\.test\.ts:\d+$/);
  });

  it("names the line of the source where a bot was compiled with a source map", () => {
    const dir = tempDir();
    const source =
      "// one\n// two\ninterface A { readonly b: string }\n\nexport function charge(a?: A) {\n  return a!.b.length;\n}\n";
    mkdirSync(join(dir, "out"));
    writeFileSync(join(dir, "pay.ts"), source);
    for (const inline of [true, false]) {
      const { code, map } = transformSync(source, {
        filename: join(dir, "pay.ts"),
        sourceFileName: "../pay.ts",
        sourceMaps: inline ? "inline" : true,
        jsc: { parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
      });
      const file = join(dir, "out", inline ? "inline.js" : "beside.js");
      writeFileSync(file, inline ? code : `${code}\n//# sourceMappingURL=beside.js.map\n`);
      if (map !== undefined) writeFileSync(`${file}.map`, map);
      const { charge } = require(file) as { charge(): unknown };
      const stack = `TypeError: x\n    at charge (${file}:${lineOf(code, "a.b.length")}:14)`;
      expect(typeof charge).toBe("function");
      expect(describeFailure(Object.assign(new TypeError("x"), { stack })).at).toBe(
        `${join(dir, "pay.ts")}:6`,
      );
    }
  });
});

function lineOf(code: string, text: string): number {
  return code.split("\n").findIndex((line) => line.includes(text)) + 1;
}

describe("a failure in a log line", () => {
  const failure = describeFailure(
    thrown(new PaymentError("my salary is 4711", { cause: new Error("4711") })),
  );

  it("says neither message nor stack when it is brief", () => {
    const fields = failureFields(failure, "brief", true);
    expect(fields).toMatchObject({
      error: "PaymentError",
      code: "PAYMENT-REFUSED",
      where: WHERE,
      at: failure.at,
    });
    expect(JSON.stringify(fields)).not.toContain("4711");
  });

  it("has the stacks of the error and its causes when it is full", () => {
    expect(failureStack(failure)).toMatch(/^PaymentError: my salary[\s\S]*\ncaused by Error: 4711\n {4}at /);
    expect(failureFields(failure, "full", true)).toMatchObject({ error: { stack: failureStack(failure) } });
    expect(failureFields(failure, "full")).toMatchObject({ error: `PaymentError: ${failure.message}` });
  });
});
