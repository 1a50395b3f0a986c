import { WebSocket } from "ws";
import { useSetting } from "./setting";

const setting = useSetting();

interface Frame {
  readonly id: string;
  readonly type?: string;
  readonly data?: {
    readonly eventType: string;
    readonly activity?: {
      readonly id: string;
      readonly verb: string;
      readonly object: Record<string, never>;
      readonly target?: { readonly globalId: string; readonly tags: readonly string[] };
      readonly parent?: { readonly id: string; readonly type: string };
    };
  };
}

/** A client as simple as one can be: it says who it is and writes down what it hears. */
class Line {
  readonly frames: Frame[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  #wake: () => void = () => undefined;

  constructor(url: string) {
    this.socket = new WebSocket(`${url}?outboundWireFormat=text`);
    this.socket.on("message", (data) => {
      this.frames.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
    });
  }

  async open(): Promise<this> {
    await new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
    });
    return this;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first frame that fits, waiting for it when it has not come yet. */
  async heard(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  activity(verb: string): Promise<Frame> {
    return this.heard(({ data }) => data?.activity?.verb === verb);
  }
}

async function services(): Promise<Record<string, string>> {
  const { catalogUrl, botToken } = setting.playground.webex;
  const response = await fetch(catalogUrl, { headers: { authorization: `Bearer ${botToken}` } });
  return ((await response.json()) as { serviceLinks: Record<string, string> }).serviceLinks;
}

async function wdm(method: string, path: string, body?: object, token = setting.playground.webex.botToken) {
  const { wdm: base } = await services();
  const response = await fetch(path.startsWith("http") ? path : `${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" || !text.startsWith("{") ? {} : JSON.parse(text) };
}

async function register(name = "test"): Promise<{ url: string; webSocketUrl: string }> {
  return (await wdm("POST", "/devices", { name, deviceType: "DESKTOP" })).body;
}

async function listen(url?: string): Promise<Line> {
  const line = await new Line(url ?? (await register()).webSocketUrl).open();
  const token = `Bearer ${setting.playground.webex.botToken}`;
  line.send({ id: "1", type: "authorization", data: { token } });
  await line.heard(({ data }) => data?.eventType === "mercury.buffer_state");
  return line;
}

async function lastMembership(roomId: string): Promise<string> {
  return `/memberships/${(await setting.bot.get(`/memberships?roomId=${roomId}`)).body.items[0].id}`;
}

function uuidOf(id: string): string {
  return Buffer.from(id, "base64url").toString().split("/").at(-1) ?? "";
}

describe("the services around it", () => {
  it("are listed before anybody has signed in, and take reports on how a client fares", async () => {
    const { catalogUrl } = setting.playground.webex;
    const limited = await fetch(catalogUrl.replace("/catalog", "/limited/catalog"));
    expect(await limited.json()).toMatchObject({ serviceLinks: await services(), hostCatalog: {} });
    expect((await fetch(catalogUrl)).status).toBe(401);
    const { metrics } = await services();
    expect((await wdm("POST", `${metrics}/clientmetrics`, {})).status).toBe(204);
  });
});

/** The address that Cisco's JavaScript SDK makes of a service's address and a host of the catalog: it keeps the port. */
function withHost(serviceUrl: string, host: string): string {
  const url = new URL(serviceUrl);
  return `${url.protocol}//${host}${url.port === "" ? "" : `:${url.port}`}${url.pathname}`;
}

it("each host of the catalog stands for the address that the service has", async () => {
  const { catalogUrl, botToken } = setting.playground.webex;
  const response = await fetch(catalogUrl, { headers: { authorization: `Bearer ${botToken}` } });
  const { serviceLinks, hostCatalog } = (await response.json()) as {
    serviceLinks: Record<string, string>;
    hostCatalog: Record<string, { host: string; id: string; priority: number }[]>;
  };
  const entries = Object.values(hostCatalog).flat();
  expect(entries.map(({ id }) => id.split(":").at(-1)).sort()).toEqual(["conversation", "hydra", "wdm"]);
  for (const { host, id, priority } of entries) {
    const link = serviceLinks[id.split(":").at(-1) ?? ""] ?? "";
    expect(withHost(link, host)).toBe(link);
    expect(priority).toBeGreaterThan(0);
    expect(hostCatalog[new URL(link).hostname]).toBeDefined();
  }
});

describe("devices", () => {
  it("are made, listed, refreshed and deleted by who owns them", async () => {
    const device = await register("mine");
    expect(device).toMatchObject({ name: "mine", userId: uuidOf(setting.playground.webex.bot.id) });
    expect((await wdm("GET", "/devices")).body.devices).toEqual([device]);
    expect((await wdm("PUT", device.url, { name: "mine", model: "x" })).body).toMatchObject({ model: "x" });
    const [ada] = setting.playground.webex.people;
    expect((await wdm("DELETE", device.url, undefined, ada?.token)).status).toBe(404);
    expect((await wdm("DELETE", device.url)).status).toBe(204);
    expect((await wdm("PUT", device.url, {})).status).toBe(404);
  });

  it("are a hundred at most", async () => {
    for (let count = 0; count < 100; count++) await register();
    const refused = await wdm("POST", "/devices", {});
    expect(refused).toMatchObject({
      status: 403,
      body: { message: "User has excessive device registrations" },
    });
    await wdm("DELETE", "/devices");
    expect((await wdm("GET", "/devices")).body.devices).toEqual([]);
  });
});

describe("a client on the line", () => {
  it("is told of a message by its UUID, encrypted, and of who has read it", async () => {
    const line = await listen();
    const { id, roomId } = await setting.playground.says("Ada", "the secret recipe");
    const frame = await line.activity("post");
    expect(frame.data?.activity).toMatchObject({
      id: uuidOf(id),
      target: { globalId: roomId, tags: ["ONE_ON_ONE"] },
    });
    expect(JSON.stringify(line.frames)).not.toContain("recipe");
    expect((await line.activity("acknowledge")).data?.activity?.object).toMatchObject({ id: uuidOf(id) });
  });

  it("is told of threads, files, edits and deletions in the words of clients", async () => {
    const line = await listen();
    const { id, roomId } = await setting.playground.says("Ada", "one");
    await setting.playground.says("Ada", "two", { parentId: id });
    const reply = await line.heard(({ data }) => data?.activity?.parent?.type === "reply");
    expect(reply.data?.activity?.parent?.id).toBe(uuidOf(id));
    await setting.ada.put(`/messages/${id}`, { roomId, text: "one!" });
    const edit = await line.heard(({ data }) => data?.activity?.parent?.type === "edit");
    expect(edit.data?.activity).toMatchObject({ verb: "post", parent: { id: uuidOf(id) } });
    expect(edit.data?.activity?.id).not.toBe(uuidOf(id));
    await setting.ada.delete(`/messages/${id}`);
    expect((await line.activity("delete")).data?.activity?.object).toMatchObject({ id: uuidOf(id) });
  });

  it("is told of a room and everybody in it at once, and of who comes and goes later", async () => {
    const line = await listen();
    const room = (await setting.bot.post("/rooms", { title: "New" })).body;
    const made = await line.activity("create");
    expect(made.data?.activity?.object).toMatchObject({
      globalId: room.id,
      participants: { items: [{ entryUUID: uuidOf(setting.playground.webex.bot.id) }] },
    });
    const [ada] = setting.playground.webex.people;
    const membership = (await setting.bot.post("/memberships", { roomId: room.id, personId: ada?.id })).body;
    const added = await line.activity("add");
    expect(added.data?.activity?.object).toMatchObject({ entryUUID: uuidOf(ada?.id ?? "") });
    await setting.bot.delete(`/memberships/${membership.id}`);
    await line.activity("leave");
    expect(line.frames.filter(({ data }) => data?.activity?.verb === "add")).toHaveLength(1);
  });

  it.each([
    [
      "the last member leaves",
      (roomId: string) => lastMembership(roomId).then((id) => setting.bot.delete(id)),
    ],
    ["a room with one member is deleted", (roomId: string) => setting.bot.delete(`/rooms/${roomId}`)],
  ])("the frame tells of the room as it was when %s", async (_what, end) => {
    const line = await listen();
    const room = (await setting.bot.post("/rooms", { title: "Short" })).body;
    expect((await end(room.id)).status).toBe(204);
    const left = await line.activity("leave");
    expect(left.data?.activity?.target).toMatchObject({ globalId: room.id, tags: [] });
  });

  it("a member hears of everybody who leaves when a moderator deletes the room", async () => {
    const line = await listen();
    const { ada } = setting;
    const room = (await ada.post("/rooms", { title: "Short" })).body;
    const { bot, people } = setting.playground.webex;
    const moderator = (await ada.get(`/memberships?roomId=${room.id}`)).body.items[0];
    await ada.put(`/memberships/${moderator.id}`, { isModerator: true });
    await ada.post("/memberships", { roomId: room.id, personId: people[1]?.id });
    await ada.post("/memberships", { roomId: room.id, personId: bot.id });
    expect((await ada.delete(`/rooms/${room.id}`)).status).toBe(204);
    const leaves = (): Frame[] => line.frames.filter(({ data }) => data?.activity?.verb === "leave");
    await line.heard(() => leaves().length === 3);
    expect(leaves().map(({ data }) => data?.activity?.target?.globalId)).toEqual([room.id, room.id, room.id]);
  });

  it("is told in a group room only of what mentions it", async () => {
    const line = await listen();
    await setting.playground.says("Ada", "among us", { roomId: setting.lobbyId });
    const { id } = await setting.playground.says("Ada", "you", { roomId: setting.lobbyId, mention: true });
    const frame = await line.activity("post");
    expect(frame.data?.activity?.id).toBe(uuidOf(id));
  });

  it("has its pings answered", async () => {
    const line = await listen();
    line.send({ id: "p1", type: "ping" });
    expect(await line.heard(({ type }) => type === "pong")).toEqual({ id: "p1", type: "pong" });
  });

  it("gets again, on the next line, what it has not acknowledged", async () => {
    const { webSocketUrl } = await register();
    const first = await listen(webSocketUrl);
    await setting.playground.says("Ada", "one");
    const one = await first.activity("post");
    const receipt = await first.activity("acknowledge");
    first.send({ type: "ack", messageId: receipt.id });
    first.send({ id: "p", type: "ping" });
    await first.heard(({ type }) => type === "pong");
    setting.playground.sockets.breakAll();
    expect((await first.closed).code).toBe(1006);
    const second = await listen(webSocketUrl);
    expect((await second.activity("post")).id).toBe(one.id);
    second.send({ type: "ack", messageId: one.id });
    second.send({ id: "p", type: "ping" });
    await second.heard(({ type }) => type === "pong");
    const third = await listen(webSocketUrl);
    expect(await second.closed).toEqual({ code: 4000, reason: "replaced" });
    third.send({ id: "p", type: "ping" });
    await third.heard(({ type }) => type === "pong");
    expect(third.frames.filter(({ data }) => data?.activity)).toEqual([]);
  });

  it("learns the public id of what it was told", async () => {
    const { id } = await setting.playground.says("Ada", "one");
    const { conversation } = await services();
    expect((await wdm("GET", `${conversation}/messages/${uuidOf(id)}`)).body).toMatchObject({ id });
    expect((await wdm("GET", `${conversation}/messages/${uuidOf(setting.lobbyId)}`)).status).toBe(404);
  });
});

describe("when something goes wrong on request", () => {
  const posts = (line: Line) =>
    line.frames.flatMap(({ data }) => (data?.activity?.verb === "post" ? [data.activity.id] : []));

  it("a frame is lost, with its receipt, and comes several times", async () => {
    const line = await listen();
    const { faults } = setting.playground;
    faults.add({ on: "socket", do: { kind: "lost" }, times: 1 });
    await setting.playground.says("Ada", "one");
    faults.add({ on: "socket", match: { resource: "messages" }, do: { kind: "duplicate" } });
    const { id } = await setting.playground.says("Ada", "two");
    await line.activity("acknowledge");
    expect(posts(line)).toEqual([uuidOf(id), uuidOf(id)]);
  });

  it("a frame comes behind the one after it", async () => {
    const line = await listen();
    setting.playground.faults.add({ on: "socket", do: { kind: "disorder" }, times: 1 });
    const one = await setting.playground.says("Ada", "one");
    const two = await setting.playground.says("Ada", "two");
    await line.heard(({ data }) => data?.activity?.id === uuidOf(one.id));
    expect(posts(line)).toEqual([uuidOf(two.id), uuidOf(one.id)]);
  });

  it("the line breaks right after a frame, which comes again on the next one", async () => {
    const { webSocketUrl } = await register();
    const line = await listen(webSocketUrl);
    setting.playground.faults.add({ on: "socket", do: { kind: "cut" }, times: 1 });
    const { id } = await setting.playground.says("Ada", "one");
    expect((await line.closed).code).toBe(1006);
    const next = await listen(webSocketUrl);
    expect((await next.activity("post")).data?.activity?.id).toBe(uuidOf(id));
  });

  it("the device is gone", async () => {
    const { webSocketUrl } = await register();
    const line = await listen(webSocketUrl);
    setting.playground.faults.add({ on: "socket", do: { kind: "deactivate" }, times: 1 });
    await setting.playground.says("Ada", "one");
    expect((await line.closed).code).toBe(1000);
    await expect(new Line(webSocketUrl).open()).rejects.toThrow("404");
  });
});

describe("who is refused", () => {
  it.each([
    ["a wrong token", { type: "authorization", data: { token: "Bearer nobody's" } }, 4401],
    ["somebody else's token", undefined, 4401],
    ["no token", { type: "authorization", data: {} }, 4400],
    ["who does not say who it is", { id: "1", type: "ping" }, 4401],
    ["what is no object", "[", 1003],
  ])("%s", async (_who, frame, code) => {
    const line = await new Line((await register()).webSocketUrl).open();
    const [ada] = setting.playground.webex.people;
    if (typeof frame === "string") line.socket.send(frame);
    else line.send(frame ?? { type: "authorization", data: { token: `Bearer ${ada?.token}` } });
    expect((await line.closed).code).toBe(code);
  });

  it("who connects to a device that is not there", async () => {
    const { url, webSocketUrl } = await register();
    await wdm("DELETE", url);
    await expect(new Line(webSocketUrl).open()).rejects.toThrow("404");
  });

  it("whose device is deleted", async () => {
    const { url, webSocketUrl } = await register();
    const line = await listen(webSocketUrl);
    await wdm("DELETE", url);
    expect((await line.closed).code).toBe(1000);
    expect(setting.playground.sockets.connected).toBe(0);
  });
});
