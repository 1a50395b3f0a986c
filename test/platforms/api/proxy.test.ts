import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { silentLogger } from "../../../src/core/logger";
import { createCaller } from "../../../src/platforms/api/caller";
import { answerJson, openScriptedServer, type ScriptedServer } from "./scripted-server";

const { signal } = new AbortController();
const environment = { ...process.env };

let api: ScriptedServer;
let proxy: Server;
let asked: string[];
let sockets: Socket[];

beforeEach(async () => {
  asked = [];
  sockets = [];
  api = await openScriptedServer((_, response) => answerJson(response, 200, {}));
  const port = Number(new URL(api.url).port);
  proxy = createServer().on("connect", (request, socket: Socket) => {
    asked.push(request.url ?? "");
    const onward = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connected\r\n\r\n"));
    sockets.push(socket, onward);
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  process.env.HTTPS_PROXY = "";
  process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`; // it listens on a port
});

afterEach(async () => {
  process.env = { ...environment };
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
  await api.close();
});

async function call(baseUrl: string): Promise<void> {
  const caller = createCaller({ platform: "webex", baseUrl, token: "t", log: silentLogger });
  await caller.call({ method: "GET", path: "/rooms", signal });
  await caller.close();
}

it("calls through the proxy that the environment names", async () => {
  await call("http://api.invalid/v1");
  expect(asked).toEqual(["api.invalid:80"]);
  expect(api.received[0]).toMatchObject({ path: "/v1/rooms", headers: { host: "api.invalid" } });
});

it("needs no proxy to this computer", async () => {
  await call(api.url);
  await call(api.url.replace("127.0.0.1", "localhost"));
  expect(asked).toEqual([]);
  expect(api.received).toHaveLength(2);
});
