import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";

describe("the timeline tells why no bot hears of what somebody does", () => {
  let playground: ListeningPlayground;
  beforeEach(async () => {
    playground = await listenPlayground();
  });
  afterEach(() => playground.close());

  const reasons = (): string[] => playground.timeline.all("unheard").map(({ reason }) => reason);
  const webhook = (fields: object) =>
    call("/webhooks", playground.webex.botToken, {
      ...{ name: "w", targetUrl: "http://127.0.0.1:9/", resource: "messages", event: "created" },
      ...fields,
    });

  it("it has no webhook", async () => {
    const { id } = await playground.says("Ada", "hello");
    expect(playground.timeline.all("unheard")).toEqual([
      expect.objectContaining({ resource: "messages", event: "created", dataId: id }),
    ]);
    expect(reasons()).toEqual([
      "the bot has no webhook for messages created, and does not listen by websocket",
    ]);
  });

  it("it is not mentioned in a group room", async () => {
    await webhook({});
    await playground.says("Ada", "hello", { roomId: playground.webex.lobbyId });
    expect(reasons()).toEqual(["in a group room a bot is told only of messages that mention it"]);
    await playground.says("Ada", "hello", { roomId: playground.webex.lobbyId, mention: true });
    expect(reasons()).toHaveLength(1);
  });

  it("it is not in the room", async () => {
    await webhook({ resource: "all", event: "all" });
    await call("/messages", playground.webex.people[0]?.token, {
      toPersonEmail: "grace@example.com",
      text: "psst",
    });
    expect(new Set(reasons())).toEqual(new Set(["there is no bot in this room"]));
  });

  it("the filters of its webhooks leave it out", async () => {
    await webhook({ filter: "roomType=group" });
    await playground.says("Ada", "hello");
    expect(reasons()).toEqual(["the filters of the bot's webhooks leave it out"]);
  });

  it("nothing, when it is told", async () => {
    await webhook({});
    await playground.says("Ada", "hello");
    expect(reasons()).toEqual([]);
  });

  it("nothing, when the bot itself has done it", async () => {
    await call("/messages", playground.webex.botToken, { toPersonEmail: "ada@example.com", text: "hello" });
    expect(reasons()).toEqual([]);
  });

  async function call(path: string, token: string | undefined, body: object): Promise<void> {
    const response = await fetch(playground.apiBaseUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  }
});
