import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { ApiError, NetworkError } from "../../../src/core/contract/errors";
import type { ApiRequest } from "../../../src/platforms/api/api-client";
import { createWebexClient, type WebexClient } from "../../../src/platforms/webex/client";
import { createMessages, toAttachment } from "../../../src/platforms/webex/resources/messages";
import { createRequests } from "../../../src/platforms/webex/resources/requests";
import { type HeldTime, holdTime, releaseTime } from "../../held-time";
import { createFastClock, type FastClock } from "../api/fast-clock";
import { answerJson, openScriptedServer, type Script, type ScriptedServer } from "../api/scripted-server";

let server: ScriptedServer;
let client: WebexClient;
let clock: FastClock;

afterEach(async () => {
  releaseTime();
  await client.close();
  await server.close();
});

async function open(...scripts: Script[]): Promise<void> {
  let turn = 0;
  server = await openScriptedServer((...args) => scripts[Math.min(turn++, scripts.length - 1)]?.(...args));
  clock = createFastClock();
  client = createWebexClient({ token: "t0ken", baseUrl: `${server.url}/v1`, clock });
}

const message = { id: "M", roomId: "R", personId: "P" };
const ok: Script = (_, response) => answerJson(response, 200, message);
const refuse =
  (status: number, headers: Record<string, string> = {}): Script =>
  (_, response) =>
    answerJson(response, status, { message: "no" }, headers);

/** A page of rooms, and where the next one is. */
const page =
  (ids: readonly string[], next?: string): Script =>
  (_, response) =>
    answerJson(
      response,
      200,
      { items: ids.map((id) => ({ id })) },
      next === undefined ? {} : { Link: `<${server.url}${next}>; rel="next"` },
    );

async function idsOf(list: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of list) ids.push(id);
  return ids;
}

const TIMEOUT_MS = 500;

/** Ten pieces. Each comes in time; all of them take longer than the time-out. */
async function* slowly(time: HeldTime): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < 10; piece++) {
    time.pass(TIMEOUT_MS - 1);
    yield Buffer.from(String(piece));
  }
}

/** Resolves when a number stays the same while what waits in the sockets is read. */
async function untilUnchanged(read: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 20; same = read() === before ? same + 1 : 0) {
    before = read();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function failureOf(call: Promise<unknown>): Promise<Error> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Error) return thrown;
  throw new Error(`expected an error, found ${String(thrown)}`);
}

describe("a list", () => {
  it("goes on behind an empty page, and asks for no page before it is needed", async () => {
    await open(page(["1", "2"], "/v1/rooms?cursor=b"), page([], "/v1/rooms?cursor=c"), page(["3"]));
    const rooms = client.rooms.list({ max: 2, type: undefined })[Symbol.asyncIterator]();
    expect(server.received).toEqual([]);
    await rooms.next();
    await rooms.next();
    expect(server.calls()).toEqual(["GET /v1/rooms?max=2"]);
    expect(await rooms.next()).toMatchObject({ value: { id: "3" } });
    expect(await rooms.next()).toMatchObject({ done: true });
    expect(server.calls().slice(1)).toEqual(["GET /v1/rooms?cursor=b", "GET /v1/rooms?cursor=c"]);
  });

  it("has no query when nothing is asked for in particular", async () => {
    await open(page([]));
    await idsOf(client.rooms.list());
    expect(server.calls()).toEqual(["GET /v1/rooms"]);
  });

  it.each([
    ["max=null", "/v1/rooms?max=null", "/v1/rooms"],
    ["max=null before the rest", "/v1/rooms?max=null&cursor=b", "/v1/rooms?cursor=b"],
    ["max=null behind the rest", "/v1/rooms?cursor=b&max=null", "/v1/rooms?cursor=b"],
    ["another parameter that ends in it", "/v1/rooms?climax=null", "/v1/rooms?climax=null"],
    ["an odd but sound cursor", "/v1/rooms?cursor=a%2Bb+c%20d", "/v1/rooms?cursor=a%2Bb+c%20d"],
  ])("follows a link with %s", async (_, link, asked) => {
    await open(page(["1"], link), page(["2"]));
    expect(await idsOf(client.rooms.list({ max: 1 }))).toEqual(["1", "2"]);
    expect(server.calls()[1]).toBe(`GET ${asked}`);
  });

  it("whose next page is itself ends with an error instead of never", async () => {
    await open(page(["1"], "/v1/rooms?cursor=b"), page([], "/v1/rooms?cursor=b"));
    expect((await failureOf(idsOf(client.rooms.list()))).message).toContain("said to be itself");
    expect(server.received).toHaveLength(2);
  });

  it("sends the token to no other host", async () => {
    const other = await openScriptedServer(page(["stolen"]));
    await open((_, response) =>
      answerJson(response, 200, { items: [] }, { Link: `<${other.url}/v1/rooms>; rel="next"` }),
    );
    expect((await failureOf(idsOf(client.rooms.list()))).message).toContain("at another host");
    expect(other.received).toEqual([]);
    await other.close();
  });

  it("ends when its signal is aborted between two pages", async () => {
    const controller = new AbortController();
    await open(page(["1"], "/v1/rooms?cursor=b"));
    const { signal } = controller;
    const rooms = client.rooms.list({}, { signal })[Symbol.asyncIterator]();
    await rooms.next();
    controller.abort(new Error("enough"));
    expect(await failureOf(rooms.next())).toMatchObject({
      mayHaveSucceeded: false,
      cause: new Error("enough"),
    });
    expect(server.received).toHaveLength(1);
  });

  it("is not understood without items", async () => {
    await open((_, response) => answerJson(response, 200, { rooms: [] }));
    const error = await failureOf(idsOf(client.rooms.list()));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toContain(`"items" is not a list`);
  });
});

describe("an answer that makes no sense", () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ["HTML", (r) => r.writeHead(200, { "Content-Type": "text/html" }).end("<p>who?"), "text/html"],
    ["an empty body", (r) => r.writeHead(200).end(), "it is not an object"],
    ["a list", (r) => answerJson(r, 200, [message]), "it is not an object"],
    ["null", (r) => answerJson(r, 200, null), "it is not an object"],
    ["no id", (r) => answerJson(r, 200, { roomId: "R", personId: "P" }), `"id" is missing`],
    ["a number for an id", (r) => answerJson(r, 200, { ...message, id: 4 }), `"id" is missing`],
    ["half of its JSON", (r) => r.writeHead(200).end('{"id":"who?'), "where JSON was expected"],
  ])("with %s is a NetworkError that says what is missing, not what it said", async (_, script, reason) => {
    await open((_received, response) => script(response));
    const error = await failureOf(client.messages.get("M"));
    expect(error).toMatchObject({ code: "api-unreachable", call: "webex GET /messages/M" });
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain("who?");
  });

  it("fails no post for what nobody reads", async () => {
    await open((_, response) => answerJson(response, 200, { id: "M", roomId: "R" }));
    expect(await client.messages.create({ roomId: "R", text: "x" })).toMatchObject({ id: "M" });
  });

  it.each([
    ["a reset", ((_, __, request) => request.socket.destroy()) satisfies Script],
    ["a 502", refuse(502)],
  ])("after %s is asked for again", async (_, script) => {
    await open(script, ok);
    expect((await client.messages.get("M")).id).toBe("M");
    expect(server.received).toHaveLength(2);
  });
});

it("a refusal names the call, status, tracking id and wait, for every resource", async () => {
  const headers = { TrackingID: "ROUTER_1", "Retry-After": "7200" };
  await open(refuse(429, headers));
  const error = await failureOf(client.roomTabs.delete("a/b"));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    code: "api-refused",
    call: "webex DELETE /room/tabs/a%2Fb",
    status: 429,
    trackingId: "ROUTER_1",
    retryAfterMs: 7_200_000,
  });
  // Who was told to wait is told so for everything.
  expect(await failureOf(client.people.me())).toMatchObject({ status: 429 });
  expect(await failureOf(client.files.info(`${server.url}/v1/contents/1`))).toMatchObject({ status: 429 });
  expect(await failureOf(idsOf(client.teams.list()))).toMatchObject({ status: 429 });
  expect(server.received).toHaveLength(1);
});

it("tells how to dial into a room's meeting", async () => {
  const info = {
    roomId: "R",
    meetingLink: "https://example.webex.com/m/1",
    sipAddress: "1@example.webex.com",
  };
  await open((_, response) => answerJson(response, 200, info));
  expect(await client.rooms.meetingInfo("R")).toMatchObject(info);
  expect(server.calls()).toEqual(["GET /v1/rooms/R/meetingInfo"]);
});

it("waits as long as each kind of call may take", async () => {
  const waits: (number | undefined)[] = [];
  const messages = createMessages(
    createRequests({
      async call({ timeoutMs }: ApiRequest) {
        waits.push(timeoutMs);
        return { call: "", status: 200, body: { ...message, items: [] } };
      },
      download: () => Promise.reject(new Error("not asked for")),
      pathBelow: () => undefined,
      close: async () => undefined,
    }),
  );
  const attachments = [toAttachment({ type: "AdaptiveCard" })] as const;
  await messages.get("M");
  await idsOf(messages.list({ roomId: "R" }));
  await messages.create({ roomId: "R", text: "x" });
  await messages.create({ roomId: "R", text: "x", attachments });
  await messages.create({ roomId: "R", files: ["https://example.com/a.png"] });
  await messages.create({ roomId: "R", files: [{ data: Buffer.from("x"), name: "x" }] });
  await messages.create({ roomId: "R", text: "x", attachments }, { timeoutMs: 5 });
  await messages.get("M", { timeoutMs: 6 });
  expect(waits).toEqual([15_000, 15_000, undefined, 75_000, 75_000, 75_000, 5, 6]);
});

describe("an upload", () => {
  const file = { data: Buffer.from("a\r\n--b\0"), name: "a.bin" };
  const chunks = (): Readable => Readable.from([Buffer.from("one"), Buffer.from("two")]);

  it("from memory is sent again, the same, when Webex was busy", async () => {
    await open(refuse(503), ok);
    await client.messages.create({ roomId: "R", markdown: "x", files: [file] });
    const [first, second] = server.received;
    expect(second?.body).toBe(first?.body);
    expect(first?.body).toContain(
      'Content-Disposition: form-data; name="files"; filename="a.bin"\r\nContent-Type: application/octet-stream\r\n\r\na\r\n--b\0\r\n--',
    );
    expect(first?.headers["content-length"]).toBe(String(Buffer.byteLength(first?.body ?? "")));
  });

  it("from a stream is not: what was read of it is gone", async () => {
    await open(refuse(429, { "Retry-After": "2" }), ok);
    const stream = chunks();
    const error = await failureOf(client.messages.create({ roomId: "R", files: [{ stream, name: "s" }] }));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 2_000 });
    expect(server.received).toHaveLength(1);
    expect(stream.destroyed).toBe(true);
  });

  it("from a stream is sent after all when there was no connection at first: nothing was read", async () => {
    await open(ok);
    const port = Number(new URL(server.url).port);
    await server.close();
    const late = createServer((request, response) => {
      request.resume().on("end", () => answerJson(response, 200, message));
    });
    const { pause } = clock;
    clock.pause = async (ms, signal) => {
      if (!late.listening) await once(late.listen(port, "127.0.0.1"), "listening");
      await pause(ms, signal);
    };
    const posted = await client.messages.create({ roomId: "R", files: [{ stream: chunks(), name: "s" }] });
    expect(posted.id).toBe("M");
    expect(clock.waits).toEqual([500]);
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
  });

  it("whose stream fails is not posted, and not tried again", async () => {
    await open(ok);
    const stream = Readable.from(
      (function* () {
        yield Buffer.from("one");
        throw new Error("disk on fire");
      })(),
    );
    const error = await failureOf(client.messages.create({ roomId: "R", files: [{ stream, name: "s" }] }));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toContain("disk on fire");
    expect(server.received).toEqual([]);
  });

  it("that is shorter than it says is not posted", async () => {
    await open(ok);
    const files = [{ stream: chunks(), name: "s", size: 7 }] as const;
    expect(await failureOf(client.messages.create({ roomId: "R", files }))).toBeInstanceOf(NetworkError);
    expect(server.received).toEqual([]);
  });

  it("ends with its signal, and lets go of its stream", async () => {
    const controller = new AbortController();
    await open(ok);
    const stream = new Readable({
      read() {
        controller.abort(new Error("enough"));
      },
    });
    const files = [{ stream, name: "s" }] as const;
    const { signal } = controller;
    const error = await failureOf(client.messages.create({ roomId: "R", files }, { signal }));
    expect(error.message).toContain("it was cancelled");
    expect(stream.destroyed).toBe(true);
  });

  it("is timed by its pieces, not as a whole", async () => {
    await open(ok);
    const files = [{ stream: slowly(holdTime()), name: "s" }] as const;
    await client.messages.create({ roomId: "R", files }, { timeoutMs: TIMEOUT_MS });
    expect(server.received[0]?.body).toContain("0123456789");
  });

  it("names no header of its own: line ends and quotes in a name are encoded", async () => {
    await open(ok);
    const name = 'a"\r\nContent-Type: text/html\r\n\r\n<p>';
    const file = { data: Buffer.from("x"), name, type: "text/plain\r\nX: y" };
    await client.messages.create({ roomId: "R", files: [file] });
    expect(server.received[0]?.body).toContain("Content-Type: text/plain  X: y\r\n\r\nx\r\n");
    expect(server.received[0]?.body).toContain(
      'filename="a%22%0D%0AContent-Type: text/html%0D%0A%0D%0A<p>"\r\n',
    );
  });
});

describe("a download", () => {
  const url = (): string => `${server.url}/v1/contents/1`;
  const bytes =
    (body: string, headers: Record<string, string> = {}): Script =>
    (_, response) =>
      response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", ...headers }).end(body);

  it("waits while Webex scans the file", async () => {
    await open(refuse(423, { "Retry-After": "3" }), refuse(423, { "Retry-After": "4" }), bytes("clean"));
    const file = await client.files.download(url());
    expect((await file.bytes()).toString()).toBe("clean");
    expect(file).toMatchObject({ name: undefined, type: "text/plain", size: undefined });
    expect(clock.waits).toEqual([3_000, 4_000]);
  });

  it.each([
    [410, "found infected or was deleted", "never"],
    [423, "still being scanned", "backoff"],
    [428, "pass allowUnscannable", "never"],
  ])("refused with %d says what that means", async (status, advice, retry) => {
    await open(refuse(status, { "Retry-After": "999" }));
    const error = await failureOf(client.files.download(url()));
    expect(error).toMatchObject({ status, retry });
    expect(error.message).toContain(advice);
    expect(server.received).toHaveLength(1);
  });

  it("takes what cannot be scanned only when that is asked for", async () => {
    await open(bytes("zip"));
    await (await client.files.download(url(), { allowUnscannable: true })).bytes();
    await (await client.files.download(url())).bytes();
    await client.files.info(url(), { allowUnscannable: true });
    expect(server.calls()).toEqual([
      "GET /v1/contents/1?allow=unscannable",
      "GET /v1/contents/1",
      "HEAD /v1/contents/1?allow=unscannable",
    ]);
  });

  it.each([
    "https://evil.example/v1/contents/1",
    "//evil.example/v1/contents/1",
    "/elsewhere/1",
    "no url",
    "",
  ])("from %j is refused before the token is sent", async (elsewhere) => {
    await open(bytes("x"));
    expect(await failureOf(client.files.download(elsewhere))).toBeInstanceOf(TypeError);
    expect(server.received).toEqual([]);
  });

  it("follows no redirect", async () => {
    await open((_, response) => response.writeHead(302, { Location: "https://evil.example/" }).end());
    expect(await failureOf(client.files.download(url()))).toMatchObject({ status: 302 });
  });

  it("longer than allowed, and saying so, brings nothing", async () => {
    await open(bytes("123456", { "Content-Length": "6" }));
    const error = await failureOf(client.files.download(url(), { maxBytes: 5 }));
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toContain("longer than 5 bytes");
    expect(await (await client.files.download(url(), { maxBytes: 6 })).bytes()).toHaveLength(6);
  });

  it("longer than allowed, and not saying so, breaks off", async () => {
    await open((_, response) => {
      response.write("123");
      response.end("456");
    });
    const { bytes: read } = await client.files.download(url(), { maxBytes: 5 });
    const error = await failureOf(read());
    expect(error).toMatchObject({ code: "api-unreachable", call: "webex GET /contents/1" });
    expect(error.message).toContain("longer than 5 bytes");
  });

  it("that is cut off fails instead of ending early", async () => {
    await open((_, response) => {
      response.writeHead(200, { "Content-Length": "10" });
      response.write("123");
      setImmediate(() => response.destroy());
    });
    const { bytes: read } = await client.files.download(url());
    expect(await failureOf(read())).toBeInstanceOf(NetworkError);
    expect(server.received).toHaveLength(1);
  });

  it("that stalls ends with the time-out", async () => {
    await open((_, response) => response.write("123"));
    const time = holdTime();
    const { bytes: read } = await client.files.download(url(), { timeoutMs: TIMEOUT_MS });
    const reading = failureOf(read());
    time.pass(TIMEOUT_MS);
    expect((await reading).message).toContain("it took longer than 0.5 s");
  });

  it("is timed by its pieces, not as a whole", async () => {
    const time = holdTime();
    const pieces = slowly(time);
    let sendNext: () => Promise<unknown> = async () => undefined;
    await open((_, response) => {
      sendNext = async () => {
        const { value, done } = await pieces.next();
        return done ? response.end() : response.write(value);
      };
      response.flushHeaders();
    });
    const { stream } = await client.files.download(url(), { timeoutMs: TIMEOUT_MS });
    let read = "";
    await sendNext();
    for await (const piece of stream) {
      read += String(piece);
      await sendNext();
    }
    expect(read).toBe("0123456789");
  });

  it("is not timed while its reader takes a break, however much is waiting", async () => {
    const body = Buffer.alloc(3_000_000, "x");
    await open((_, response) => response.end(body));
    const time = holdTime();
    const { stream } = await client.files.download(url(), { timeoutMs: TIMEOUT_MS });
    await once(stream, "readable");
    await untilUnchanged(() => stream.readableLength);
    for (let pauses = 0; pauses < 3; pauses++) time.pass(TIMEOUT_MS);
    expect(stream.readableLength).toBeLessThan(1_000_000); // the rest waits at the server
    let size = 0;
    for await (const chunk of stream) size += chunk.length;
    expect(size).toBe(body.length);
  });

  it("ends with its signal, also when its bytes have begun to come", async () => {
    const controller = new AbortController();
    await open((_, response) => response.write("123"));
    const file = await client.files.download(url(), { signal: controller.signal });
    const reading = failureOf(file.bytes());
    controller.abort(new Error("enough"));
    expect(await reading).toMatchObject({ code: "api-unreachable", cause: { cause: new Error("enough") } });
  });

  it("whose stream is destroyed closes its connection", async () => {
    let closed: Promise<unknown> | undefined;
    await open((_, response) => {
      closed = once(response, "close");
      response.write("123");
    });
    const { stream } = await client.files.download(url());
    stream.destroy();
    await closed;
  });

  it("under way fails when the client is closed", async () => {
    await open((_, response) => response.write("123"));
    const { bytes: read } = await client.files.download(url());
    const reading = failureOf(read());
    await client.close();
    expect(await reading).toBeInstanceOf(NetworkError);
  });
});

it.each(["", "webexapis.com/v1", "ftp://webexapis.com", "https://"])(
  "takes no base URL %j",
  async (baseUrl) => {
    await open(ok);
    expect(() => createWebexClient({ token: "t", baseUrl })).toThrow(`createWebexClient: "${baseUrl}"`);
  },
);

it("tells the token to nobody but Webex", async () => {
  await open(refuse(400));
  const error = await failureOf(client.messages.create({ roomId: "R", text: "secret words" }));
  const told = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)} ${JSON.stringify(client)}`;
  expect(told).not.toMatch(/t0ken|secret words/);
});
