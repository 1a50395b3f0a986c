import type { Logger } from "../../../../src/core/contract/logger";
import type { Clock } from "../../../../src/platforms/api/clock";
import { createWebex, type Webex, type WebexOptions } from "../../../../src/platforms/webex";
import { createOwnership } from "../../../../src/platforms/webex/webhooks/ownership";
import { type ListeningPlayground, listenPlayground } from "../../../../src/playground/listen";
import { ApiClient } from "../../../playground/api-client";
import { failUntilSwitchedOff, writeAndDeliver } from "../../../playground/switch-off";
import { createFastClock } from "../../api/fast-clock";
import { createSteppedClock, type SteppedClock } from "../../api/stepped-clock";
import { openReceiver, type PingedReceiver } from "./pinged-receiver";

const SECRET = "the secret";

let playground: ListeningPlayground;
let api: ApiClient;
let receiver: PingedReceiver;
let clock: SteppedClock;
let lines: string[];
let gaps: number[];
let arriving: boolean[];
let stop: AbortController;
let ends: (() => Promise<unknown>)[];

beforeEach(async () => {
  clock = createSteppedClock();
  playground = await listenPlayground({ now: clock.now });
  api = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  receiver = await openReceiver(SECRET);
  lines = [];
  gaps = [];
  arriving = [];
  stop = new AbortController();
  ends = [() => playground.close(), () => receiver.close()];
});
afterEach(async () => {
  stop.abort();
  for (const end of ends) await end();
});

/** One process: a bot whose webhooks are looked after. */
function createBot(
  caretaking: Partial<WebexOptions["webhooks"]> = {},
  { secrets = [SECRET], time = clock }: { secrets?: string[]; time?: Clock } = {},
): { webex: Webex; arrange(): Promise<void>; watch(): Promise<void> } {
  const write = (sentence: string, fields?: object): void =>
    void lines.push(`${sentence} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: write, info: write, warn: write, error: write };
  const webex = createWebex({
    token: playground.webex.botToken,
    secrets,
    apiBaseUrl: playground.apiBaseUrl,
    clock: time,
    log,
    webhooks: { targetUrl: receiver.targetUrl, ...caretaking },
  });
  ends.unshift(() => webex.close());
  const arrival = {
    listensTo: new Set(["messages.created"]),
    metrics: receiver.metrics,
    accept: async () => "added" as const,
    missedSince: (since: number) => void gaps.push(since),
    arriving: (isSo: boolean) => void arriving.push(isSo),
  };
  return {
    webex,
    arrange: async () => webex.registerWebhooks?.(arrival, stop.signal),
    watch: async () => webex.monitorWebhooks?.(arrival, stop.signal),
  };
}

/** What Webex has now. */
async function existing(): Promise<readonly Record<string, string>[]> {
  return (await api.get("/webhooks")).body.items;
}

async function switchOff(): Promise<void> {
  receiver.isBroken = true;
  await failUntilSwitchedOff(playground);
  expect(await existing()).toMatchObject([{ status: "inactive" }]);
}

it("wakes what Webex has switched off once the receiver answers again, and says since when there is a gap", async () => {
  const { arrange, watch } = createBot();
  await arrange();
  const watching = watch();
  await clock.paused();
  await clock.step();
  const wellAt = clock.now();
  await switchOff();

  await clock.step();
  await clock.step();
  expect(await existing()).toMatchObject([{ status: "inactive" }]);
  const said = lines.filter((line) => line.startsWith("webhook left as it is"));
  expect(said).toEqual([expect.stringMatching(/switched it off, and the receiver answers 502/)]);
  expect(gaps).toEqual([]);

  receiver.isBroken = false;
  await clock.step();
  expect(await existing()).toMatchObject([{ status: "active" }]);
  expect(gaps).toEqual([wellAt - 5 * 60_000]);
  expect(await receiver.metrics.text()).toMatch(/bellhop_webhooks_total\{.*outcome="reactivated"\} 1/);
  await writeAndDeliver(playground);
  expect(await receiver.stored()).toBe(1);

  await clock.step();
  expect(gaps).toHaveLength(1);
  stop.abort();
  await watching;
});

it("hears of a gap also when somebody else has woken them, and though there is a webhook it leaves alone", async () => {
  const elsewhere = await openReceiver(SECRET);
  ends.push(() => elsewhere.close());
  const rooms = { resource: "rooms", event: "created" };
  const name = createOwnership("default", [SECRET]).nameOf(rooms);
  await api.post("/webhooks", { name, targetUrl: elsewhere.targetUrl, secret: SECRET, ...rooms });
  const { arrange, watch } = createBot();
  await arrange();
  void watch();
  await clock.step();
  const wellAt = clock.now();
  const [, made] = await existing();
  receiver.isBroken = true;
  await failUntilSwitchedOff(playground);
  expect((await existing()).map(({ status }) => status)).toEqual(["active", "inactive"]);
  await clock.step();
  receiver.isBroken = false;
  await api.put(`/webhooks/${made?.id}`, { ...made, status: "active" });
  await clock.step();
  await clock.step();
  expect(gaps).toEqual([wellAt - 5 * 60_000]);
});

it("leaves the time before the start to those who look for it anyway", async () => {
  const { arrange } = createBot();
  await arrange();
  await switchOff();
  receiver.isBroken = false;
  await createBot().arrange();
  expect(await existing()).toMatchObject([{ status: "active" }]);
  expect(lines).toContainEqual(expect.stringMatching(/^webhooks that Webex had switched off deliver again/));
  expect(gaps).toEqual([]);
});

it("says that nothing arrives while they are off, and the whole time since the start when they never were on", async () => {
  await createBot().arrange();
  await switchOff();
  arriving = [];
  const startedAt = clock.now();
  const { arrange, watch } = createBot();
  await arrange();
  const watching = watch();
  await clock.paused();
  await clock.step();
  expect(new Set(arriving)).toEqual(new Set([false]));
  receiver.isBroken = false;
  await clock.step();
  expect(arriving.at(-1)).toBe(true);
  expect(gaps).toEqual([startedAt]);
  stop.abort();
  await watching;
});

it("mends what somebody changed, every five minutes more or less", async () => {
  const { arrange, watch } = createBot();
  await arrange();
  const [made] = await existing();
  void watch();
  await clock.step();
  await api.put(`/webhooks/${made?.id}`, { name: made?.name, targetUrl: "http://127.0.0.1:1/" });
  await clock.step();
  expect(await existing()).toMatchObject([{ id: made?.id, targetUrl: receiver.targetUrl }]);
  await api.delete(`/webhooks/${made?.id}`);
  await clock.step();
  expect(await existing()).toMatchObject([{ name: made?.name, targetUrl: receiver.targetUrl }]);
  // A first look soon after the start, and one soon after something was created.
  expect(clock.waits).toEqual([10_000, 300_000, 300_000, 10_000]);
});

it("changes nothing once all is well", async () => {
  const { arrange, watch } = createBot();
  await arrange();
  void watch();
  await clock.step();
  await clock.step();
  const calls = playground.timeline
    .since(0)
    .flatMap((entry) => (entry.name === "call" && entry.data.method !== "GET" ? [entry.data.path] : []));
  expect(calls).toEqual(["/webhooks"]);
});

it("two processes that both created a webhook keep the same one", async () => {
  const other = createSteppedClock();
  const bots = [createBot(), createBot({}, { time: other })];
  await Promise.all(bots.map(({ arrange }) => arrange()));
  await api.post("/webhooks", (await existing())[0] ?? {}); // as a race would leave it
  const ids = (await existing()).map(({ id }) => id);
  for (const { watch } of bots) void watch();
  await Promise.all([clock.step(), other.step()]);
  const kept = await existing();
  expect(kept).toHaveLength(1);
  expect(ids).toContain(kept[0]?.id);
});

it("two installations with one token do not move each other's webhooks", async () => {
  const elsewhere = await openReceiver(SECRET, "their own");
  ends.push(() => elsewhere.close());
  const bots = [
    createBot(),
    // The same secret: only that somebody answers there shows that it is another one.
    createBot({ targetUrl: elsewhere.targetUrl }),
    createBot({ targetUrl: "http://127.0.0.1:1/" }, { secrets: ["their own"] }),
  ];
  for (let round = 0; round < 2; round++) for (const { arrange } of bots) await arrange();
  expect((await existing()).map(({ targetUrl }) => targetUrl)).toEqual([
    receiver.targetUrl,
    elsewhere.targetUrl,
    "http://127.0.0.1:1/",
  ]);
});

it("gives a webhook the new secret once it has run for a while and the receiver answers to it", async () => {
  const secretNow = async (): Promise<unknown> => (await existing())[0]?.secret;
  await createBot({}, { secrets: ["the old one"] }).arrange();
  const { arrange, watch } = createBot({}, { secrets: [SECRET, "the old one"] });
  await arrange();
  expect(await secretNow()).toBe("the old one");
  void watch();
  await clock.step();
  expect(await secretNow()).toBe("the old one");
  receiver.isBroken = true;
  await clock.step();
  expect(await secretNow()).toBe("the old one");
  receiver.isBroken = false;
  await clock.step();
  expect(await secretNow()).toBe(SECRET);
});

it("in mode check says what it would do, once, and changes nothing", async () => {
  const { arrange, watch } = createBot({ mode: "check" });
  await arrange();
  void watch();
  await clock.step();
  expect(await existing()).toEqual([]);
  const said = lines.filter((line) => line.startsWith("webhook is not as it should be"));
  expect(said).toEqual([expect.stringMatching(/"would":"create".*"reason":"was missing"/)]);
  await createBot().arrange();
  await clock.step();
  expect(lines).toContainEqual(expect.stringMatching(/^all webhooks are as they should be/));
});

it("goes on when Webex cannot be asked, and says so once", async () => {
  const { arrange, watch } = createBot();
  await arrange();
  void watch();
  await clock.paused();
  await playground.close();
  for (let count = 0; count < 9; count++) await clock.step();
  expect(lines.filter((line) => line.startsWith("webhooks cannot be looked after now"))).toHaveLength(1);
  expect(await receiver.metrics.text()).toMatch(/bellhop_webhooks_total\{.*outcome="failed"\} [1-9]/);
  const hasty = createBot({ mode: "check" }, { time: createFastClock() });
  await hasty.arrange();
  expect(lines).toContainEqual(expect.stringMatching(/could not be checked; the start goes on/));
});

it("says when Webex has nobody to deliver to, and when it has again", async () => {
  receiver.isBroken = true;
  const { arrange, watch } = createBot();
  await arrange();
  void watch();
  await clock.paused();
  receiver.isBroken = false;
  await clock.step();
  await clock.step();
  expect(lines.filter((line) => line.startsWith("the receiver"))).toEqual([
    expect.stringMatching(/^the receiver cannot be reached where Webex delivers .*answers 502/),
    expect.stringMatching(/^the receiver can be reached again where Webex delivers/),
  ]);
});
