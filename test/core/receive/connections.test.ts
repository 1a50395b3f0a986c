import { InboxError } from "../../../src/core/contract/errors";
import { type Logger, silentLogger } from "../../../src/core/contract/logger";
import { createNotice } from "../../../src/core/contract/notice";
import type { ConnectionContext, Platform, ReceiveContext } from "../../../src/core/contract/platform";
import { createConnections } from "../../../src/core/receive/connections";
import { InMemoryPlatform } from "../in-memory-platform";

const notice = createNotice(
  { name: "memory", account: "default" },
  { name: "messages.created", key: "1", conversation: "room", data: {} },
);

let counted: string[];
let logged: string[];
let closing: AbortController;

function open(
  listen?: NonNullable<Platform["listen"]>,
  accept: ReceiveContext["accept"] = async () => "added",
) {
  const platform: Platform = Object.assign(new InMemoryPlatform(), listen && { listen });
  const log: Logger = { ...silentLogger, error: (sentence) => void logged.push(sentence) };
  const connections = createConnections({
    log,
    metrics: {
      delivery: (_, outcome) => void counted.push(outcome),
      connected: (_name, account, isConnected) => void counted.push(`${account} ${isConnected}`),
    },
  });
  const arrival: ReceiveContext = { listensTo: new Set(["*"]), accept, missedSince: () => undefined };
  return { platform, connections, opened: connections.open(platform, arrival, closing.signal) };
}

/** A connection that its maker holds. */
function held() {
  const given: { intake?: ConnectionContext; fail?: (error: Error) => void } = {};
  const listen = (intake: ConnectionContext, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      given.intake = intake;
      given.fail = reject;
      signal.addEventListener("abort", () => resolve());
    });
  return { given, listen };
}

beforeEach(() => {
  counted = [];
  logged = [];
  closing = new AbortController();
});

it("waits for nothing where only deliveries come from", async () => {
  const { platform, connections, opened } = open();
  await opened;
  expect([connections.isOpen(platform), connections.areOpen()]).toEqual([true, true]);
  expect(counted).toEqual([]);
});

it("is open when the platform says that it is connected, and not while it says that it is not", async () => {
  const { given, listen } = held();
  const { platform, connections, opened } = open(listen);
  expect(connections.areOpen()).toBe(false);
  given.intake?.connected(true);
  await opened;
  expect([connections.isOpen(platform), connections.areOpen()]).toEqual([true, true]);
  given.intake?.connected(false);
  expect([connections.isOpen(platform), connections.areOpen()]).toEqual([false, false]);
  expect(counted).toEqual(["default false", "default true", "default false"]);
});

it("counts what arrives like deliveries, and lets the platform see what could not be kept", async () => {
  const { given, listen } = held();
  const outcomes = ["added", "duplicate"] as const;
  let times = 0;
  open(listen, async () => {
    const outcome = outcomes[times++];
    if (outcome === undefined) throw new InboxError("inbox-failed", "the disk is full");
    return outcome;
  });
  await expect(given.intake?.accept(notice)).resolves.toBe("added");
  await expect(given.intake?.accept(notice)).resolves.toBe("duplicate");
  await expect(given.intake?.accept(notice)).rejects.toThrow("the disk is full");
  expect(counted.slice(1)).toEqual(["accepted", "duplicate", "failed"]);
});

it("fails with what refused the first connection", async () => {
  const { connections, opened } = open(() => Promise.reject(new Error("no right")));
  await expect(opened).rejects.toThrow("no right");
  expect(connections.areOpen()).toBe(false);
});

it("says so when a connection that was there is gone for good", async () => {
  const { given, listen } = held();
  const { connections, opened } = open(listen);
  given.intake?.connected(true);
  await opened;
  given.fail?.(new Error("replaced"));
  await connections.ended();
  expect(logged).toEqual([expect.stringMatching(/do not arrive any more/)]);
  expect(connections.areOpen()).toBe(false);
});

it("ends without an error when it is closed before it ever was connected", async () => {
  const { listen } = held();
  const { connections, opened } = open(listen);
  closing.abort();
  await opened;
  await connections.ended();
  expect(logged).toEqual([]);
});
