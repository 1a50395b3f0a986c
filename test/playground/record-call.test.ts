import type { ApiCall } from "../../src/playground/timeline";
import { useSetting } from "./setting";

const here = useSetting();

/** Calls the API as the bot. @returns the call as the timeline has it, once it is there */
async function call(url: string, init: RequestInit = {}): Promise<ApiCall | undefined> {
  const calls = (): readonly ApiCall[] => here.playground.timeline.all("call");
  const before = calls().length;
  const headers = { Authorization: `Bearer ${here.playground.webex.botToken}`, ...init.headers };
  await (await fetch(url, { ...init, headers })).arrayBuffer();
  while (calls().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  return calls().at(-1);
}

function post(body: string | FormData): Promise<ApiCall | undefined> {
  const init = { method: "POST", body };
  const json = { headers: { "Content-Type": "application/json" } };
  return call(
    `${here.playground.apiBaseUrl}/messages`,
    typeof body === "string" ? { ...init, ...json } : init,
  );
}

describe("a call in the timeline", () => {
  it("has what was sent as it came, blanks and order of fields and all", async () => {
    const body = `{ "text":"hi",\n  "roomId" : "${here.lobbyId}" }`;
    expect(await post(body)).toMatchObject({ status: 200, request: body });
  });

  it("has what was sent where it could not be read", async () => {
    expect(await post('{"text":')).toMatchObject({
      status: 400,
      request: '{"text":',
    });
  });

  it("has the size of what is no text, however many parts it came in", async () => {
    const bytes = Buffer.alloc(1_000_000, 7);
    const form = new FormData();
    form.set("roomId", here.lobbyId);
    form.set("files", new Blob([bytes], { type: "image/png" }), "large.png");
    const posted = await post(form);
    expect(posted?.request).toMatch(/^1000\d\d\d bytes of multipart\/form-data$/);

    const { files } = JSON.parse(posted?.response ?? "{}") as { files: [string] };
    expect(await call(files[0])).toMatchObject({ response: "1000000 bytes of image/png" });
  });

  it("has the beginning of a long text, and no half of a character", async () => {
    const body = JSON.stringify({ roomId: here.lobbyId, text: `a${"é".repeat(20_000)}` });
    const { request = "" } = (await post(body)) ?? {};
    expect(request.length).toBeLessThan(20_001);
    expect(request).toMatch(/é…$/);
    expect(body.startsWith(request.slice(0, -1))).toBe(true);
  });
});
