import { AssertionError } from "node:assert";
import { createServer } from "node:http";
import { connect } from "node:net";
import { runInNewContext } from "node:vm";
import axios from "axios";
import { defineBot } from "../../../../src/core/contract/bot";
import {
  CardError,
  HandlerError,
  HandlerTimeoutError,
  NetworkError,
} from "../../../../src/core/contract/errors";
import { buildBot } from "../../../../src/core/handle/build-bot";
import { attemptsWorth, decisionOf, retryAfterOf } from "../../../../src/core/handle/failures/retry-policy";

const ALL = Number.POSITIVE_INFINITY;
const thrown = (value: unknown): HandlerError => new HandlerError('bot "pay"', value);

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

describe("attemptsWorth", () => {
  it.each([
    ["a TypeError", new TypeError("x"), 1],
    ["a ReferenceError", new ReferenceError("x"), 1],
    ["a RangeError", new RangeError("x"), 1],
    ["a SyntaxError", new SyntaxError("x"), 1],
    ["an EvalError", new EvalError("x"), 1],
    ["a URIError", new URIError("x"), 1],
    ["an AssertionError", new AssertionError({ message: "x" }), 1],
    ["a bug of another realm", runInNewContext("new ReferenceError('x')"), 1],
    ["a class that extends TypeError", new (class Odd extends TypeError {})("x"), 1],
    ["a card that does not exist", new CardError("card-unknown", "x"), 1],
    ["a TypeError with a cause", new TypeError("fetch failed", { cause: new Error("x") }), ALL],
    ["a TypeError of another realm with a cause", runInNewContext("new TypeError('x', { cause: {} })"), ALL],
    ["an error", new Error("x"), 3],
    ["an error with a bug as its cause", new Error("x", { cause: new TypeError("y") }), 3],
    ["a text", "text", 3],
    ["nothing", undefined, 3],
    ["a handler that hangs", new HandlerTimeoutError(1), 3],
    ["no answer of the platform", new NetworkError("GET /", "reset", { mayHaveSucceeded: false }), ALL],
    [
      "the same as a cause",
      new Error("x", { cause: new NetworkError("GET /", "reset", { mayHaveSucceeded: false }) }),
      ALL,
    ],
    ["a refused connection", Object.assign(new Error("x"), { code: "ECONNREFUSED" }), ALL],
    [
      "the same deep in causes",
      new Error("x", { cause: new Error("y", { cause: { code: "ETIMEDOUT" } }) }),
      ALL,
    ],
    ["the same in an AggregateError", new AggregateError([{ code: "EHOSTUNREACH" }], "x"), ALL],
    ["a file that is not there", Object.assign(new Error("x"), { code: "ENOENT" }), 3],
    ["a time that is up", AbortSignal.abort(new DOMException("x", "TimeoutError")).reason, ALL],
    ["status 503", Object.assign(new Error("x"), { status: 503 }), ALL],
    ["statusCode 429", { statusCode: 429 }, ALL],
    ["an answer with 502", { response: { status: 502 } }, ALL],
    ["an answer with 404", { response: { status: 404 } }, 3],
    ["a status that is no number", { status: "503" }, 3],
  ])("after %s", (_what, error, attempts) => {
    expect(attemptsWorth(error)).toBe(attempts);
    expect(attemptsWorth(thrown(error))).toBe(attempts);
    expect(attemptsWorth(thrown(thrown(error)))).toBe(attempts);
  });

  it("knows what fetch, axios and node:net throw", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(429, { "retry-after": "7" }).end();
    });
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve(Object(server.address()).port));
    });
    const tooMany = await failureOf(() => axios.get(`http://127.0.0.1:${port}`));
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}`;
    const errors = [
      tooMany,
      await failureOf(() => fetch(url)),
      await failureOf(() => axios.get(url)),
      await new Promise<unknown>((resolve) => connect(port, "127.0.0.1").on("error", resolve)),
      await failureOf(() => fetch(url, { signal: AbortSignal.timeout(0) })),
    ];
    expect(errors.map(attemptsWorth)).toEqual(errors.map(() => ALL));
    expect(retryAfterOf(thrown(tooMany))).toBe(7_000);
  });
});

describe("retryAfterOf", () => {
  const now = Date.UTC(2026, 0, 1);

  it.each([
    ["seconds of axios", { response: { headers: { "retry-after": "3" } } }, 3_000],
    ["fetch's headers", { response: { headers: new Headers({ "retry-after": "3" }) } }, 3_000],
    ["headers of the error itself", { headers: { "Retry-After": 3 } }, 3_000],
    ["a date", { headers: { "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" } }, 9_000],
    ["a date in the past", { headers: { "retry-after": "Wed, 31 Dec 2025 00:00:09 GMT" } }, 0],
    ["of a cause", new Error("x", { cause: { headers: { "retry-after": "3" } } }), 3_000],
    ["more than a day", { headers: { "retry-after": "999999999" } }, 86_400_000],
    ["nonsense", { headers: { "retry-after": "soon" } }, undefined],
    ["nothing", new Error("x"), undefined],
  ])("reads %s", (_what, error, ms) => {
    expect(retryAfterOf(thrown(error), now)).toBe(ms);
  });
});

describe("decisionOf", () => {
  const complaints: unknown[] = [];
  const log = { error: (sentence: string) => void complaints.push(sentence) };
  const botWith = (policy: unknown) =>
    buildBot(
      "pay",
      defineBot((bot) => bot.retry(policy as () => "never")),
    );

  it("gives the policy what the handler threw, and the attempt", () => {
    const seen: unknown[] = [];
    const bot = botWith((error: unknown, attempt: number) => {
      seen.push(error, attempt);
      return { afterMs: 10 };
    });
    expect(decisionOf(bot, thrown("text"), 3, log)).toEqual({ afterMs: 10 });
    expect(seen).toEqual(["text", 3]);
  });

  it.each([
    [
      "the platform's own failures",
      new NetworkError("GET /", "reset", { mayHaveSucceeded: false }),
      (): unknown => "never",
    ],
    [
      "a policy that throws",
      thrown("x"),
      () => {
        throw new Error("policy");
      },
    ],
    ["a wait that is none", thrown("x"), () => ({ afterMs: -1 })],
    ["another answer", thrown("x"), () => undefined],
  ])("is the default for %s", (_what, error, policy) => {
    expect(decisionOf(botWith(policy), error, 1, log)).toBe("default");
  });

  it("is checked when the bot is loaded, and given once", () => {
    expect(() => botWith("never")).toThrow("retry");
    const twice = defineBot((bot) => {
      bot.retry(() => "default");
      bot.retry(() => "default");
    });
    expect(() => buildBot("pay", twice)).toThrow("one policy");
  });
});
