import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { NetworkError } from "../../../src/core/contract/errors";
import { createWebexClient, type WebexClient } from "../../../src/platforms/webex/client";
import { createFastClock } from "./fast-clock";
import { answerJson, openScriptedServer, type ScriptedServer } from "./scripted-server";

const environment = { ...process.env };

let api: ScriptedServer;
let proxy: Server;
let proxyUrl: string;
/** What the proxy was asked to connect to, and as whom. */
let asked: { to: string; as: string | undefined }[];
let sockets: Socket[];
let answerConnect: (socket: Socket) => void;

beforeEach(async () => {
  asked = [];
  sockets = [];
  api = await openScriptedServer((_, response) => answerJson(response, 200, { id: "P", roomId: "R" }));
  const port = Number(new URL(api.url).port);
  // Every name leads to the one API.
  answerConnect = (socket) => {
    const onward = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connected\r\n\r\n"));
    sockets.push(onward);
    socket.pipe(onward).pipe(socket);
  };
  proxy = createServer().on("connect", (request, socket: Socket) => {
    asked.push({ to: request.url ?? "", as: request.headers["proxy-authorization"] });
    sockets.push(socket);
    answerConnect(socket);
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`; // it listens on a port
  // Empty ones count as not set, whichever way they are written.
  for (const name of ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"]) {
    process.env[name] = "";
    process.env[name.toLowerCase()] = "";
  }
});

afterEach(async () => {
  process.env = { ...environment };
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
  await api.close();
});

async function withClient<Value>(
  baseUrl: string,
  use: (client: WebexClient) => Promise<Value>,
): Promise<Value> {
  const client = createWebexClient({ token: "t0ken", baseUrl, clock: createFastClock() });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function failureOf(baseUrl: string): Promise<NetworkError> {
  const thrown = await withClient(baseUrl, (client) => client.people.me()).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof NetworkError) return thrown;
  throw new Error(`expected a NetworkError, found ${String(thrown)}`);
}

it("calls through the proxy that the environment names, uploads and downloads included", async () => {
  process.env.HTTP_PROXY = proxyUrl;
  const read = await withClient("http://api.invalid/v1", async (client) => {
    await client.messages.create({ roomId: "R", files: [{ data: Buffer.from("x"), name: "a" }] });
    return (await client.files.download("http://api.invalid/v1/contents/1")).bytes();
  });
  expect(JSON.parse(read.toString())).toMatchObject({ id: "P" });
  expect(new Set(asked.map(({ to }) => to))).toEqual(new Set(["api.invalid:80"]));
  expect(api.calls()).toEqual(["POST /v1/messages", "GET /v1/contents/1"]);
  expect(api.received[0]?.headers).toMatchObject({ host: "api.invalid", authorization: "Bearer t0ken" });
});

it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"])(
  "calls an https API through a tunnel of %s's, where the proxy sees nothing but TLS",
  async (name) => {
    process.env[name] = proxyUrl.replace("//", "//user:p%40ss@");
    const hello = new Promise<Buffer>((resolve) => {
      answerConnect = (socket) => {
        socket.write("HTTP/1.1 200 Connected\r\n\r\n");
        socket.once("data", (bytes) => {
          resolve(bytes);
          socket.destroy();
        });
      };
    });
    const error = await failureOf("https://api.invalid/v1");
    expect(asked[0]).toEqual({
      to: "api.invalid:443",
      as: `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
    });
    const bytes = await hello;
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0x16, 0x03])); // a TLS handshake
    expect(bytes.includes("api.invalid")).toBe(true); // for the API's certificate, not the proxy's
    expect(bytes.includes("t0ken")).toBe(false);
    expect(error).toMatchObject({ mayHaveSucceeded: false });
  },
);

// 0.0.0.0 leads to this computer without a name to be looked up, and is no address of its own loopback.
it.each(["0.0.0.0", "other.example, 0.0.0.0", ".0.0.0", "*.0.0.0", "0.0.0.0:<port>", "*"])(
  "goes around the proxy for NO_PROXY=%s",
  async (value) => {
    process.env.HTTP_PROXY = proxyUrl;
    const base = new URL(api.url.replace("127.0.0.1", "0.0.0.0"));
    process.env.NO_PROXY = value.replace("<port>", base.port);
    await withClient(base.href, (client) => client.people.me());
    expect(asked).toEqual([]);
    expect(api.received).toHaveLength(1);
  },
);

it("goes through the proxy for what NO_PROXY does not name", async () => {
  process.env.HTTP_PROXY = proxyUrl;
  process.env.NO_PROXY = "example.com,pi.invalid,api.invalid:8080";
  await withClient("http://api.invalid/v1", (client) => client.people.me());
  expect(asked).toHaveLength(1);
});

it("needs no proxy to this computer", async () => {
  process.env.HTTP_PROXY = proxyUrl;
  await withClient(api.url, (client) => client.people.me());
  await withClient(api.url.replace("127.0.0.1", "localhost"), (client) => client.people.me());
  expect(asked).toEqual([]);
  expect(api.received).toHaveLength(2);
});

it.each([407, 502])(
  "whose proxy answers %d was certainly not made, and tells no password",
  async (status) => {
    process.env.HTTPS_PROXY = proxyUrl.replace("//", "//user:pass@");
    answerConnect = (socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    const error = await failureOf("https://api.invalid/v1");
    expect(error).toMatchObject({ code: "api-unreachable", mayHaveSucceeded: false });
    expect(error.message).toContain(String(status));
    expect(`${error.stack} ${String(error.cause)}`).not.toMatch(/user:pass|t0ken/);
  },
);

it.each(["proxy.example:3128", "proxy.example", "ftp://proxy.example"])(
  "does not start with the proxy %s, and tells no password",
  (value) => {
    process.env.HTTPS_PROXY = value;
    expect(() => createWebexClient({ token: "t0ken" })).toThrow(/^HTTPS_PROXY or HTTP_PROXY/);
    expect(() => createWebexClient({ token: "t0ken" })).not.toThrow(value);
  },
);

it("is certainly not made when there is no proxy at its address", async () => {
  process.env.HTTPS_PROXY = "http://127.0.0.1:1";
  expect(await failureOf("https://api.invalid/v1")).toMatchObject({ mayHaveSucceeded: false });
});
