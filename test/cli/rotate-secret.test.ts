import { createOwnership } from "../../src/platforms/webex/webhooks/ownership";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { openReceiver, type PingedReceiver } from "../platforms/webex/webhooks/pinged-receiver";
import { ApiClient } from "../playground/api-client";
import { type CommandResult, runCommand } from "../program";

const NEW = "the new secret, of thirty characters";
const OLD = "the old secret, of thirty characters";

let playground: ListeningPlayground;
let api: ApiClient;
let receiver: PingedReceiver;

beforeEach(async () => {
  playground = await listenPlayground();
  api = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
});
afterEach(async () => {
  await playground.close();
  await receiver.close();
});

function rotate(env: object = {}, ...args: string[]): Promise<CommandResult> {
  const settings = {
    WEBEX_BOT_TOKEN: playground.webex.botToken,
    WEBEX_API_BASE_URL: playground.apiBaseUrl,
    WEBEX_WEBHOOK_SECRET: NEW,
    WEBEX_WEBHOOK_SECRET_PREVIOUS: OLD,
    PUBLIC_URL: `http://127.0.0.1:${receiver.port}`,
  };
  return runCommand(["webhooks", "rotate-secret", ...args], { ...settings, ...env }, tempDir());
}

async function register(fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const webhook = {
    name: "by hand",
    targetUrl: receiver.targetUrl,
    secret: OLD,
    resource: "messages",
    event: "created",
    ...fields,
  };
  return (await api.post("/webhooks", webhook)).body.id;
}

/** Secrets of the webhooks at Webex, by name, in the order in which they were made. */
async function secrets(): Promise<string[]> {
  const { items } = (await api.get("/webhooks")).body;
  return items.map(({ name, secret }: Record<string, string>) => `${name}: ${secret}`);
}

function steps({ stdout }: CommandResult): unknown[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

it("replaces the secret while deliveries come, and none is lost", async () => {
  receiver = await openReceiver(NEW, OLD);
  const clicks = { resource: "attachmentActions", event: "created" };
  const ours = await register({ name: createOwnership("default", [OLD]).nameOf(clicks), ...clicks });
  const byHand = await register();
  await register({ name: "leads elsewhere", targetUrl: "http://127.0.0.1:1/" });
  await register({ name: "another's", secret: "another's", resource: "rooms" });

  let written = 0;
  const rotating = rotate({}, "--json");
  for (let isOver = false; !isOver; written++) {
    await playground.says("ada", "hello");
    isOver = await Promise.race([
      rotating.then(() => true),
      new Promise<boolean>((r) => setTimeout(r, 5, false)),
    ]);
  }
  const result = await rotating;
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(steps(result)).toEqual([
    { step: "receiver-takes", secret: "current", times: 5 },
    { step: "receiver-takes", secret: "previous", times: 5 },
    { step: "changed", id: ours, name: createOwnership("default", [NEW]).nameOf(clicks) },
    { step: "changed", id: byHand, name: "by hand" },
    { step: "verified", webhooks: 3, already: 1 },
    { step: "next", next: expect.stringMatching(/^remove WEBEX_WEBHOOK_SECRET_PREVIOUS/) },
  ]);
  expect(await secrets()).toEqual([
    `${createOwnership("default", [NEW]).nameOf(clicks)}: ${NEW}`,
    `by hand: ${NEW}`,
    `leads elsewhere: ${OLD}`,
    "another's: another's",
  ]);
  for (const secret of [NEW, OLD, "another's"]) expect(result.stdout).not.toContain(`"${secret}"`);

  await playground.says("ada", "the last one");
  await arrived(written + 1);
});

/** Waits until so many events wait in the inbox. */
async function arrived(count: number): Promise<void> {
  while ((await receiver.stored()) < count) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await receiver.metrics.text()).not.toMatch(/outcome="refused"/);
}

it.each([
  ["the new", [OLD], /Nothing was changed, because it does not take the current one: http\S+ answers 401/],
  ["the old", [NEW], /Nothing was changed, because it does not take the previous one/],
])("changes nothing while the receiver does not know %s one", async (_, known, message) => {
  receiver = await openReceiver(...known);
  await register();
  const { code, stderr } = await rotate();
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(await secrets()).toEqual([`by hand: ${OLD}`]);
});

it("goes on where it was ended, and has nothing to do when repeated, also once the old secret is dropped", async () => {
  receiver = await openReceiver(NEW, OLD);
  await register({ name: "changed already", secret: NEW });
  const due = await register();
  expect(steps(await rotate({}, "--json"))).toMatchObject([
    { step: "receiver-takes" },
    { step: "receiver-takes" },
    { step: "changed", id: due },
    { step: "verified", webhooks: 2, already: 1 },
    { step: "next" },
  ]);
  await receiver.close();
  receiver = await openReceiver(NEW);
  for (const { id, name } of (await api.get("/webhooks")).body.items)
    await api.put(`/webhooks/${id}`, { name, targetUrl: receiver.targetUrl });
  const { code, stdout } = await rotate();
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^the receiver takes .* current secret\nall webhooks .*: 2, 2 of them did already\nnext: /,
    ),
  ]);
});

it("says how to begin when there is no secret to replace", async () => {
  receiver = await openReceiver(NEW);
  const { code, stderr } = await rotate({ WEBEX_WEBHOOK_SECRET_PREVIOUS: "" });
  expect(code).toBe(2);
  expect(stderr).toMatch(/WEBEX_WEBHOOK_SECRET_PREVIOUS is missing .*rotate-secret --make/);
});

it("makes a secret up when asked to, a different one each time", async () => {
  receiver = await openReceiver(NEW);
  const [first, second] = [await rotate({}, "--make"), await rotate({}, "--make", "--json")];
  expect(first.stdout).toMatch(/^[\da-f]{64}\n\n1\. give WEBEX_WEBHOOK_SECRET_PREVIOUS the value/);
  const { secret } = JSON.parse(second.stdout) as { secret: string }; // as documented
  expect(secret).toMatch(/^[\da-f]{64}$/);
  expect(first.stdout).not.toContain(secret);
});
