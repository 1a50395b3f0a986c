import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger } from "../../../src/core/contract/logger";
import { openAttachment } from "../../../src/platforms/intercom/attachments";

const { signal } = new AbortController();

/** A host of attachments, and the tokens that it was shown. */
async function openHost() {
  const tokens: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    if (request.url === "/a.png?key=1") response.setHeader("content-type", "image/png").end("picture");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, tokens, close: () => server.close() };
}

it("reads an attachment without a token", async () => {
  const host = await openHost();
  const { type, stream } = await openAttachment(`${host.url}/a.png?key=1`, silentLogger, signal);
  expect(type).toBe("image/png");
  expect(Buffer.concat(await stream.toArray()).toString()).toBe("picture");
  expect(host.tokens).toEqual([undefined]);
  host.close();
});

it("says that one is gone", async () => {
  const host = await openHost();
  const opening = openAttachment(`${host.url}/gone`, silentLogger, signal);
  await expect(opening).rejects.toMatchObject({ status: 404 });
  host.close();
});

it("refuses an address that is none of the web", async () => {
  await expect(openAttachment("file:///etc/passwd", silentLogger, signal)).rejects.toThrow(TypeError);
});
