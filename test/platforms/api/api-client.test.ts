import { getEventListeners, getMaxListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { ApiError, NetworkError } from "../../../src/core/contract/errors";
import { type LogFields, silentLogger } from "../../../src/core/contract/logger";
import { type ApiRequest, type Caller, createCaller } from "../../../src/platforms/api/api-client";
import { holdTime, releaseTime } from "../../held-time";
import { createFastClock, type FastClock } from "./fast-clock";
import { answerJson, openScriptedServer, type Script, type ScriptedServer } from "./scripted-server";

let server: ScriptedServer;
let caller: Caller;
let clock: FastClock;
let warnings: LogFields[];

afterEach(async () => {
  releaseTime();
  await caller.close();
  await server.close();
});

/** A caller and the server it calls. */
async function open(script: Script, options: { maxWaitMs?: number; baseUrl?: string } = {}): Promise<void> {
  server = await openScriptedServer(script);
  clock = createFastClock();
  warnings = [];
  caller = createCaller({
    platform: "webex",
    baseUrl: `${server.url}/v1`,
    credentials: { authorization: "Bearer t0ken" },
    log: { ...silentLogger, warn: (_sentence, fields = {}) => warnings.push(fields) },
    clock,
    ...options,
  });
}

const live = new AbortController().signal;

function get(path: string, more: Partial<ApiRequest> = {}) {
  return caller.call({ method: "GET", path, signal: live, ...more });
}

function post(path: string, more: Partial<ApiRequest> = {}) {
  return caller.call({ method: "POST", path, json: { text: "hi" }, signal: live, ...more });
}

/** Plays the scripts one after the other; the last one stays. */
function inTurn(...scripts: Script[]): Script {
  let turn = 0;
  return (...request) => scripts[Math.min(turn++, scripts.length - 1)]?.(...request);
}

const ok: Script = (_, response) => answerJson(response, 200, { id: "1" });
const status =
  (code: number, headers: Record<string, string> = {}): Script =>
  (_, response) =>
    answerJson(response, code, { message: "no" }, headers);
const reset: Script = (_, __, request) => request.socket.destroy();

async function failureOf(call: Promise<unknown>): Promise<ApiError | NetworkError> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ApiError || thrown instanceof NetworkError) return thrown;
  throw new Error(`expected an ApiError or a NetworkError, found ${String(thrown)}`);
}

describe("a call", () => {
  it("says who we are and what we send, once", async () => {
    await open(ok);
    const answer = await post("/messages", { query: { max: 5, q: "a b&c" } });
    expect(answer).toEqual({ call: "webex POST /messages", status: 200, body: { id: "1" } });
    expect(server.calls()).toEqual(["POST /v1/messages?max=5&q=a+b%26c"]);
    expect(server.received[0]?.body).toBe('{"text":"hi"}');
    expect(server.received[0]?.headers).toMatchObject({
      authorization: "Bearer t0ken",
      "content-type": "application/json",
      accept: "application/json",
      "user-agent": expect.stringMatching(/^bellhop\/\d+\.\d+\.\d+/),
    });
  });

  it("sends no body and no content type with a GET", async () => {
    await open(ok);
    await get("/people/me");
    expect(server.received[0]).toMatchObject({ body: "" });
    expect(server.received[0]?.headers).not.toHaveProperty("content-type");
  });

  it("takes an answer without a body", async () => {
    await open((_, response) => response.writeHead(204).end());
    expect(await caller.call({ method: "DELETE", path: "/messages/1", signal: live })).toMatchObject({
      status: 204,
      body: undefined,
    });
  });

  it("keeps its connections for the next ones", async () => {
    const ports = new Set<number | undefined>();
    await open((_, response, request) => {
      ports.add(request.socket.remotePort);
      answerJson(response, 200, {});
    });
    for (let calls = 0; calls < 20; calls++) await get("/people/me");
    // A second one is opened when a call comes before the first has noticed that it is free.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("works below a base URL with and without a slash at its end, and with no path", async () => {
    await open(ok);
    for (const base of ["/v1", "/v1/", "/", ""]) {
      const other = createCaller({
        platform: "webex",
        baseUrl: server.url + base,
        credentials: { authorization: "Bearer t" },
        log: silentLogger,
      });
      await other.call({ method: "GET", path: "/rooms", signal: live });
      await other.close();
    }
    expect(server.calls()).toEqual(["GET /v1/rooms", "GET /v1/rooms", "GET /rooms", "GET /rooms"]);
  });

  it("shares its signal with any number of others, and lets go of it at the end", async () => {
    const { signal } = new AbortController();
    await open(ok);
    await Promise.all(Array.from({ length: 30 }, () => get("/rooms", { signal })));
    expect(getMaxListeners(signal)).toBe(Number.POSITIVE_INFINITY); // hence no warning of a leak
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("leaves no timer behind that would keep the program from ending", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    await open(ok);
    await get("/rooms");
    const before = timers();
    await Promise.all(Array.from({ length: 50 }, () => get("/rooms")));
    expect(timers() - before).toBeLessThan(10);
  });

  it("takes whatever a DELETE is answered with", async () => {
    await open((_, response) => response.writeHead(200, { "Content-Type": "text/plain" }).end("OK"));
    const answer = await caller.call({ method: "DELETE", path: "/messages/1", signal: live });
    expect(answer).toMatchObject({ status: 200, body: undefined });
  });
});

describe("a refusal", () => {
  it("tells status, reason and tracking id, and asks no second time", async () => {
    await open((_, response) =>
      answerJson(
        response,
        400,
        { message: "Bad room", errors: [{ description: "Bad room" }, { description: "roomId?" }] },
        { TrackingID: "ROUTER_1" },
      ),
    );
    const error = await failureOf(post("/messages", { query: { q: "secret" } }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toBe("webex POST /messages answered 400: Bad room; roomId? (trackingId ROUTER_1)");
    expect(error).toMatchObject({ status: 400, trackingId: "ROUTER_1", retry: "never" });
    expect(server.received).toHaveLength(1);
  });

  it("takes the tracking id from the body when no header has it", async () => {
    await open((_, response) => answerJson(response, 404, { message: "gone", trackingId: "T_2" }));
    expect(await failureOf(get("/rooms/1"))).toMatchObject({ trackingId: "T_2" });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      "HTML",
      (r) => r.writeHead(403, { "Content-Type": "text/html" }).end("<h1>who?</h1>"),
      "Forbidden, with text/html",
    ],
    ["nothing", (r) => r.writeHead(401).end(), "Unauthorized, with no body"],
    [
      "broken JSON",
      (r) => r.writeHead(400, { "Content-Type": "application/json" }).end('{"me'),
      "Bad Request, with application/json",
    ],
    ["JSON of another shape", (r) => answerJson(r, 409, ["?"]), "Conflict, with application/json"],
    ["an unknown status", (r) => r.writeHead(499).end("x"), "refused, with something without a type"],
    ["a very long reason", (r) => answerJson(r, 400, { message: "x".repeat(5_000) }), `${"x".repeat(300)}…`],
  ])("in %s is told without its text", async (_, script, reason) => {
    await open((_received, response) => script(response));
    const error = await failureOf(get("/rooms"));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toContain(`: ${reason}`);
    expect(error.message).not.toContain("who?");
  });

  it("is what a redirect counts as: the token goes to no other host", async () => {
    const other = await openScriptedServer(ok);
    await open((_, response) => response.writeHead(302, { Location: `${other.url}/v1/rooms` }).end());
    const error = await failureOf(get("/rooms"));
    expect(error).toMatchObject({ status: 302, retry: "never" });
    expect(error.message).toContain("it redirects, which is not followed");
    expect(other.received).toEqual([]);
    await other.close();
  });
});

describe("being told to wait", () => {
  it.each([
    ["429", 429, "POST"],
    ["423", 423, "GET"],
    ["503", 503, "POST"],
  ] as const)("by %s is obeyed, then the call is made again", async (_, code, method) => {
    await open(inTurn(status(code, { "Retry-After": "7" }), ok));
    await caller.call({ method, path: "/messages", signal: live });
    expect(clock.waits).toEqual([7_000]);
    expect(server.received).toHaveLength(2);
    expect(warnings).toEqual([
      { call: `webex ${method} /messages`, status: code, attempt: 1, waitMs: 7_000 },
    ]);
  });

  it.each([
    ["none", {}],
    ["0", { "Retry-After": "0" }],
    ["soon", { "Retry-After": "soon" }],
    ["-5", { "Retry-After": "-5" }],
    ["a date that is over", { "Retry-After": "Fri, 02 Jan 2026 03:04:00 GMT" }],
  ])("with Retry-After %s means a second, and twice as long each time", async (_, headers) => {
    await open(inTurn(status(429, headers), status(429, headers), status(429, headers), ok));
    await post("/messages");
    expect(clock.waits).toEqual([1_000, 2_000, 4_000]);
  });

  it("until a date is understood", async () => {
    await open(inTurn(status(503, { "Retry-After": "Fri, 02 Jan 2026 03:04:17 GMT" }), ok));
    await get("/rooms");
    expect(clock.waits).toEqual([12_000]);
  });

  it("longer than we are willing to is thrown with the wait, and nobody else calls in vain", async () => {
    await open(
      (_, response) =>
        response.writeHead(429, { "Retry-After": "3600", "Content-Type": "text/html" }).end("<html>"),
      { maxWaitMs: 60_000 },
    );
    expect(await failureOf(post("/messages"))).toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    const second = await failureOf(get("/rooms"));
    expect(second).toMatchObject({ status: 429, retryAfterMs: 3_600_000, retry: "backoff" });
    expect(second.message).toContain("an earlier call was told to wait");
    expect(server.received).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  it("adds up over the tries of one call", async () => {
    await open(status(429, { "Retry-After": "25" }), { maxWaitMs: 60_000 });
    expect(await failureOf(get("/rooms"))).toMatchObject({ status: 429 });
    expect(clock.waits).toEqual([25_000, 25_000]);
  });

  it("holds back every other call of the account", async () => {
    const startedAt = Date.parse("2026-01-02T03:04:05Z");
    const arrivals: number[] = [];
    const script = inTurn(status(429, { "Retry-After": "9" }), ok);
    await open((...request) => {
      arrivals.push(clock.now() - startedAt);
      script(...request);
    });
    const first = post("/messages");
    await until(() => warnings.length === 1);
    await Promise.all([first, get("/rooms"), get("/people/me")]);
    expect(arrivals[0]).toBe(0);
    expect(arrivals.slice(1).every((at) => at >= 9_000)).toBe(true);
    expect(arrivals).toHaveLength(4);
  });

  it("ends when the signal is aborted", async () => {
    const controller = new AbortController();
    await open(status(429, { "Retry-After": "9" }));
    clock.pause = async () => controller.abort(new Error("time is up"));
    const error = await failureOf(post("/messages", { signal: controller.signal }));
    expect(error).toMatchObject({ mayHaveSucceeded: false, cause: new Error("time is up") });
    expect(server.received).toHaveLength(1);
  });
});

describe("a failure of the platform", () => {
  it.each(["GET", "PUT", "DELETE"] as const)("has a %s made again three times", async (method) => {
    await open(inTurn(status(500), status(502), status(504), ok));
    await caller.call({ method, path: "/messages/1", signal: live });
    expect(clock.waits).toEqual([500, 1_000, 2_000]);
  });

  it("is thrown after the fourth try", async () => {
    await open(status(500));
    expect(await failureOf(get("/rooms"))).toMatchObject({ status: 500, retry: "backoff" });
    expect(server.received).toHaveLength(4);
  });

  it("never has a POST made again: it may have been done", async () => {
    await open(status(502));
    expect(await failureOf(post("/messages"))).toMatchObject({ status: 502 });
    expect(server.received).toHaveLength(1);
  });
});

describe("a lost answer", () => {
  it("has a GET made again", async () => {
    await open(inTurn(reset, ok));
    expect(await get("/rooms")).toMatchObject({ body: { id: "1" } });
    expect(clock.waits).toEqual([500]);
  });

  it("never has a POST made again, and says that it may have been done", async () => {
    await open(reset);
    const error = await failureOf(post("/messages"));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: "api-unreachable", mayHaveSucceeded: true });
    expect(server.received).toHaveLength(1);
  });

  it("is also one that breaks off in the middle", async () => {
    await open((_, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
      response.write('{"id":');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(post("/messages"))).toMatchObject({ mayHaveSucceeded: true });
    expect(server.received).toHaveLength(1);
  });
});

describe("no connection", () => {
  it("has even a POST made again: nothing was sent", async () => {
    await open(ok);
    await server.close();
    const error = await failureOf(post("/messages"));
    expect(error).toMatchObject({ mayHaveSucceeded: false });
    expect(error.message).toContain("ECONNREFUSED");
    expect(clock.waits).toEqual([500, 1_000, 2_000]);
  });

  it("is told for a host that there is not", async () => {
    await open(ok, { baseUrl: "http://nobody.invalid/v1" });
    expect(await failureOf(post("/messages"))).toMatchObject({ mayHaveSucceeded: false });
  });
});

describe("an answer nobody can use", () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    [
      "HTML",
      (r) => r.writeHead(200, { "Content-Type": "text/html" }).end("<p>hi"),
      "with text/html where JSON",
    ],
    [
      "half of its JSON",
      (r) => r.writeHead(200, { "Content-Type": "application/json" }).end('{"id":"4'),
      "with application/json",
    ],
  ])("because it is %s may have been granted all the same", async (_, script, reason) => {
    await open((_received, response) => script(response));
    const error = await failureOf(post("/messages"));
    expect(error).toMatchObject({ mayHaveSucceeded: true });
    expect(error.message).toContain(reason);
    expect(server.received).toHaveLength(1);
  });

  it("because it is longer than 10 MB is not read to its end", async () => {
    await open((_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      const chunk = Buffer.alloc(1_048_576, 0x20);
      for (let chunks = 0; chunks < 12; chunks++) response.write(chunk);
      response.end("{}");
    });
    const error = await failureOf(get("/rooms"));
    expect(error.message).toContain("longer than 10485760 bytes");
    expect(server.received).toHaveLength(1);
  });

  it("because it takes too long ends with the time-out, and is not asked for again", async () => {
    const time = holdTime();
    await open(() => time.pass(60_000));
    const error = await failureOf(get("/rooms", { timeoutMs: 60_000 }));
    expect(error).toMatchObject({ mayHaveSucceeded: true });
    expect(error.message).toBe("webex GET /rooms got no answer: it took longer than 60 s");
    expect(server.received).toHaveLength(1);
  });
});

describe("an aborted signal", () => {
  it("keeps a call from being sent", async () => {
    await open(ok);
    const error = await failureOf(post("/messages", { signal: AbortSignal.abort(new Error("stop")) }));
    expect(error).toMatchObject({ mayHaveSucceeded: false, cause: new Error("stop") });
    expect(server.received).toEqual([]);
  });

  it("ends a call under way, which may have been done", async () => {
    const controller = new AbortController();
    await open(() => controller.abort(new Error("stop")));
    expect(await failureOf(post("/messages", { signal: controller.signal }))).toMatchObject({
      mayHaveSucceeded: true,
    });
  });

  it("that is aborted on the way to the connection keeps the call from being sent, too", async () => {
    const controller = new AbortController();
    await open(ok);
    const call = failureOf(post("/messages", { signal: controller.signal }));
    controller.abort(new Error("stop"));
    expect(await call).toMatchObject({ mayHaveSucceeded: false });
    expect(server.received).toEqual([]);
  });

  it("ends a call that waits for a connection, and it is never sent", async () => {
    const held: ServerResponse[] = [];
    let hold = true;
    await open((_, response) => (hold ? held.push(response) : answerJson(response, 200, {})));
    const busy = Array.from({ length: 64 }, () => get("/rooms"));
    await until(() => held.length === 64);
    const controller = new AbortController();
    const waiting = failureOf(post("/messages", { signal: controller.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("stop"));
    expect(await waiting).toMatchObject({ mayHaveSucceeded: false });

    hold = false;
    const after = Array.from({ length: 64 }, () => get("/people/me"));
    for (const response of held) answerJson(response, 200, {});
    await Promise.all([...busy, ...after]);
    expect(server.calls()).not.toContain("POST /v1/messages");
  });
});

describe("the next page", () => {
  const link =
    (target: string): Script =>
    (_, response) =>
      answerJson(response, 200, { items: [] }, { Link: `<${target}>; rel="next"` });

  it("is where the link says, without a max that makes no sense", async () => {
    await open((received, response) =>
      link(`${server.url}/v1/rooms?max=null&cursor=a%2Bb`)(received, response, undefined as never),
    ); // the script takes no request
    const { nextPath } = await get("/rooms");
    expect(nextPath).toBe("/rooms?cursor=a%2Bb");
    await get(nextPath ?? "");
    expect(server.calls()[1]).toBe("GET /v1/rooms?cursor=a%2Bb");
  });

  it("may be given as a path", async () => {
    await open(link("/v1/rooms?cursor=2"));
    expect(await get("/rooms")).toMatchObject({ nextPath: "/rooms?cursor=2" });
  });

  it.each([
    ["no link", {}],
    ["another link", { Link: '</v1/rooms>; rel="first"' }],
    ["nonsense", { Link: "next" }],
  ])("is none with %s", async (_, headers) => {
    await open((_received, response) => answerJson(response, 200, {}, headers));
    expect(await get("/rooms")).not.toHaveProperty("nextPath", expect.anything());
  });

  it.each(["https://evil.example/v1/rooms", "/elsewhere", "//evil.example/v1/rooms"])(
    "is not looked for at %s",
    async (target) => {
      await open(link(target));
      expect((await failureOf(get("/rooms"))).message).toContain("at another host");
    },
  );
});

it("ends what is under way when it is closed, and sends nothing more", async () => {
  await open(() => undefined);
  const underWay = failureOf(get("/rooms"));
  await until(() => server.received.length === 1);
  await caller.close();
  expect(await underWay).toBeInstanceOf(NetworkError);
  clock.waits.length = 0;
  expect(await failureOf(get("/rooms"))).toMatchObject({ mayHaveSucceeded: false });
  expect(clock.waits).toEqual([]);
  expect(server.received).toHaveLength(1);
});

it("fails at once, and sends nothing, with a token that no header can carry", async () => {
  await open(ok);
  const other = createCaller({
    platform: "webex",
    baseUrl: server.url,
    credentials: { authorization: "Bearer a\nb" },
    log: silentLogger,
    clock,
  });
  const error = await failureOf(other.call({ method: "POST", path: "/messages", signal: live }));
  expect(error).toMatchObject({ code: "api-unreachable", mayHaveSucceeded: false });
  expect(error.message).toContain("authorization");
  expect(server.received).toEqual([]);
  await other.close();
});

it("never tells the token", async () => {
  await open(reset);
  const error = await failureOf(post("/messages"));
  expect(`${error.message} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain("t0ken");
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
