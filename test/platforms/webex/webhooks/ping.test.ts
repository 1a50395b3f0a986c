import { createHmac } from "node:crypto";
import { ping } from "../../../../src/platforms/webex/webhooks/ping";
import { openScriptedServer, type Script } from "../../api/scripted-server";
import { openReceiver } from "./pinged-receiver";

const { signal } = new AbortController();

/** Sends what a ping would be, signed as said. */
async function send(targetUrl: string, body: string, secret: string | undefined): Promise<string> {
  const signature = createHmac("sha1", secret ?? "")
    .update(body)
    .digest("hex");
  const response = await fetch(targetUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret === undefined ? {} : { "x-spark-signature": signature }),
    },
    body,
  });
  return `${response.status} ${await response.text()}`;
}

it("a receiver proves that it has the secret, with the old one too, and stores nothing", async () => {
  const receiver = await openReceiver("the new secret", "the old secret");
  try {
    for (const secret of ["the new secret", "the old secret"])
      expect(await ping(receiver.targetUrl, secret, { signal })).toEqual({
        kind: "answered",
        ms: expect.any(Number),
      });
    expect(await receiver.stored()).toBe(0);
    expect(await receiver.metrics.text()).toMatch(/deliveries_total\{.*outcome="ignored"\} 2/);
  } finally {
    await receiver.close();
  }
});

it("a receiver with another secret is told from one that has ours", async () => {
  const receiver = await openReceiver("their secret");
  try {
    expect(await ping(receiver.targetUrl, "our secret", { signal })).toMatchObject({
      kind: "refused",
      status: 401,
      reason: expect.stringMatching(/does not know this secret/),
    });
  } finally {
    await receiver.close();
  }
});

it("who lacks the secret cannot tell a ping from any other delivery", async () => {
  const receiver = await openReceiver("the secret");
  const aPing = JSON.stringify({ bellhop: "ping", nonce: "A".repeat(32) });
  const another = JSON.stringify({ resource: "messages", event: "created", data: { id: "1" } });
  try {
    for (const secret of [undefined, "guessed"])
      expect(await send(receiver.targetUrl, aPing, secret)).toBe(
        await send(receiver.targetUrl, another, secret),
      );
    expect(await send(receiver.targetUrl, aPing, undefined)).toMatch(/^401 /);
    expect(await send(receiver.targetUrl, aPing, "the secret")).toMatch(/^200 [\da-f]{64}$/);
    expect(await send(receiver.targetUrl, another, "the secret")).toBe("200 ");
  } finally {
    await receiver.close();
  }
});

it.each([
  ["a nonce that is too short", `{"bellhop":"ping","nonce":"A"}`],
  ["blanks", `{ "bellhop":"ping","nonce":"${"A".repeat(32)}"}`],
  ["something after it", `{"bellhop":"ping","nonce":"${"A".repeat(32)}"} `],
])("a signed ping with %s is a malformed delivery like any other", async (_, body) => {
  const receiver = await openReceiver("the secret");
  try {
    expect(await send(receiver.targetUrl, body, "the secret")).toBe(`400 {"error":"delivery-malformed"}`);
  } finally {
    await receiver.close();
  }
});

it.each<[string, Script, object]>([
  [
    "says 200 to everything",
    (_received, response) => response.end("ok"),
    { status: 200, reason: expect.stringMatching(/something else takes the deliveries/) },
  ],
  [
    "says back what it is sent",
    ({ body }, response) => response.end(body),
    { status: 200, reason: expect.stringMatching(/something else/) },
  ],
  [
    "has no such path",
    (_received, response) => response.writeHead(404).end(),
    { status: 404, reason: expect.stringMatching(/path/) },
  ],
  [
    "has nothing behind it",
    (_received, response) => response.writeHead(502).end(),
    { status: 502, reason: expect.stringMatching(/finds no receiver behind it/) },
  ],
  [
    "leads elsewhere",
    (_received, response) => response.writeHead(301, { location: "https://example.com/key" }).end(),
    { status: 301, reason: expect.stringMatching(/leads elsewhere \(example\.com\)/) },
  ],
])("an address that %s is refused", async (_, script, expected) => {
  const server = await openScriptedServer(script);
  try {
    expect(await ping(server.url, "secret", { signal })).toMatchObject({ kind: "refused", ...expected });
  } finally {
    await server.close();
  }
});

it("an address where nobody listens, or nobody answers in time, is unreachable", async () => {
  const silent = await openScriptedServer(() => undefined);
  try {
    expect(await ping("http://127.0.0.1:1/", "secret", { signal })).toMatchObject({
      kind: "unreachable",
      reason: expect.stringMatching(/ECONNREFUSED/),
    });
    expect(await ping(silent.url, "secret", { signal, timeoutMs: 30 })).toMatchObject({
      kind: "unreachable",
      reason: expect.stringMatching(/longer than 0.03 s/),
    });
  } finally {
    await silent.close();
  }
});
