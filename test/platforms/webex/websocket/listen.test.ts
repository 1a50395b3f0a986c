import fc from "fast-check";
import { InboxError } from "../../../../src/core/contract/errors";
import type { Logger } from "../../../../src/core/contract/logger";
import type { ConnectionContext } from "../../../../src/core/contract/platform";
import type { ConnectionTimings } from "../../../../src/platforms/webex/websocket/connection";
import { listen } from "../../../../src/platforms/webex/websocket/listen";
import { createFastClock, type FastClock } from "../../api/fast-clock";
import {
  type Line,
  type MercuryServer,
  messageUuid,
  openMercuryServer,
  posted,
  TOKEN,
} from "./mercury-server";

const PATIENT: ConnectionTimings = {
  openWithinMs: 10_000,
  pingEveryMs: 10_000,
  pongWithinMs: 10_000,
  closeWithinMs: 100,
};

let server: MercuryServer;
let closing: AbortController;
let clock: FastClock;
let kept: string[];
let gaps: number[];
let states: boolean[];
let logged: string[];
let listening: Promise<unknown>;

beforeEach(async () => {
  server = await openMercuryServer();
  closing = new AbortController();
  clock = createFastClock();
  kept = [];
  gaps = [];
  states = [];
  logged = [];
  listening = Promise.resolve();
});

afterEach(async () => {
  closing.abort();
  await listening;
  await server.close();
});

interface Options {
  readonly accept?: ConnectionContext["accept"];
  readonly timings?: Partial<ConnectionTimings>;
  readonly listensTo?: readonly string[];
}

/** Listens until the test is over; `listening` has what ended it. */
function start({ accept, timings, listensTo = ["*"] }: Options = {}): void {
  const write = (sentence: string, fields?: object): void =>
    void logged.push(`${sentence} ${JSON.stringify(fields)}`);
  const log: Logger = { debug: write, info: write, warn: write, error: write };
  const intake: ConnectionContext = {
    listensTo: new Set(listensTo),
    accept: accept ?? (async (notice) => keep(notice.key)),
    missedSince: (since) => void gaps.push(since),
    connected: (isConnected) => void states.push(isConnected),
  };
  listening = listen(
    {
      source: { name: "webex", account: "default" },
      token: TOKEN,
      catalogUrl: server.catalogUrl,
      deviceName: "bellhop default",
      log,
      clock,
      timings: { ...PATIENT, ...timings },
    },
    intake,
    closing.signal,
  ).catch((error: unknown) => error);
}

function keep(key: string): "added" | "duplicate" {
  if (kept.includes(key)) return "duplicate";
  kept.push(key);
  return "added";
}

function keyOf(number: number): string {
  const id = `ciscospark://urn:TEAM:us-west-2_r/MESSAGE/${messageUuid(number)}`;
  return `webex/default/messages|created|${Buffer.from(id).toString("base64url")}`;
}

/** Something that is let go from outside. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe("an event", () => {
  it("is acknowledged when it is kept, and not before", async () => {
    const disk = gate();
    const asked = gate();
    start({
      accept: async ({ key }) => {
        asked.open();
        await disk.opened;
        return keep(key);
      },
    });
    const line = await server.line(1);
    const event = line.tell(posted(1));
    await asked.opened;
    // What comes after it is answered; it is not.
    const other = line.tell(posted(1, { verb: "acknowledge" }));
    await line.acknowledged(other);
    expect(line.acknowledgements).not.toContain(event);
    disk.open();
    await line.acknowledged(event);
    expect(kept).toEqual([keyOf(1)]);
  });

  it("is taken in the order sent", async () => {
    start();
    const line = await server.line(1);
    const frames = [3, 1, 2].map((number) => line.tell(posted(number)));
    for (const frame of frames) await line.acknowledged(frame);
    expect(kept).toEqual([keyOf(3), keyOf(1), keyOf(2)]);
  });

  it("is kept once however often it is sent, and acknowledged each time", async () => {
    start();
    const line = await server.line(1);
    const frames = [line.tell(posted(1)), line.tell(posted(1))];
    for (const frame of frames) await line.acknowledged(frame);
    expect(kept).toEqual([keyOf(1)]);
  });

  it("comes as bytes as well as text", async () => {
    start();
    const line = await server.line(1);
    const frame = { id: "f-1", data: { eventType: "conversation.activity", activity: posted(1) } };
    line.socket.send(Buffer.from(JSON.stringify(frame)), { binary: true });
    await line.acknowledged("f-1");
    expect(kept).toEqual([keyOf(1)]);
  });

  it.each([
    [["messages"], 1],
    [["messages.created", "messages.updated"], 2],
    [["*"], 1],
    [["messages.created"], 1],
    [["messages.updated", "rooms.updated"], 1],
    [["memberships"], 0],
  ])("is acknowledged and not kept where nobody listens: of two, with %j, %d stay", async (names, stay) => {
    start({ listensTo: names });
    const line = await server.line(1);
    line.tell(posted(1));
    const last = line.tell(posted(2, { parent: { type: "edit", id: messageUuid(1) } }));
    await line.acknowledged(last);
    expect(kept).toHaveLength(stay);
  });

  it("that is not understood is acknowledged, so that it does not come for ever", async () => {
    start();
    const line = await server.line(1);
    await line.acknowledged(line.tell(posted(1, { id: "no uuid" })));
    expect(logged.join()).toMatch(/an activity was not understood.*has no id of its activity/);
    expect(kept).toEqual([]);
  });

  it("that cannot be kept is not acknowledged; it comes again after a wait, and is looked for", async () => {
    server.manners.keepsUnacknowledged = true;
    let isFull = true;
    start({
      accept: async ({ key }) => {
        if (isFull) throw new InboxError("inbox-failed", "the disk is full");
        return keep(key);
      },
    });
    const first = await server.line(1);
    const failedAt = clock.now();
    const event = first.tell(posted(1));
    expect(await first.closed).toEqual({ code: 1000, reason: "not stored" });
    expect(first.acknowledgements).not.toContain(event);
    isFull = false;
    const second = await server.line(2);
    await second.acknowledged(event);
    expect(kept).toEqual([keyOf(1)]);
    expect(clock.waits).toEqual([1_000]);
    expect(gaps).toEqual([failedAt]);
    expect(logged.join()).toMatch(/could not be stored.*the disk is full/);
  });

  it("of a host that nobody knows is of the cluster of its room's id", async () => {
    start();
    const line = await server.line(1);
    const globalId = Buffer.from("ciscospark://urn:TEAM:eu-central-1_k/ROOM/x").toString("base64url");
    const target = {
      ...posted(1),
      ...{ target: { id: messageUuid(5), url: "https://x.example/", globalId } },
    };
    await line.acknowledged(line.tell(target));
    const id = `ciscospark://urn:TEAM:eu-central-1_k/MESSAGE/${messageUuid(1)}`;
    expect(kept).toEqual([`webex/default/messages|created|${Buffer.from(id).toString("base64url")}`]);
  });
});

describe("a connection", () => {
  it("asks for text, says who it is, and is known to be there", async () => {
    start();
    const line = await server.line(1);
    expect(line.url).toBe(
      "/mercury/1?extra=1&outboundWireFormat=text&bufferStates=true&aliasHttpStatus=true",
    );
    expect(line.frames[0]).toMatchObject({ type: "authorization", data: { token: `Bearer ${TOKEN}` } });
    await line.heard(({ type }) => type === "ping");
    expect(states).toEqual([true]);
    expect(gaps).toEqual([]);
  });

  it.each([
    ["no pong", { pong: "none" }, "pong not received", { pongWithinMs: 20 }],
    ["the pong of another ping", { pong: "wrong" }, "pong mismatch", {}],
  ] as const)(
    "that gets %s is given up, and there is another one at once",
    async (_, manners, reason, timings) => {
      Object.assign(server.manners, manners);
      start({ timings });
      const first = await server.line(1);
      expect(await first.closed).toEqual({ code: 1000, reason });
      server.manners.pong = "right";
      await (await server.line(2)).heard(({ type }) => type === "ping");
      expect(clock.waits).toEqual([]);
      expect(states.slice(0, 2)).toEqual([true, false]);
      expect(gaps).toHaveLength(1);
    },
  );

  it("that nobody says good-bye to is cut", async () => {
    server.manners.pong = "none";
    start({ timings: { pongWithinMs: 20 } });
    const first = await server.line(1);
    // It reads nothing any more, the leave-taking neither.
    first.socket.pause();
    await server.line(2);
    expect(clock.waits).toEqual([]);
  });

  it("that pings is still there after many of them", async () => {
    start({ timings: { pingEveryMs: 1 } });
    const line = await server.line(1);
    const pings = () => line.frames.filter(({ type }) => type === "ping").length;
    await line.heard(() => pings() >= 20);
    expect(server.lines).toHaveLength(1);
  });

  it("that is not told whether it may is given up after a wait, and all is asked for anew", async () => {
    server.manners.isSilent = true;
    start({ timings: { openWithinMs: 100 } });
    while (clock.waits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    server.manners.isSilent = false;
    await server.line(1);
    expect(clock.waits[0]).toBe(1_000);
    expect(server.calls.filter((call) => call.endsWith("/catalog")).length).toBeGreaterThan(1);
  });

  it.each([1001, 1011, 4401, 4999])("that ends with %d is opened again after a wait", async (code) => {
    start();
    const line = await server.line(1);
    await line.heard(({ type }) => type === "ping");
    line.socket.close(code, "so it is");
    await server.line(2);
    expect(clock.waits).toEqual([1_000]);
    expect(logged.join()).toContain("so it is");
  });

  it("waits longer each time, up to half a minute", async () => {
    start();
    for (let number = 1; number <= 8; number++) (await server.line(number)).socket.terminate();
    await server.line(9);
    expect(clock.waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000, 32_000]);
  });

  it.each([1003, 4000, 4400, 4403])("that ends with %d is not opened again", async (code) => {
    start();
    const line = await server.line(1);
    line.socket.close(code, "no more");
    expect(await listening).toMatchObject({ code: "connection-refused", closeCode: code });
    expect(states).toEqual([true, false]);
    expect(server.lines).toHaveLength(1);
  });

  it("that is refused as unknown has its device registered anew", async () => {
    server.answers["GET /wdm/api/v1/devices"] = {
      devices: [{ url: `${server.devicesUrl}/9`, name: "bellhop default", webSocketUrl: "ws://127.0.0.1/9" }],
    };
    server.answers["PUT /wdm/api/v1/devices/9"] = {
      ...{ url: `${server.devicesUrl}/9`, name: "bellhop default" },
      webSocketUrl: `${server.url.replace("http", "ws")}/mercury/9`,
    };
    server.manners.handshakes = [404];
    start();
    const line = await server.line(1);
    expect(line.url).toMatch(/^\/mercury\/1\?/);
    expect(server.calls.at(-1)).toBe("POST /wdm/api/v1/devices");
  });

  it("is tried until Webex answers", async () => {
    server.manners.handshakes = [503, 500, 403];
    start();
    await server.line(1);
    expect(clock.waits).toEqual([1_000, 2_000, 4_000]);
  });

  it("is not tried again when the token is refused at the start, but later it is", async () => {
    let status = 401;
    const catalog = server.answers["GET /u2c/api/v1/catalog"] ?? {};
    server.answers["GET /u2c/api/v1/catalog"] = () =>
      status === 200 ? { status, body: catalog } : { status };
    start();
    expect(await listening).toMatchObject({ code: "api-refused", status: 401 });

    status = 200;
    start();
    const line = await server.line(1);
    status = 401;
    server.manners.handshakes = [500];
    line.socket.terminate();
    while (clock.waits.length < 4) await new Promise((resolve) => setImmediate(resolve));
    status = 200;
    await server.line(2);
  });

  it("stays through frames that make no sense", async () => {
    start();
    const line = await server.line(1);
    line.socket.send("{");
    line.socket.send("[]");
    line.socket.send(Buffer.from([0xff]), { binary: true });
    line.send({ id: "f-2", data: null });
    await line.acknowledged("f-2");
    expect(server.lines).toHaveLength(1);
    expect(logged.filter((text) => text.includes("not understood"))).toHaveLength(3);
  });

  it("ends with a frame that is too long, and with one that is cut; what came before is kept", async () => {
    start();
    const first = await server.line(1);
    await first.acknowledged(first.tell(posted(1)));
    first.socket.send("x".repeat(11 * 1_048_576));
    const second = await server.line(2);
    await second.acknowledged(second.tell(posted(2)));
    // A frame of 100 bytes, of which 2 arrive.
    const { _socket: wire } = second.socket as unknown as { _socket: import("node:net").Socket }; // ws keeps it there
    wire.write(Buffer.from([0x81, 100, 0x7b, 0x22]), () => wire.destroy());
    await server.line(3);
    expect(kept).toEqual([keyOf(1), keyOf(2)]);
  });

  it("says what may have been missed when frames were left out", async () => {
    start();
    const line = await server.line(1);
    line.tell(posted(1), "a", { sequenceNumber: 4 });
    line.tell(posted(2), "b", { sequenceNumber: 5 });
    await line.acknowledged("b");
    expect(gaps).toEqual([]);
    line.tell(posted(3), "c", { sequenceNumber: 8 });
    await line.acknowledged("c");
    expect(gaps).toEqual([clock.now()]);
  });

  it("that is closed takes leave when what was under way is kept and acknowledged", async () => {
    const disk = gate();
    const asked = gate();
    start({
      accept: async ({ key }) => {
        asked.open();
        await disk.opened;
        return keep(key);
      },
    });
    const line = await server.line(1);
    const event = line.tell(posted(1));
    await asked.opened;
    closing.abort();
    disk.open();
    expect(await line.closed).toEqual({ code: 1000, reason: "done" });
    expect(line.acknowledgements).toContain(event);
    expect(await listening).toBeUndefined();
    expect(states.at(-1)).toBe(false);
  });

  it("that is closed while there is none ends at once", async () => {
    server.manners.handshakes = Array.from({ length: 1_000 }, () => 503);
    start();
    while (clock.waits.length < 2) await new Promise((resolve) => setImmediate(resolve));
    closing.abort();
    expect(await listening).toBeUndefined();
  });

  it("tells no token to the log", async () => {
    server.manners.handshakes = [500];
    start();
    const line = await server.line(1);
    line.socket.terminate();
    await server.line(2);
    expect(logged.length).toBeGreaterThan(2);
    expect(logged.join()).not.toContain(TOKEN);
  });
});

/** What happens to whoever listens. */
type Step =
  | { readonly kind: "event"; readonly number: number }
  | { readonly kind: "disk"; readonly isFull: boolean }
  | { readonly kind: "break" }
  | { readonly kind: "close"; readonly code: number }
  | { readonly kind: "noise" };

const anEvent = fc.nat(9).map((number): Step => ({ kind: "event", number }));
const anyStep = fc.oneof(
  { weight: 5, arbitrary: anEvent },
  fc.boolean().map((isFull): Step => ({ kind: "disk", isFull })),
  fc.constant<Step>({ kind: "break" }),
  fc.constantFrom(1000, 1001, 1011, 4401).map((code): Step => ({ kind: "close", code })),
  fc.constant<Step>({ kind: "noise" }),
);
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

it("acknowledges nothing that is not kept, and keeps all that was told, whatever happens in between", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 30 }), async (steps) => {
      // Each run has a Webex and an inbox of its own.
      closing.abort();
      await listening;
      await server.close();
      server = await openMercuryServer();
      closing = new AbortController();
      clock = createFastClock();
      kept = [];
      server.manners.keepsUnacknowledged = true;
      let isFull = false;
      start({
        accept: async ({ key }) => {
          await aTurn();
          if (isFull) throw new InboxError("inbox-failed", "the disk is full");
          return keep(key);
        },
      });

      const told = new Map<string, string>();
      const acknowledgedButNotKept = (): string[] =>
        server.lines
          .flatMap((line) => line.acknowledgements)
          .filter((frame) => told.has(frame) && !kept.includes(told.get(frame) ?? ""));
      const openLine = async (): Promise<Line> => {
        const last = server.lines.at(-1);
        const isOpen = last !== undefined && last.socket.readyState === last.socket.OPEN;
        return isOpen ? last : server.line(server.lines.length + 1);
      };

      for (const step of steps) {
        const line = await openLine();
        switch (step.kind) {
          case "event":
            told.set(line.tell(posted(step.number)), keyOf(step.number));
            break;
          case "disk":
            isFull = step.isFull;
            break;
          case "break":
            line.socket.terminate();
            break;
          case "close":
            line.socket.close(step.code);
            break;
          case "noise":
            line.socket.send("{");
            break;
          default:
            step satisfies never;
        }
        await aTurn();
        expect(acknowledgedButNotKept()).toEqual([]);
      }
      isFull = false;
      while ([...told.values()].some((key) => !kept.includes(key))) await aTurn();
      expect(acknowledgedButNotKept()).toEqual([]);
      expect(new Set(kept)).toEqual(new Set(told.values()));
    }),
    { numRuns: 30 },
  );
});
