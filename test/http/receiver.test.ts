import { createHash } from "node:crypto";
import { Agent, type RequestListener, type Server } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import express from "express";
import request from "supertest";
import { InboxError } from "../../src/core/contract/errors";
import type { Receiver } from "../../src/http/receiver";
import { InMemoryPlatform } from "../core/in-memory-platform";
import { closed, type Desk, listening, openDesk, rawExchange } from "./receiver-fixture";

// Signs as the desk's own does: their secret is the same.
const chat = new InMemoryPlatform();

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const event = (id = "m1"): { id: string; room: string } => ({ id, room: "room-1" });

const entries: [string, (receiver: Receiver) => RequestListener][] = [
  ["receiver.or(app) on a bare server", (receiver) => receiver.or(express())],
  [
    'app.use("/webhooks", receiver) in an Express app',
    (receiver) => {
      const app = express();
      app.use("/webhooks", receiver);
      app.use(express.json());
      return app;
    },
  ],
];

describe.each(entries)("%s", (_name, mount) => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    ({ server, port } = await listening(mount(desk.receiver)));
  });
  afterEach(() => closed(server));

  interface Sent {
    readonly path?: string;
    readonly method?: "post" | "get" | "put" | "delete" | "head";
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  }
  function send({ path = "/webhooks/memory", method = "post", headers = {}, body }: Sent = {}): request.Test {
    const signed = chat.delivery(event());
    const test = request(server)
      [method](path)
      .set({ ...signed.headers, ...headers });
    if (method === "get" || method === "head") return test;
    // As it is: superagent would otherwise write JSON of its own.
    return test.serialize((bytes) => bytes as unknown as string).send(body ?? signed.body);
  }
  const signedAs = (body: string): Sent => ({ body, headers: chat.delivery(body).headers });

  describe("takes a delivery that is rightly signed", () => {
    it("and answers 200, with nothing in it, once it is stored", async () => {
      const response = await send();
      expect([response.status, response.text]).toEqual([200, ""]);
      expect(await desk.stored()).toBe(1);
      const [lease] = await desk.inbox.take(1, new AbortController().signal);
      expect(lease?.notice).toMatchObject({
        key: "memory/default/m1",
        conversation: "memory/default/room-1",
      });
      expect(await desk.outcomes()).toEqual(["accepted 1"]);
    });

    it("once, however often it is sent", async () => {
      const answers = await Promise.all([send(), send(), send()]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await desk.stored()).toBe(1);
      expect((await desk.outcomes()).sort((a, b) => a.localeCompare(b))).toEqual([
        "accepted 1",
        "duplicate 2",
      ]);
    });

    it("and stores nothing of one that says nothing to handle", async () => {
      const response = await send(signedAs('{"id":"m1"}'));
      expect(response.status).toBe(200);
      expect([await desk.stored(), await desk.outcomes()]).toEqual([0, ["ignored 1"]]);
    });

    it("in several pieces, of any bytes", async () => {
      const body = JSON.stringify({ ...event(), name: "Größe 👩‍🚀" });
      const bytes = Buffer.from(body);
      const head = `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\nx-signature: ${chat.sign(body)}\r\n`;
      const socket = connect(port, "127.0.0.1");
      socket.setNoDelay(true);
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.write(`${head}content-length: ${bytes.length}\r\n\r\n`);
      for (const byte of bytes) {
        socket.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      await new Promise((resolve) => socket.on("close", resolve));
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(await desk.stored()).toBe(1);
    });

    it.each([
      ["a trailing slash", "/webhooks/memory/"],
      ["a query", "/webhooks/memory?x=1"],
      ["both", "/webhooks/memory/?x=/a/b"],
      ["its account", "/webhooks/memory/default"],
      ["another account", "/webhooks/memory/second"],
    ])("at a path with %s", async (_what, path) => {
      expect((await send({ path })).status).toBe(200);
      expect(await desk.stored()).toBe(1);
    });

    it.each([
      "application/json",
      "application/json;charset=UTF-8",
      'Application/JSON ; charset="utf-8"',
      "application/json; charset=utf8",
      "application/cloudevents+json",
    ])("of type %s", async (type) => {
      expect((await send({ headers: { "content-type": type } })).status).toBe(200);
    });

    it("with a repeated key, of which the last value counts", async () => {
      const body = JSON.stringify(event()).replace("{", '{"room":"room-0",');
      expect((await send(signedAs(body))).status).toBe(200);
      const [lease] = await desk.inbox.take(1, new AbortController().signal);
      expect(lease?.notice.conversation).toBe("memory/default/room-1");
    });

    it("that says that it is not compressed", async () => {
      expect((await send({ headers: { "content-encoding": "identity" } })).status).toBe(200);
    });
  });

  const body = JSON.stringify(event());
  const deep = `{"id":"m1","room":"r","x":${"[".repeat(1_100)}`;
  const refusals: [string, Sent, number, string][] = [
    ["GET", { method: "get" }, 405, "method-refused"],
    ["PUT", { method: "put" }, 405, "method-refused"],
    ["DELETE", { method: "delete" }, 405, "method-refused"],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415, "type-refused"],
    ["text", { headers: { "content-type": "text/json" } }, 415, "type-refused"],
    ["a type that begins alike", { headers: { "content-type": "application/jsonx" } }, 415, "type-refused"],
    [
      "another charset",
      { headers: { "content-type": "application/json; charset=latin1" } },
      415,
      "type-refused",
    ],
    [
      "a compressed body",
      { headers: { "content-encoding": "gzip" }, body: gzipSync(body) },
      415,
      "encoding-refused",
    ],
    [
      "a body that is too long",
      signedAs(JSON.stringify({ ...event(), x: "x".repeat(2_000) })),
      413,
      "body-too-large",
    ],
    ["no signature", { headers: { "x-signature": "" } }, 401, "signature-refused"],
    ["a wrong signature", { headers: { "x-signature": "0".repeat(64) } }, 401, "signature-refused"],
    ["a body changed after it was signed", { body: `${body} ` }, 401, "signature-refused"],
    [
      "a signature of another kind",
      { headers: { "x-signature": createHash("sha1").digest("hex") } },
      401,
      "signature-refused",
    ],
    ["a body that is no JSON, signed", signedAs("id=m1"), 400, "delivery-malformed"],
    ["an empty body, signed", signedAs(""), 400, "delivery-malformed"],
    ["JSON that is cut off, signed", signedAs(body.slice(0, -1)), 400, "delivery-malformed"],
    ["nesting without end, signed", signedAs(deep), 400, "delivery-malformed"],
    ["JSON that makes no sense, signed", signedAs('{"room":"r"}'), 400, "delivery-malformed"],
  ];

  describe("refuses", () => {
    it.each(refusals)("%s", async (_what, sent, status, code) => {
      const response = await send(sent);
      expect([response.status, response.body]).toEqual([status, { error: code }]);
      expect(await desk.stored()).toBe(0);
      expect(await desk.outcomes()).toEqual([status === 400 ? "malformed 1" : "refused 1"]);
      expect(desk.lines).toEqual([expect.stringContaining(code)]);
      expect(desk.lines.join()).not.toMatch(/m1|correct horse/);
    });

    it.each(refusals)("%s, and goes on with the connection", async (_what, sent, status) => {
      let connections = 0;
      server.on("connection", () => connections++);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const answers = [
        await send(sent).agent(agent),
        await send().agent(agent),
        await send(sent).agent(agent),
      ];
      agent.destroy();
      expect(answers.map((answer) => answer.status)).toEqual([status, 200, status]);
      expect(await desk.stored()).toBe(1);
      // What is too long is not read to its end, and the connection with it.
      expect(connections).toBe(status === 413 ? 2 : 1);
    });

    it("by the headers alone, and takes what follows for the body and no other request", async () => {
      const signed = `content-type: application/json\r\nx-signature: ${chat.sign(body)}\r\ncontent-length: ${body.length}\r\n\r\n`;
      const within = `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\n${signed}${body}`;
      const socket = connect(port, "127.0.0.1");
      let answers = "";
      const answer = (): Promise<void> =>
        new Promise((resolve) =>
          socket.once("data", (bytes) => {
            answers += bytes;
            resolve();
          }),
        );
      const refused = answer();
      socket.write(`GET /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-length: ${within.length}\r\n\r\n`);
      await refused;
      const next = answer();
      socket.write(within);
      socket.write("GET /webhooks/memory HTTP/1.1\r\nhost: x\r\n\r\n");
      await next;
      socket.destroy();
      expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 405", "HTTP/1.1 405"]);
      expect(await desk.stored()).toBe(0);
    });

    it("no type", async () => {
      const answer = await rawExchange(port, [
        `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-signature: ${chat.sign(body)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 415 /);
      expect(await desk.stored()).toBe(0);
    });

    it("a signature that is sent twice, even the right one", async () => {
      const header = `x-signature: ${chat.sign(body)}\r\n`;
      const answer = await rawExchange(port, [
        `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n${header}${header}content-length: ${body.length}\r\n\r\n${body}`,
      ]);
      expect(answer).toMatch(/^HTTP\/1\.1 401 /);
      expect(await desk.stored()).toBe(0);
    });

    it("a body that turns out too long, and closes the connection on it", async () => {
      const chunk = `400\r\n${"x".repeat(1_024)}\r\n`;
      const answer = await rawExchange(
        port,
        [
          "POST /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-signature: 00\r\ntransfer-encoding: chunked\r\n\r\n",
          chunk,
          chunk,
        ],
        false,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is);
      expect([await desk.stored(), await desk.outcomes()]).toEqual([0, ["refused 1"]]);
    });

    it("a body that says it is too long, without waiting for it", async () => {
      const answer = await rawExchange(
        port,
        [
          "POST /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-signature: 00\r\ncontent-length: 2001\r\n\r\n",
        ],
        false,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    });

    it("a body that is cut off", async () => {
      await rawExchange(port, [
        `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-signature: ${chat.sign(body)}\r\ncontent-length: ${body.length + 1}\r\n\r\n${body}`,
      ]);
      while ((await desk.outcomes()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect([await desk.stored(), await desk.outcomes()]).toEqual([0, ["refused 1"]]);
    });

    it("many in a second with one line", async () => {
      await Promise.all(Array.from({ length: 20 }, () => send({ headers: { "x-signature": "x" } })));
      expect(desk.lines).toHaveLength(1);
      expect(await desk.outcomes()).toEqual(["refused 20"]);
    });
  });

  it.each([
    "/webhooks/other",
    "/webhooks/memory/third",
    "/webhooks/memory/default/x",
    "/webhooks",
    "/memory",
  ])("leaves %s to the app", async (path) => {
    expect((await send({ path })).status).toBe(404);
    expect([await desk.stored(), await desk.outcomes()]).toEqual([0, []]);
  });

  it("asks to send again what could not be stored", async () => {
    desk.beforeAdding = () => Promise.reject(new InboxError("inbox-failed", "the disk is full"));
    const response = await send();
    expect([response.status, response.body]).toEqual([503, { error: "inbox-failed" }]);
    expect(response.headers["retry-after"]).toBe("5");
    expect(await desk.outcomes()).toEqual(["failed 1"]);
    expect(desk.lines).toEqual([expect.stringContaining("the disk is full")]);
    desk.beforeAdding = async () => {};
    expect((await send()).status).toBe(200);
  });

  it("says 503 once the inbox is closed", async () => {
    await desk.inbox.close();
    expect((await send()).status).toBe(503);
  });

  it("says 500 when something of ours breaks, and stays up", async () => {
    desk.beforeAdding = () => Promise.reject(new TypeError("x is not a function"));
    const response = await send();
    expect([response.status, response.body]).toEqual([500, { error: "receiver-failed" }]);
    desk.beforeAdding = async () => {};
    expect((await send()).status).toBe(200);
  });

  it("answers no sooner than the delivery is stored", async () => {
    let store: () => void = () => {};
    const storing = new Promise<void>((resolve) => {
      desk.beforeAdding = () => {
        resolve();
        return new Promise((done) => {
          store = done;
        });
      };
    });
    let answered = false;
    const answer = send().then((response) => {
      answered = true;
      return response;
    });
    await storing;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    store();
    expect((await answer).status).toBe(200);
  });
});
