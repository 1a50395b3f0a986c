import { readSince } from "../../src/cli/catch-up/since";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { WebhookReceiver } from "../playground/webhook-receiver";
import { runCommand } from "../program";

let playground: ListeningPlayground;
let receiver: WebhookReceiver;
let env: Record<string, string>;

beforeEach(async () => {
  playground = await listenPlayground();
  receiver = await WebhookReceiver.open();
  env = {
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    WEBEX_WEBHOOK_SECRET: "a secret that is long enough",
  };
});
afterEach(async () => {
  await receiver.close();
  await playground.close();
});

function catchUp(...args: string[]) {
  return runCommand(["catch-up", ...args], env, tempDir());
}

it("delivers what people wrote since then, signed, in the order of each room", async () => {
  await playground.says("Ada", "one");
  await playground.says("Grace", "two", { roomId: playground.webex.lobbyId, mention: true });
  await playground.says("Grace", "not for the bot", { roomId: playground.webex.lobbyId });
  await playground.says("Ada", "three");
  const { code, stdout } = await catchUp("--since", "1h", "--to", receiver.url, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ messages: 3, delivered: 3 });
  const deliveries = receiver.received.map(({ json, headers }) => ({
    name: `${json.resource}.${json.event}`,
    from: json.data.personEmail,
    isSigned: headers["x-spark-signature"] !== undefined,
  }));
  expect(deliveries).toHaveLength(3);
  expect(deliveries.filter(({ from }) => from === "ada@example.com")).toHaveLength(2);
  expect(deliveries.every(({ name, isSigned }) => name === "messages.created" && isSigned)).toBe(true);
  const times = receiver.received
    .filter(({ json }) => json.data.personEmail === "ada@example.com")
    .map(({ json }) => Date.parse(json.data.created));
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

it("only says what it would deliver, when that is asked", async () => {
  await playground.says("Ada", "one");
  const { stdout } = await catchUp("--since", "1h", "--dry-run");
  expect(stdout).toContain("1 would be delivered");
  expect(receiver.received).toEqual([]);
});

it.each([
  ["a receiver that refuses", 401, /answered 401\. Is its WEBEX_WEBHOOK_SECRET/],
  ["a receiver that fails", 503, /answered 503/],
])("stops at %s, and says so", async (_what, status, message) => {
  receiver.status = status;
  await playground.says("Ada", "one");
  const { code, stderr } = await catchUp("--since", "1h", "--to", receiver.url);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
});

it("says that nobody is there", async () => {
  await playground.says("Ada", "one");
  const { code, stderr } = await catchUp("--since", "1h", "--to", "http://127.0.0.1:9/webhooks/webex");
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("Is the bot running?") });
});

describe("since", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");

  it.each([
    ["90m", "2026-01-01T22:30:00.000Z"],
    ["2h", "2026-01-01T22:00:00.000Z"],
    ["1d", "2026-01-01T00:00:00.000Z"],
    ["2025-12-31T08:00:00Z", "2025-12-31T08:00:00.000Z"],
  ])("%s is %s", (text, time) => {
    expect(new Date(readSince(text, now)).toISOString()).toBe(time);
  });

  it.each(["", "2", "2w", "-1h", "tomorrow", "2027-01-01"])("is not %j", (text) => {
    expect(() => readSince(text, now)).toThrow(/--since is/);
  });
});
