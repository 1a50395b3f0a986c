import type { ApiRequest } from "../../../src/platforms/api/caller";
import { createClient } from "../../../src/platforms/webex/client";

it("gives a card more time than a text, because Webex fetches its images first", async () => {
  const asked: ApiRequest[] = [];
  const client = createClient({
    async call(request) {
      asked.push(request);
      return { call: "", status: 200, body: { id: "M", roomId: "R" } };
    },
    close: async () => undefined,
  });
  const { signal } = new AbortController();
  await client.postMessage({ roomId: "R", text: "hi" }, signal);
  await client.postMessage({ roomId: "R", text: "hi", attachments: [] }, signal);
  expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([undefined, 75_000]);
});
