import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { WebhookReceiver } from "../playground/webhook-receiver";
import { type CommandResult, runCommand } from "../program";

let playground: ListeningPlayground;
let receiver: WebhookReceiver;
let env: Record<string, string>;

beforeEach(async () => {
  playground = await listenPlayground();
  receiver = await WebhookReceiver.open();
  env = {
    INTERCOM_ACCESS_TOKEN: playground.intercom.token,
    INTERCOM_CLIENT_SECRET: "a secret that is long enough",
    INTERCOM_API_BASE_URL: playground.url + playground.intercom.path,
  };
});
afterEach(async () => {
  await receiver.close();
  await playground.close();
});

function subscriptions(...args: string[]): Promise<CommandResult> {
  return runCommand(["intercom", "subscriptions", ...args], env, tempDir());
}

it("makes a subscription that is signed with the client secret, changes, pings and deletes it", async () => {
  const topic = "conversation.user.created";
  const made = await subscriptions("create", "--url", receiver.url, "--topic", topic, "--json");
  const { id } = JSON.parse(made.stdout);
  expect(made.stdout).not.toContain("long enough");
  const ping = await receiver.next();
  expect(ping.json).toMatchObject({ topic: "ping", id: null });
  expect(ping.headers["x-hub-signature"]).toMatch(/^sha1=/);

  const changed = await subscriptions(
    "update",
    id,
    "--topic",
    "event.created",
    "--event-name",
    "bought",
    "--no-active",
  );
  expect(changed.stdout).toMatch(/active {2}no[\s\S]*topics {2}event\.created[\s\S]*events {2}bought/);
  expect((await subscriptions("list")).stdout).toContain(id);
  expect((await subscriptions("get", id)).stdout).toContain("event.created");
  expect((await subscriptions("ping", id)).code).toBe(0);
  await receiver.next();
  expect((await subscriptions("delete", id)).code).toBe(0);
  expect((await subscriptions("list")).stdout).toBe("none\n");
});

it.each([
  ["a subscription that is not there", ["get", "nsub_1"], {}, 3, /knows no such subscription/],
  [
    "a token of nobody",
    ["list"],
    { INTERCOM_ACCESS_TOKEN: "nobody" },
    1,
    /answered 401: Access Token Invalid/,
  ],
  ["no token", ["list"], { INTERCOM_ACCESS_TOKEN: "" }, 2, /INTERCOM_ACCESS_TOKEN is missing/],
  ["no topic", ["create", "--url", "https://bot.example.com"], {}, 2, /--topic/],
] as const)("refuses %s", async (_what, args, changed, code, message) => {
  env = { ...env, ...changed };
  const refused = await subscriptions(...args);
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({
    code,
    stderr: expect.stringMatching(message),
  });
});
