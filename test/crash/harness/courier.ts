import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Ledger } from "./ledger";
import type { Random } from "./random";

/**
 * Stands between the playground and the programs, at their public address: takes each delivery and sends it until a
 * program answers 2xx, so that a program may be away. Sent once, a room's deliveries go one after the other; sent
 * several times they go as they like.
 */
export interface Courier {
  /** Address without a slash at the end. */
  readonly url: string;
  /** Where the programs listen; each is tried before a delivery counts as refused. */
  programs: readonly Receiving[];
  /** Deliveries on their way. */
  underWay(): number;
  /** How often no program took a delivery. */
  refusals(): number;
  close(): Promise<void>;
}

/** A program that gets deliveries. */
export interface Receiving {
  readonly url: string;
  readonly pid: number;
}

export interface CourierOptions {
  readonly ledger: Ledger;
  readonly random: Random;
  /** Each delivery is sent 1 to so many times, at once and up to `lateMs` later. @default 1 */
  readonly copies?: number | undefined;
}

const AGAIN_MS = 20;
const LATE_MS = 3_000;
/** A program that was killed answers nothing; one that hangs would be noticed as a delivery that never ends. */
const ANSWER_MS = 10_000;

interface Delivery {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What the delivery is about. */
  readonly id: string;
  readonly room: string;
}

export async function openCourier({ ledger, random, copies = 1 }: CourierOptions): Promise<Courier> {
  const rooms = new Map<string, Promise<void>>();
  let underWay = 0;
  let posts = 0;
  let refusals = 0;
  let isClosed = false;

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const delivery = toDelivery(incoming.url ?? "", incoming.headers, Buffer.concat(chunks));
      if (delivery !== undefined) take(delivery);
      // A program pings its own address; what is answered before any program has it cannot answer that.
      response.writeHead(delivery === undefined ? 404 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the courier has no port");

  const courier: Courier = {
    url: `http://127.0.0.1:${address.port}`,
    programs: [],
    underWay: () => underWay,
    refusals: () => refusals,
    async close() {
      isClosed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return courier;

  function take(delivery: Delivery): void {
    if (copies === 1) {
      const before = rooms.get(delivery.room) ?? Promise.resolve();
      rooms.set(delivery.room, bring(delivery, before));
      return;
    }
    const count = random.between(1, copies);
    for (let copy = 1; copy <= count; copy++) {
      const lateMs = random.next() < 0.5 ? 0 : random.between(0, LATE_MS);
      void bring(delivery, wait(lateMs));
    }
  }

  async function bring(delivery: Delivery, before: Promise<void>): Promise<void> {
    underWay++;
    await before;
    while (!isClosed && !(await offer(delivery))) {
      refusals++;
      await wait(AGAIN_MS);
    }
    underWay--;
  }

  /** To one program after the other, also to those that join meanwhile. */
  async function offer(delivery: Delivery): Promise<boolean> {
    const asked = new Set<Receiving>();
    for (;;) {
      const program = courier.programs.find((one) => !asked.has(one));
      if (program === undefined) return false;
      asked.add(program);
      const mine = ++posts;
      ledger.write({ is: "sent", id: delivery.id, pid: program.pid, post: mine });
      const status = await post(program.url, delivery);
      ledger.write({ is: "answered", post: mine, status });
      if (isAccepted(status)) return true;
    }
  }
}

export function isAccepted(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** @returns `undefined` for a ping, which tells of nothing */
function toDelivery(path: string, headers: IncomingHttpHeaders, body: Buffer): Delivery | undefined {
  // Asserted: the playground made it; a delivery that is otherwise would fail every check.
  const { data } = JSON.parse(body.toString()) as { data?: { id: string; roomId?: string } };
  if (data === undefined) return undefined;
  return { path, headers, body, id: data.id, room: data.roomId ?? data.id };
}

/** @returns the status; `null` when the connection broke before there was one */
function post(program: string, { path, headers, body }: Delivery): Promise<number | null> {
  return new Promise((resolve) => {
    const { host: _host, connection: _connection, ...asSent } = headers;
    const sent = request(program + path, { method: "POST", headers: asSent, agent: false }, (response) => {
      response.resume();
      // A status whose answer is cut off is no answer: whoever sends it would send it again.
      response.once("end", () => resolve(response.statusCode ?? null));
    });
    sent.setTimeout(ANSWER_MS, () => sent.destroy());
    sent.once("error", () => resolve(null));
    sent.once("close", () => resolve(null));
    sent.end(body);
  });
}
