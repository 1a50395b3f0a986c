import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineBot } from "../../src/core/contract/bot";
import type { Delivery } from "../../src/core/contract/platform";
import { openEmbedded } from "../../src/inbox/embedded";
import { createSpika, type Spika } from "../../src/platforms/spika";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { holdTime, releaseTime } from "../held-time";
import { type DeliveryCatcher, openCatcher } from "../platforms/delivery-catcher";
import { type Served, serve } from "./serve";

// As running servers of the older line have sent twelve messages that were written at once.
const ARRIVAL = [24, 20, 23, 19, 21, 26, 25, 22, 27, 30, 29, 28].map((id) => id - 19);

let playground: ListeningPlayground;
let catcher: DeliveryCatcher;
let served: Served;
let closing: Promise<void> | undefined;
let folder: string;
let heard: string[];
let allHeard: () => void;
/** Called when a delivery is on its way into the inbox. */
let parsed: () => void;

beforeEach(async () => {
  heard = [];
  closing = undefined;
  parsed = () => undefined;
  const bot = defineBot((b) => {
    b.hears(/^message/, (ctx) => {
      heard.push(ctx.message.text);
      if (heard.length === ARRIVAL.length) allHeard();
    });
  });
  folder = await mkdtemp(join(tmpdir(), "bellhop-spika-"));
  playground = await listenPlayground();
  catcher = await openCatcher();
  const { spika, url } = playground;
  const { signature, privateSignature } = spika.connect(catcher.url);
  const options = { baseUrl: url + spika.path, apiKey: spika.apiKey };
  const room = createSpika({ ...options, signatures: [signature, privateSignature] });
  const parse: Spika["parse"] = (delivery) => {
    const notice = room.parse(delivery);
    setImmediate(parsed);
    return notice;
  };
  served = await serve(() => [{ ...room, parse }], { bots: { test: bot }, inbox: folder });
});
afterEach(async () => {
  releaseTime();
  await close();
  await playground.close();
  await catcher.close();
  await rm(folder, { recursive: true, force: true });
});

/** Stops the program, once. */
function close(): Promise<void> {
  closing ??= served.close();
  return closing;
}

/** Sends on what the playground's Spika has sent. */
async function pass({ headers, body }: Delivery): Promise<number> {
  const { status } = await fetch(`${served.server.url}/webhooks/spika`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "verification-signature": headers["verification-signature"]?.[0] ?? "",
    },
    body: new Uint8Array(body),
  });
  return status;
}

it("handles messages that were written at once in the order in which they were written", async () => {
  const { spika } = playground;
  const done = new Promise<void>((resolve) => {
    allHeard = resolve;
  });
  const texts = ARRIVAL.map((_, index) => `message ${index}`);
  for (const text of texts) spika.says("Ada", text);
  const deliveries = new Map<string, Delivery>();
  while (deliveries.size < texts.length) {
    const delivery = await catcher.next();
    deliveries.set(JSON.parse(delivery.body.toString()).message.body.text, delivery);
  }

  // However slowly they arrive, the time for which each is held begins when all are there.
  const time = holdTime();
  let arrived = 0;
  const allArrived = new Promise<void>((resolve) => {
    parsed = () => {
      if (++arrived === texts.length) resolve();
    };
  });
  const answers: Promise<number>[] = [];
  for (const index of ARRIVAL) {
    const delivery = deliveries.get(`message ${index}`);
    if (delivery !== undefined) answers.push(pass(delivery));
    // Each is on its way before the next one.
    await new Promise(setImmediate);
  }
  await allArrived;
  const passing = setInterval(() => time.pass(5), 5);
  await done;
  clearInterval(passing);
  expect(heard).toEqual(texts);
  expect(await Promise.all(answers)).toEqual(texts.map(() => 200));
});

it("stores what is held when the program stops, and answers that it did", async () => {
  playground.spika.says("Ada", "message");
  const delivery = await catcher.next();
  const held = new Promise<void>((resolve) => {
    parsed = resolve;
  });
  const answer = pass(delivery);
  await held;
  await close();
  expect(await answer).toBe(200);
  const inbox = await openEmbedded({ dataDir: folder });
  const { waiting, remembered } = await inbox.counts();
  await inbox.close();
  expect(waiting + remembered).toBe(1);
});
