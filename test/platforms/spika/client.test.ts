import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError } from "../../../src/core/contract/errors";
import { createSpikaClient, type SpikaClient } from "../../../src/platforms/spika/client";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";
import { type RecordedCall, roomBotCalls } from "./recorded";

let playground: ListeningPlayground;
let client: SpikaClient;

beforeEach(async () => {
  playground = await listenPlayground();
  client = open(playground.spika.apiKey);
});
afterEach(async () => {
  await client.close();
  await playground.close();
});

function open(apiKey: string): SpikaClient {
  return createSpikaClient({ baseUrl: `${playground.url}/spika`, apiKey });
}

it("says who the bot is, which no other answer tells", async () => {
  expect(await client.me()).toEqual({ id: playground.spika.botUserId, displayName: "Bellhop" });
});

it.each([0, 13, 66_000, 66_001, 200_000])(
  "uploads a file of %i bytes in parts, posts and reads it",
  async (size) => {
    const data = randomBytes(size);
    const { roomId } = playground.spika;
    const file = await client.files.upload({ data, name: "menu.pdf", type: "application/pdf" });
    const posted = await client.messages.create({ roomId, type: "file", body: { fileId: file.id } });
    expect(posted.raw.body).toMatchObject({
      file: { fileName: "menu.pdf", mimeType: "application/pdf", size },
    });
    const { stream } = await client.files.download(file.id);
    expect(Buffer.concat(await stream.toArray()).equals(data)).toBe(true);
  },
);

it("takes the picture that stands for a file that is not there for no file", async () => {
  const { headers, status } = await fetch(`${playground.url}/spika/api/upload/files/99`);
  expect([status, headers.get("content-disposition")]).toEqual([
    200,
    expect.stringContaining("no-image-icon"),
  ]);
  const missing = { name: "ApiError", status: 404, message: expect.stringContaining("no such file") };
  await expect(client.files.download(99)).rejects.toMatchObject(missing);
  await expect(client.files.open(`${playground.url}/spika/api/upload/files/99`)).rejects.toMatchObject(
    missing,
  );
});

it.each([
  [
    "a room that the bot is not in",
    { roomId: 999, type: "text", body: { text: "x" } },
    400,
    "Room user not found",
  ],
  ["an empty text", { roomId: 1, type: "text", body: { text: "" } }, 400, "Text is missing"],
  ["an unknown file", { roomId: 1, type: "file", body: { fileId: 9 } }, 400, "Invalid fileId"],
  [
    "an unknown quote",
    { roomId: 1, type: "text", body: { text: "x" }, replyId: 99 },
    400,
    "there is no message",
  ],
] as const)("says why %s is refused", async (_what, message, status, reason) => {
  const refused = client.messages.create(message);
  await expect(refused).rejects.toThrow(ApiError);
  await expect(refused).rejects.toMatchObject({ status, message: expect.stringContaining(reason) });
});

it("says what to do about a key that is unknown, which Spika answers in a word, and never shows it", async () => {
  const stranger = open("never-shown-key");
  const refused = stranger.me();
  await expect(refused).rejects.toMatchObject({
    status: 401,
    message: expect.stringContaining("was the API key deleted?"),
  });
  await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("never-shown-key") });
  await stranger.close();
});

it("says that nothing was sent when the server is not there", async () => {
  const nobody = createSpikaClient({ baseUrl: "http://127.0.0.1:9", apiKey: "x" });
  const posting = nobody.messages.create({ roomId: 1, type: "text", body: { text: "x" } });
  await expect(posting).rejects.toMatchObject({ code: "api-unreachable", mayHaveSucceeded: false });
  await nobody.close();
});

describe("what running servers have answered", () => {
  /** Answers every call with one that was recorded, byte for byte. */
  async function answering<Value>(
    { status, contentType, answer }: RecordedCall,
    ask: (client: SpikaClient) => Promise<Value>,
  ): Promise<Value> {
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { "content-type": contentType }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // it listens on a port
    const asking = createSpikaClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: "never-shown-key" });
    try {
      return await ask(asking);
    } finally {
      await asking.close();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  const post = (asking: SpikaClient) =>
    asking.messages.create({ roomId: 1, type: "text", body: { text: "x" } });
  const posts = roomBotCalls.filter(({ method }) => method === "POST");

  it.each(posts.filter(({ status }) => status === 200))(
    "is a message that was posted: $label",
    async (call) => {
      const message = (call.answer as { data: { message: object } }).data.message; // as it was recorded
      expect(await answering(call, post)).toMatchObject({ raw: message, ...pick(message) });
    },
  );

  const saysWhy = posts.filter(({ status, answer }) => status !== 200 && typeof answer === "object");
  it.each(saysWhy)("is an error that says why: $label", async (call) => {
    const { message } = call.answer as { message: string }; // as it was recorded
    await expect(answering(call, post)).rejects.toMatchObject({
      name: "ApiError",
      status: call.status,
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [401, "was the API key deleted?"],
    [404, "Is the address that of the Spika server"],
    [500, "cannot read the request or finds it too long"],
  ])("is, in words that are not JSON, an error that says what to do: %i", async (status, advice) => {
    const [call] = roomBotCalls.filter((one) => one.status === status);
    const refused = call && answering(call, post);
    await expect(refused).rejects.toMatchObject({ name: "ApiError", status });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(advice) });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("<") });
  });

  it("is who the bot is, and no more of the row than is needed", async () => {
    const [call] = roomBotCalls.filter(({ path }) => path === "/api/messaging/test/auth");
    expect(call && (await answering(call, (asking) => asking.me()))).toEqual({
      id: 8,
      displayName: "Kitchen Bot",
    });
  });
});

/** The fields that our own shape has too. */
function pick(message: object): object {
  return Object.fromEntries(
    Object.entries(message).filter(([name]) => ["id", "roomId", "fromUserId"].includes(name)),
  );
}
