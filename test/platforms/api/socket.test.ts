import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket as Wire } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { openSocket, type Socket, type SocketOptions } from "../../../src/platforms/api/socket";

const environment = { ...process.env };
const { signal } = new AbortController();

let server: Server;
let port: number;
let clients: WebSocketServer;
let onClient: (client: WebSocket) => void;
let opened: Socket[];

beforeEach(async () => {
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    process.env[name] = "";
    process.env[name.toLowerCase()] = "";
  }
  onClient = () => undefined;
  opened = [];
  server = createServer((_request, response) => response.writeHead(426).end());
  clients = new WebSocketServer({ server, maxPayload: 1_000 });
  clients.on("connection", (client) => onClient(client));
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port; // it listens on a port
});

afterEach(async () => {
  process.env = { ...environment };
  for (const socket of opened) socket.close(1000, "the test is over");
  for (const client of clients.clients) client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function open(options: Partial<SocketOptions> = {}, until = signal): Promise<Socket> {
  const socket = await openSocket(
    {
      platform: "webex",
      url: `ws://127.0.0.1:${port}/line?secret=hush`,
      maxMessageBytes: 1_000,
      openWithinMs: 5_000,
      closeWithinMs: 20,
      onMessage: () => undefined,
      ...options,
    },
    until,
  );
  opened.push(socket);
  return socket;
}

const failure = (options: Partial<SocketOptions>, until?: AbortSignal): Promise<unknown> =>
  open(options, until).then(
    () => "it opened",
    (error: unknown) => error,
  );

it("sends text, and hands on text and bytes in the order sent", async () => {
  onClient = (client) => {
    client.on("message", (data) => {
      client.send(`you said ${String(data)}`);
      client.send(Buffer.from([1, 2, 3]));
    });
  };
  const heard: Buffer[] = [];
  const both = new Promise<void>((resolve) => {
    const onMessage = (bytes: Buffer): void => void (heard.push(bytes) === 2 && resolve());
    void open({ onMessage }).then((socket) => socket.send("grüß Gott"));
  });
  await both;
  expect(heard).toEqual([Buffer.from("you said grüß Gott"), Buffer.from([1, 2, 3])]);
});

it("tells with which code and reason the other side took leave", async () => {
  onClient = (client) => client.close(4000, "replaced");
  expect(await (await open()).ended).toEqual({ code: 4000, reason: "replaced" });
});

it("ends with 1006 when nobody takes leave", async () => {
  onClient = (client) => client.terminate();
  expect(await (await open()).ended).toMatchObject({ code: 1006 });
});

it("cuts the wire when its own leave-taking is not answered, and says nothing more", async () => {
  onClient = (client) => client.pause();
  const socket = await open();
  socket.close(1000, "bye");
  expect(await socket.ended).toMatchObject({ code: 1006 });
  expect(() => socket.send("after the end")).not.toThrow();
});

it.each([
  ["a message", (client: WebSocket) => client.send("x".repeat(1_001))],
  [
    "a message in fragments",
    (client: WebSocket) => {
      client.send("x".repeat(600), { fin: false });
      client.send("x".repeat(600), { fin: true });
    },
  ],
  ["a compressed message", (client: WebSocket) => client.send("x".repeat(1_000_000), { compress: true })],
])("ends when %s is longer than it may be", async (_, send) => {
  let heard = 0;
  onClient = send;
  const socket = await open({ onMessage: () => void heard++ });
  await socket.ended;
  expect(heard).toBe(0);
});

it.each([401, 403, 404, 503])(
  "that is answered %d is an error with that status, and no secret",
  async (status) => {
    const refusing = createServer().on("upgrade", (_request, wire) => {
      wire.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
    await once(refusing.listen(0, "127.0.0.1"), "listening");
    const { port: other } = refusing.address() as AddressInfo;
    const error = await failure({ url: `ws://127.0.0.1:${other}/line?secret=hush` });
    expect(error).toMatchObject({ code: "api-refused", status, call: `webex websocket 127.0.0.1:${other}` });
    expect(`${(error as Error).stack} ${String((error as Error).cause)}`).not.toContain("hush");
    refusing.closeAllConnections();
    await new Promise((resolve) => refusing.close(resolve));
  },
);

it("that nobody answers is given up in time, and lets go of the wire", async () => {
  const wires: Promise<unknown>[] = [];
  const deaf = createServer().on("upgrade", (_request, wire) => {
    wire.resume();
    wires.push(new Promise((resolve) => wire.once("close", resolve)));
    wire.once("end", () => wire.destroy());
  });
  await once(deaf.listen(0, "127.0.0.1"), "listening");
  const { port: other } = deaf.address() as AddressInfo;
  const time = new AbortController();
  const asked = jest.spyOn(AbortSignal, "timeout").mockReturnValueOnce(time.signal);
  const failing = failure({ url: `ws://127.0.0.1:${other}/`, openWithinMs: 30_000 });
  await once(deaf, "upgrade");
  expect(asked).toHaveBeenCalledWith(30_000);
  time.abort(new DOMException("the time is up", "TimeoutError"));
  expect(await failing).toMatchObject({ code: "api-unreachable", mayHaveSucceeded: false });
  const closing = new AbortController();
  const cancelled = failure({ url: `ws://127.0.0.1:${other}/` }, closing.signal);
  await once(deaf, "upgrade");
  closing.abort();
  expect(await cancelled).toMatchObject({ code: "api-unreachable" });
  await Promise.all(wires);
  expect(wires).toHaveLength(2);
  await new Promise((resolve) => deaf.close(resolve));
});

it("where nobody listens is unreachable", async () => {
  expect(await failure({ url: "ws://127.0.0.1:1/" })).toMatchObject({ code: "api-unreachable" });
});

describe("a proxy", () => {
  let proxy: Server;
  let asked: string[];
  let wires: Wire[];

  beforeEach(async () => {
    asked = [];
    wires = [];
    proxy = createServer().on("connect", (request, wire: Wire) => {
      asked.push(request.url ?? "");
      const onward = connect(port, "127.0.0.1", () => wire.write("HTTP/1.1 200 Connected\r\n\r\n"));
      wires.push(wire, onward);
      wire.pipe(onward).pipe(wire);
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const wire of wires) wire.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it("that the environment names leads to the other side", async () => {
    onClient = (client) => client.close(4321, "through the tunnel");
    const socket = await open({ url: "ws://mercury.invalid/line" });
    expect(await socket.ended).toEqual({ code: 4321, reason: "through the tunnel" });
    expect(asked).toEqual(["mercury.invalid:80"]);
  });

  it("is not used for this computer", async () => {
    await open();
    expect(asked).toEqual([]);
  });

  it("keeps the limit of a message", async () => {
    onClient = (client) => client.send("x".repeat(1_001));
    const heard: Buffer[] = [];
    const socket = await open({
      url: "ws://mercury.invalid/line",
      onMessage: (bytes) => void heard.push(bytes),
    });
    await socket.ended;
    expect(heard).toEqual([]);
  });
});
