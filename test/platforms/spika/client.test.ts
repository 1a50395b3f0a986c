import { randomBytes } from "node:crypto";
import { ApiError } from "../../../src/core/errors";
import { createSpikaClient, type SpikaClient } from "../../../src/platforms/spika/client";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";

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
  await expect(posting).rejects.toMatchObject({ code: "api-unreachable", maybeDone: false });
  await nobody.close();
});
