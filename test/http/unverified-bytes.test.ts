import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import express from "express";
import type { Receiver } from "../../src/http/receiver";
import { createReceiver } from "../../src/http/receiver";
import { InMemoryPlatform } from "../core/in-memory-platform";
import { closed, type Desk, openDesk } from "./receiver-fixture";

const MEBIBYTE = 1_048_576;
const HELD = 2 * MEBIBYTE;

let desk: Desk;
let server: Server;
let port: number;
const sockets: Socket[] = [];

/** The desk's receiver with small limits, on a server that has none of its own. */
async function listenAs(mount: (receiver: Receiver) => RequestListener, maxBodyMs = 20_000): Promise<void> {
  desk = await openDesk();
  const { chat, inbox } = desk;
  const write = (sentence: string, fields?: object): void =>
    void desk.lines.push(sentence + JSON.stringify(fields ?? {}));
  const receiver = createReceiver({
    platforms: [chat, new InMemoryPlatform({ account: "second" })],
    accept: (notice) => inbox.add(notice),
    log: { debug: write, info: write, warn: write, error: write },
    metrics: { delivery() {}, event() {}, connected() {}, caughtUp() {}, webhook() {} },
    maxBodyBytes: MEBIBYTE,
    maxUnverifiedBytes: HELD,
    maxBodyMs,
  });
  server = createServer({ requestTimeout: 0, headersTimeout: 0 }, mount(receiver));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port; // a TCP server's address is never a string
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await closed(server);
  await desk.close();
});

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that are reachable, in JavaScript's heap and outside of it. */
function heldMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A connection, and what is answered on it. */
interface Sender {
  readonly socket: Socket;
  answer(): string;
  readonly ended: Promise<void>;
}

function sender(...pieces: (string | Buffer)[]): Sender {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  let answer = "";
  socket.on("data", (bytes) => (answer += String(bytes)));
  socket.on("error", () => {});
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  for (const piece of pieces) socket.write(piece);
  return { socket, answer: () => answer, ended };
}

const head = (more: string): string =>
  `POST /webhooks/memory HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}\r\n`;
const UNSIGNED = head(`content-length: ${MEBIBYTE}\r\n`);
const PRETENDED = head(`x-signature: 00\r\ncontent-length: ${MEBIBYTE}\r\n`);
const ALL_BUT_ONE = Buffer.alloc(MEBIBYTE - 1, 0x20);

async function deliver(id: string): Promise<number> {
  const { headers, body } = desk.chat.delivery({ id, room: "room-1" });
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/memory`, {
    method: "POST",
    headers,
    body: String(body),
  });
  return response.status;
}

const mounts: [string, (receiver: Receiver) => RequestListener][] = [
  ["receiver.or(app)", (receiver) => receiver.or(express())],
  [
    "a receiver in an Express app",
    (receiver) => {
      const app = express();
      app.use("/webhooks", receiver);
      return app;
    },
  ],
];

describe.each(mounts)("%s", (_, mount) => {
  beforeEach(() => listenAs(mount));

  it("refuses a delivery without a signature header before its body has come", async () => {
    const { ended, answer } = sender(UNSIGNED);
    await ended;
    expect(answer()).toMatch(/^HTTP\/1\.1 401 .*\r\nconnection: close\r\n.*signature-refused/is);
    expect(desk.lines.join()).toContain("there is no x-signature");
  });

  it("holds a bounded number of bytes of 150 connections that hold their last byte back, and gives them back", async () => {
    const senders = Array.from({ length: 150 }, () => sender());
    const before = heldMemory();
    for (const { socket } of senders) {
      socket.write(PRETENDED);
      socket.write(ALL_BUT_ONE);
    }
    // Two bodies fit. The connection of a refused one is closed, and the answer may be lost with what was still on its way.
    const open = (): Sender[] => senders.filter(({ socket }) => !socket.closed);
    while (open().length > 2) await new Promise((resolve) => setTimeout(resolve, 20));
    // Without a bound: 150 MiB.
    expect(heldMemory() - before).toBeLessThan(75 * MEBIBYTE);
    const answers = senders.map(({ answer }) => answer()).filter((answer) => answer !== "");
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 503 .*retry-after: 5/is);
    for (const { socket } of senders) socket.destroy();
    expect(await deliver("after")).toBe(200);
    expect(heldMemory() - before).toBeLessThan(75 * MEBIBYTE);
  });

  it("takes genuine deliveries while others hold as many bytes as they can", async () => {
    const hold = setInterval(() => sender(PRETENDED, ALL_BUT_ONE), 5);
    for (let id = 0; id < 20; id++) expect(await deliver(`m${id}`)).toBe(200);
    clearInterval(hold);
    expect(await desk.stored()).toBe(20);
  });

  it("holds a body of many small pieces in one buffer", async () => {
    let arrived = (): number => 0;
    server.once("connection", (connection) => {
      arrived = () => connection.bytesRead;
    });
    const before = heldMemory();
    const start = head("x-signature: 00\r\ntransfer-encoding: chunked\r\n");
    const pieces = Buffer.from("1\r\n \r\n".repeat(50_000));
    const { socket } = sender(start, pieces);
    while (arrived() < start.length + pieces.length) await new Promise((resolve) => setTimeout(resolve, 5));
    // Kept piece by piece: 15 MiB.
    expect(heldMemory() - before).toBeLessThan(4 * MEBIBYTE);
    socket.destroy();
  });

  it("holds nothing of bodies whose connections end in the middle, however many there were", async () => {
    for (let round = 0; round < 30; round++) {
      const { socket, ended } = sender(PRETENDED, ALL_BUT_ONE);
      await new Promise((resolve) => setTimeout(resolve, 2));
      socket.destroy();
      await ended;
    }
    while (desk.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const last = sender(PRETENDED, ALL_BUT_ONE, " ");
    while (last.answer() === "") await new Promise((resolve) => setTimeout(resolve, 5));
    // It had all the room: it was read to its end, and its signature checked.
    expect(last.answer()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe.each(mounts)("%s, with a short time for each body", (_, mount) => {
  beforeEach(() => listenAs(mount, 500));

  it.each([
    ["a Content-Length that is never met", PRETENDED],
    ["chunks without an end", head("x-signature: 00\r\ntransfer-encoding: chunked\r\n")],
  ])("gives up a body that does not end in time: %s", async (_what, start) => {
    const { socket, ended, answer } = sender(start);
    const drip = setInterval(() => socket.write(start === PRETENDED ? " " : "1\r\n \r\n"), 50);
    await ended;
    clearInterval(drip);
    expect(answer()).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n.*body-too-slow/is);
  });
});
