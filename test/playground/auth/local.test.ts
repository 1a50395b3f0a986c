import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";
import { fieldsOf } from "../../../src/playground/read-fields";

let playground: ListeningPlayground;

beforeEach(async () => {
  playground = await listenPlayground();
});
afterEach(() => playground.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(
  headers: Readonly<Record<string, string>>,
  path = "/api/session",
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(playground.url + path, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject).end();
  });
}

/** Sends bytes as they are. @returns the first line of the answer, empty if the connection is closed without one */
async function raw(text: string): Promise<string> {
  const socket = connect(Number(new URL(playground.url).port), "127.0.0.1");
  socket.setEncoding("utf8").write(text.replace(/\n/g, "\r\n"));
  const answer = await Promise.race([once(socket, "data"), once(socket, "close")]);
  socket.destroy();
  return typeof answer[0] === "string" ? (answer[0].split("\r\n")[0] ?? "") : "";
}

it.each([
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "X-Forwarded-Proto",
  "X-Forwarded-Server",
  "X-Forwarded",
  "Forwarded",
  "Forwarded-For",
  "Via",
  "X-Real-IP",
  "X-Client-IP",
  "X-Cluster-Client-IP",
  "X-Azure-ClientIP",
  "X-Remote-Addr",
  "True-Client-IP",
  "Fastly-Client-IP",
  "CF-Connecting-IP",
  "CF-Ray",
  "CDN-Loop",
  "X-Envoy-External-Address",
  "X-Original-Host",
  "X-Amzn-Trace-Id",
  "X-Cloud-Trace-Context",
  "Tailscale-User-Login",
  "Proxy-Connection",
])("a request with the header %s is refused: it came through a proxy", async (name) => {
  const { status, text } = await ask({ [name]: "203.0.113.9" });
  expect(status).toBe(403);
  expect(text).toContain(`it has the header \\"${name.toLowerCase()}\\"`);
  expect(text).toContain("Set PLAYGROUND_PASSWORD");
});

it.each(["X-Request-ID", "Traceparent", "TrackingID", "User-Agent", "X-Powered-By", "Referer", "Cookie"])(
  "a request with the header %s is answered: clients on this computer send it",
  async (name) => expect((await ask({ [name]: "1" })).status).toBe(200),
);

it.each([
  ["127.0.0.1", 200],
  ["127.0.0.2:3000", 200],
  ["localhost:3000", 200],
  ["LOCALHOST", 200],
  ["[::1]:3000", 200],
  ["bots.example", 403],
  ["localhost.bots.example", 403],
  ["127.0.0.1.bots.example", 403],
  ["192.168.1.7", 403],
  ["0.0.0.0:3000", 403],
  ["127.0.0.1@bots.example", 403],
])("a request to the host %s is answered %d", async (host, status) => {
  expect((await ask({ Host: host })).status).toBe(status);
});

it("a request by HTTP/1.0 is refused, as nginx sends it without further settings", async () => {
  const { host } = new URL(playground.url);
  expect(await raw(`GET /playground/api/session HTTP/1.0\nHost: ${host}\n\n`)).toMatch(/ 403 /);
  expect(await raw(`GET /playground/api/session HTTP/1.1\nHost: ${host}\nConnection: close\n\n`)).toMatch(
    / 200 /,
  );
});

it.each<[string, Record<string, string>, number]>([
  ["the same origin", { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors" }, 200],
  ["a person who types the address", { "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate" }, 200],
  ["a link elsewhere", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" }, 200],
  ["a script elsewhere", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors" }, 403],
  ["an image elsewhere", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" }, 403],
  ["another port of this computer", { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors" }, 403],
  ["an older browser, elsewhere", { Origin: "https://elsewhere.example" }, 403],
  ["an older browser, another port", { Origin: "http://127.0.0.1:1" }, 403],
  ["a page without an origin", { Origin: "null" }, 403],
])("a request of %s is answered %d", async (_what, headers, status) => {
  expect((await ask(headers)).status).toBe(status);
});

it("a form that another site sends is refused, though it is a navigation", async () => {
  const headers = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" };
  expect((await ask(headers, "/api/state", "POST")).status).toBe(403);
});

it("a request of the own page is answered, by the header Origin too", async () => {
  const { origin } = new URL(playground.url);
  expect((await ask({ Origin: origin }, "/api/faults", "DELETE")).status).toBe(204);
});

describe("a websocket", () => {
  const upgrade = (path: string, headers: string): Promise<string> => {
    const { host } = new URL(playground.url);
    const given = /^host:/im.test(headers) ? headers : `Host: ${host}\n${headers}`;
    return raw(
      `GET ${path} HTTP/1.1\n${given}Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n\n`,
    );
  };
  const sockets = "/playground/webex/mercury";

  async function register(): Promise<string> {
    const response = await fetch(`${playground.url}/webex/wdm/api/v1/devices`, {
      method: "POST",
      headers: { Authorization: `Bearer ${playground.webex.botToken}`, "Content-Type": "application/json" },
      body: "{}",
    });
    return new URL(fieldsOf(await response.json()).webSocketUrl as string).pathname;
  }

  it.each([
    ["a program", "", 101],
    ["a page of another site", "Origin: https://elsewhere.example\n", 403],
    ["a script elsewhere", "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: websocket\n", 403],
    ["a proxy", "X-Forwarded-For: 203.0.113.9\n", 403],
    ["another name", "Host: bots.example\n", 403],
  ])("that %s opens is answered %s%d", async (_who, headers, status) => {
    expect(await upgrade(await register(), headers)).toContain(` ${status} `);
  });

  it("of a device that is not registered is answered 404, so that clients register again", async () => {
    expect(await upgrade(`${sockets}/00000000-0000-4000-8000-000000000000`, "")).toMatch(/ 404 /);
  });

  it("with a path that is not a URL is refused, and the playground goes on", async () => {
    expect(await upgrade("//", "")).toBe("");
    expect((await ask({})).status).toBe(200);
  });
});
