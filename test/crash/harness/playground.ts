import { AsyncLocalStorage } from "node:async_hooks";
import { createServer } from "node:http";
import express, { type RequestHandler } from "express";
import { createPlayground, type Playground } from "../../../src/playground";
import { type CallOrigin, ORIGIN_HEADER, readOrigin } from "./calls";
import type { Condition } from "./conditions";
import type { Ledger } from "./ledger";
import { createRandom, type Random } from "./random";

/** A playground that knows what each call was made for, and whose answers go wrong under some conditions. */
export interface CrashPlayground extends Playground {
  readonly apiBaseUrl: string;
  /** The call that the playground is executing: to be asked in a listener of its timeline. */
  currentCall(): CurrentCall | undefined;
}

export interface CurrentCall {
  readonly origin: CallOrigin | undefined;
  /** What the program gets in place of the answer, as it is known so far. */
  instead?: string;
}

export interface CrashPlaygroundOptions {
  readonly ledger: Ledger;
  readonly seed: number;
  readonly conditions: readonly Condition[];
  /** Milliseconds by which the platform's clock is ahead. */
  readonly aheadMs: number;
}

/** Of all POSTs, so many meet one of the faults. Low enough that a question is answered within its attempts. */
const POST_FAULTS = 0.15;
const LOOK_UP_FAULTS = 0.3;

export async function openCrashPlayground(options: CrashPlaygroundOptions): Promise<CrashPlayground> {
  const { ledger, seed, conditions, aheadMs } = options;
  const calls = new AsyncLocalStorage<CurrentCall>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the playground has no port");
  const url = `http://127.0.0.1:${address.port}/playground`;
  const playground = createPlayground({ publicUrl: url, now: () => Date.now() + aheadMs });
  const lookUps = conditions.includes("look-up-faults");
  const random = createRandom(seed);
  const app = express().disable("x-powered-by");
  if (lookUps) app.use(createLookUpFaults(random, ledger));
  app.use("/playground", playground.app);

  server.on("request", (request, response) => {
    const origin = readOrigin(request.headers[ORIGIN_HEADER]);
    calls.run({ origin }, () => {
      app(request, response);
    });
  });
  playground.timeline.listen((entry) => {
    if (entry.name !== "fault") return;
    const call = calls.getStore();
    if (call?.origin === undefined) return;
    call.instead = entry.data.what;
  });
  if (lookUps || conditions.includes("post-faults")) addPostFaults(playground, random);

  return {
    ...playground,
    apiBaseUrl: `${url}${playground.webex.apiPath}`,
    currentCall: () => calls.getStore(),
    async close() {
      await playground.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** One fault of each kind. A call meets one at most. */
function addPostFaults({ faults }: Playground, random: Random): void {
  const kinds = [
    { kind: "status", status: 500 },
    { kind: "status", status: 502 },
    { kind: "html", when: "before" },
    { kind: "html", when: "after" },
    { kind: "reset", when: "before" },
    { kind: "reset", when: "after" },
    { kind: "cut" },
  ] as const;
  for (const what of kinds)
    faults.add({
      on: "call",
      do: what,
      match: { platform: "webex", method: "POST", path: "/messages", by: "bot" },
      probability: POST_FAULTS / kinds.length,
      seed: random.between(1, 1_000_000),
    });
}

/** What look-ups are answered with. Only calls that handlers make have an origin: events are fetched before. */
const LOOK_UP_ANSWERS = [400, 405, 501, "html", "none"] as const;

function createLookUpFaults(random: Random, ledger: Ledger): RequestHandler {
  let unanswered = 0;
  return (request, response, next) => {
    const origin = readOrigin(request.headers[ORIGIN_HEADER]);
    const isLookUp = request.method === "GET" && /\/messages(\/direct)?$/.test(request.path);
    if (origin === undefined || !isLookUp || random.next() >= LOOK_UP_FAULTS) {
      next();
      return;
    }
    const answer = random.pick(LOOK_UP_ANSWERS);
    if (answer === "none" && unanswered++ > 0) {
      next();
      return;
    }
    ledger.write({ is: "refused", with: `${answer}`, origin });
    if (answer === "html") response.type("text/html").send("<h1>Sign in</h1>");
    else if (answer !== "none") response.status(answer).json({ message: "no" });
  };
}
