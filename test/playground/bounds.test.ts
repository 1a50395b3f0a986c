import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import express from "express";
import { limitBodies } from "../../src/playground/body-budget";
import { BoundedMap } from "../../src/playground/bounded-map";
import { fieldsOf } from "../../src/playground/read-fields";
import { Uploads } from "../../src/playground/spika/uploads";
import { useSetting } from "./setting";

const clock = { now: Date.now() };
const here = useSetting({ now: () => clock.now });

const files = (): string => `${here.playground.url}/spika/api/upload/files`;

async function sendPart(clientId: string, text = "part", offset: unknown = 0): Promise<Response> {
  return fetch(files(), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ clientId, offset, chunk: Buffer.from(text).toString("base64") }),
  });
}

/** Asks to send so many bytes, and sends none. @returns the status that answers it */
function announce(bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(files(), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Length": bytes },
      agent: false,
    });
    sent.on("response", (response) => {
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.on("error", reject).flushHeaders();
  });
}

describe("unfinished uploads to Spika", () => {
  it("may be twenty at the same time, and are dropped when no part has come for five minutes", async () => {
    for (let n = 0; n < 20; n++) expect((await sendPart(`upload ${n}`)).status).toBe(200);
    const refused = await sendPart("one more");
    expect(refused.status).toBe(429);
    expect(fieldsOf(await refused.json()).message).toContain("Too many unfinished uploads");
    expect((await sendPart("upload 3", "next", 1)).status).toBe(200);
    clock.now += 5 * 60_000;
    expect((await sendPart("one more")).status).toBe(200);
  });

  it("are refused before they are read when there is no room for them", async () => {
    expect(await announce(180 * 1024 * 1024)).toBe(429);
  });

  it.each([-1, 0.5, 20_000, "0", null])("have no part with the index %s", async (offset) => {
    expect((await sendPart("upload", "part", offset)).status).toBe(400);
  });
});

describe("the parts of files", () => {
  const later: { readonly ms: number; readonly work: () => void }[] = [];
  let now: number;
  let uploads: Uploads;

  beforeEach(() => {
    now = 0;
    later.length = 0;
    uploads = new Uploads(
      () => now,
      { after: (ms, work) => later.push({ ms, work }) },
      { most: 3, mostBytesEach: 10, mostBytes: 20, idleMs: 1_000 },
    );
  });

  it("are joined in order, with the newest of each index", () => {
    uploads.add("a", 1, Buffer.from("cd"));
    uploads.add("a", 0, Buffer.from("xx"));
    expect(uploads.add("a", 0, Buffer.from("ab"))).toEqual([1, 0]);
    expect(uploads.join("a", 2)?.toString()).toBe("abcd");
    expect(uploads.join("a", 3)).toBeUndefined();
  });

  it("have a limit for each file and for all together", () => {
    uploads.add("a", 0, Buffer.alloc(10));
    expect(() => uploads.add("a", 1, Buffer.alloc(1))).toThrow("too large");
    uploads.add("b", 0, Buffer.alloc(8));
    expect(() => uploads.add("c", 0, Buffer.alloc(3))).toThrow("Too many unfinished uploads");
    uploads.add("b", 0, Buffer.alloc(7));
    uploads.add("c", 0, Buffer.alloc(3));
    uploads.delete("a");
    uploads.add("d", 0, Buffer.alloc(10));
  });

  it("are dropped without a further request", () => {
    uploads.add("a", 0, Buffer.alloc(10));
    now = 500;
    uploads.add("b", 0, Buffer.alloc(10));
    now = 1_000;
    later[0]?.work();
    expect([uploads.join("a", 1), uploads.join("b", 1)?.length]).toEqual([undefined, 10]);
    now = 2_000;
    later[1]?.work();
    uploads.requireRoomFor(20);
    expect(later).toHaveLength(2);
  });
});

describe("a bounded map", () => {
  const bounds = { most: 3, mostBytes: 10, bytesOf: (text: string) => text.length };

  it("drops the oldest values when there are too many, or they have too many bytes", () => {
    const map = new BoundedMap<number, string>(bounds);
    for (let n = 0; n < 5; n++) map.set(n, "x");
    expect([...map.keys()]).toEqual([2, 3, 4]);
    map.set(5, "x".repeat(9));
    expect([...map.keys()]).toEqual([4, 5]);
    map.set(6, "x".repeat(11));
    expect([...map.keys()]).toEqual([6]);
  });

  it("counts bytes of what is replaced, deleted and cleared no more", () => {
    const map = new BoundedMap<number, string>(bounds);
    map.set(1, "x".repeat(9)).set(1, "x").set(2, "x".repeat(9));
    expect(map.size).toBe(2);
    map.delete(2);
    map.set(3, "x".repeat(9));
    expect(map.size).toBe(2);
    map.clear();
    map.set(4, "x".repeat(5)).set(5, "x".repeat(5));
    expect(map.size).toBe(2);
  });
});

describe("bodies that are read at the same time", () => {
  const app = express().use(
    limitBodies(1_000),
    express.raw({ type: () => true, limit: 2_000 }),
    (req, res) => {
      res.send(String(Buffer.isBuffer(req.body) ? req.body.length : 0));
    },
  );
  const server = createServer(app);
  let url: string;
  beforeAll(async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function post(body: string): Promise<Response> {
    return fetch(url, { method: "POST", body });
  }

  it("have a limit together; a request over it is answered 429, and answered again when others have ended", async () => {
    const half = connect(Number(new URL(url).port), "127.0.0.1");
    half.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 800\r\n\r\nhalf");
    let refused = await post("x".repeat(300));
    for (; refused.status === 200; refused = await post("x".repeat(300))); // until the server has seen the other one
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await post("x".repeat(200))).status).toBe(200);
    half.destroy();
    let taken = await post("x".repeat(300));
    for (; taken.status === 429; taken = await post("x".repeat(300)));
    expect(await taken.text()).toBe("300");
  });

  it("count as they come when they do not say their length", async () => {
    const chunked = (size: number): Promise<Response> =>
      fetch(url, {
        method: "POST",
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(Buffer.alloc(size));
            controller.close();
          },
        }),
        duplex: "half",
      } as RequestInit);
    expect(await (await chunked(900)).text()).toBe("900");
    expect(await (await chunked(900)).text()).toBe("900");
    await expect(chunked(1_100)).rejects.toThrow();
    expect((await post("x".repeat(900))).status).toBe(200);
  });
});

it("a hundred event streams are served, and one more when another one ends", async () => {
  // Keeps each response: fetch closes the connection of a response that the garbage collector takes.
  const streams: { stop: AbortController; response: Response }[] = [];
  const open = async (): Promise<number> => {
    const stop = new AbortController();
    const response = await fetch(`${here.playground.url}/api/events`, { signal: stop.signal });
    streams.push({ stop, response });
    return response.status;
  };
  const statuses = await Promise.all(Array.from({ length: 100 }, open));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await open()).toBe(503);
  streams[0]?.stop.abort();
  let status = await open();
  for (; status === 503; status = await open());
  expect(status).toBe(200);
  for (const { stop } of streams) stop.abort();
});
