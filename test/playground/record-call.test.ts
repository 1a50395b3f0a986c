import type { ApiCall } from "../../src/playground/timeline";
import { useSetting } from "./setting";

const here = useSetting();

/** The call as the timeline has it. */
async function call(path: string, body: string | FormData, type?: string): Promise<ApiCall | undefined> {
  const headers = {
    Authorization: `Bearer ${here.playground.webex.botToken}`,
    ...(type === undefined ? {} : { "Content-Type": type }),
  };
  await (
    await fetch(`${here.playground.apiBaseUrl}${path}`, { method: "POST", headers, body })
  ).arrayBuffer();
  return here.playground.timeline.all("call").at(-1);
}

describe("a call in the timeline", () => {
  it("has what was sent as it came, blanks and order of fields and all", async () => {
    const body = `{ "text":"hi",\n  "roomId" : "${here.lobbyId}" }`;
    expect(await call("/messages", body, "application/json")).toMatchObject({ status: 200, request: body });
  });

  it("has what was sent where it could not be read", async () => {
    expect(await call("/messages", '{"text":', "application/json")).toMatchObject({
      status: 400,
      request: '{"text":',
    });
  });

  it("has the size of what is no text, however many parts it came in", async () => {
    const bytes = Buffer.alloc(1_000_000, 7);
    const form = new FormData();
    form.set("roomId", here.lobbyId);
    form.set("files", new Blob([bytes], { type: "image/png" }), "large.png");
    const posted = await call("/messages", form);
    expect(posted?.request).toMatch(/^1000\d\d\d bytes of multipart\/form-data$/);

    const { files } = JSON.parse(posted?.response ?? "{}") as { files: [string] };
    const headers = { Authorization: `Bearer ${here.playground.webex.botToken}` };
    await (await fetch(files[0], { headers })).arrayBuffer();
    expect(here.playground.timeline.all("call").at(-1)?.response).toBe("1000000 bytes of image/png");
  });

  it("has the beginning of a long text, and no half of a character", async () => {
    const body = JSON.stringify({ roomId: here.lobbyId, text: `a${"é".repeat(20_000)}` });
    const { request = "" } = (await call("/messages", body, "application/json")) ?? {};
    expect(request.length).toBeLessThan(20_001);
    expect(request).toMatch(/é…$/);
    expect(body.startsWith(request.slice(0, -1))).toBe(true);
  });
});
