import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { useSetting } from "./setting";

const here = useSetting();
const bytes = Buffer.from([0, 1, 2, 13, 10, 45, 45, 255]);

function upload(form: FormData, token = here.playground.webex.botToken) {
  const headers = { Authorization: `Bearer ${token}` };
  return fetch(`${here.playground.apiBaseUrl}/messages`, { method: "POST", headers, body: form });
}

function formWith(fileName: string, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.set("roomId", here.lobbyId);
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("files", new Blob([bytes], { type: "image/png" }), fileName);
  return form;
}

function download(url: string, method = "GET", token = here.playground.webex.botToken) {
  return fetch(url, { method, headers: { Authorization: `Bearer ${token}` } });
}

it("takes a file as a form, and gives the same bytes back", async () => {
  const posted = await upload(formWith('a "b" ü.png', { markdown: "**x**" }));
  expect(posted.status).toBe(200);
  const message = (await posted.json()) as { id: string; files: string[]; text: string };
  expect(message).toMatchObject({ text: "x", files: [expect.stringContaining("/webex/v1/contents/")] });
  const file = await download(message.files[0] ?? "");
  expect(file.headers.get("content-type")).toBe("image/png");
  expect(file.headers.get("content-length")).toBe(String(bytes.length));
  expect(file.headers.get("content-disposition")).toMatch(
    /^attachment; filename=.*filename\*=UTF-8''a%20%22b%22%20%C3%BC\.png$/,
  );
  expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
});

it("takes a file without any text", async () => {
  const message = (await (await upload(formWith("a.png"))).json()) as object;
  expect(message).not.toHaveProperty("text");
});

it("tells name, type and size of a file without sending it", async () => {
  const { files } = (await (await upload(formWith("a.png"))).json()) as { files: string[] };
  const head = await download(files[0] ?? "", "HEAD");
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(bytes.length)]);
  expect((await head.arrayBuffer()).byteLength).toBe(0);
});

it("gives a file to who may read its message only, and to nobody once that is deleted", async () => {
  const token = here.playground.webex.people[0]?.token;
  const { id, files } = (await (await upload(formWith("a.png"), token)).json()) as {
    id: string;
    files: string[];
  };
  expect((await download(files[0] ?? "")).status).toBe(404);
  expect((await download(files[0] ?? "", "GET", "wrong")).status).toBe(401);
  expect((await download(files[0] ?? "", "GET", token)).status).toBe(200);
  await here.ada.delete(`/messages/${id}`);
  expect((await download(files[0] ?? "", "GET", token)).status).toBe(404);
});

it("fetches a file from its URL", async () => {
  const server = createServer((request, response) => {
    if (request.url !== "/dir/pic%20ture.gif?x=1") response.statusCode = 404;
    response.setHeader("Content-Type", "image/gif");
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { body } = await here.bot.post("/messages", {
    roomId: here.lobbyId,
    files: [`${base}/dir/pic%20ture.gif?x=1`],
  });
  const missing = await here.bot.post("/messages", { roomId: here.lobbyId, files: [`${base}/nothing`] });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const unreachable = await here.bot.post("/messages", { roomId: here.lobbyId, files: [`${base}/dir`] });
  const file = await download(body.files[0]);
  expect(file.headers.get("content-disposition")).toContain('filename="pic ture.gif"');
  expect(file.headers.get("content-type")).toBe("image/gif");
  expect([missing.status, unreachable.status]).toEqual([400, 400]);
});

it.each([
  ["a file under another name", (form: FormData) => form.set("picture", new Blob([bytes]), "a.png")],
  ["two files", (form: FormData) => form.append("files", new Blob([bytes]), "b.png")],
  ["a card that is no JSON", (form: FormData) => form.set("attachments", "{")],
])("refuses a form with %s", async (_fact, change) => {
  const form = formWith("a.png");
  change(form);
  expect((await upload(form)).status).toBe(400);
});

it.each([
  ["without a boundary", "multipart/form-data", "--b\r\n\r\n--b--"],
  ["whose boundary is not in it", "multipart/form-data; boundary=b", "x"],
  [
    "that is cut off",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nx',
  ],
  [
    "with a part without a name",
    "multipart/form-data; boundary=b",
    "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
  ],
  ["with no part at all", 'multipart/form-data; boundary="b"', "--b--"],
])("refuses a form %s", async (_fact, type, body) => {
  expect((await here.bot.send("POST", "/messages", body, { "Content-Type": type })).status).toBe(400);
});

it("reads a file name that some clients encode, and never a path", async () => {
  const body = [
    "preamble\r\n--b",
    `Content-Disposition: form-data; name="roomId"\r\n\r\n${here.lobbyId}\r\n--b`,
    "content-disposition: form-data; name=files; filename*=UTF-8''..%2F..%2F%E2%82%AC.txt\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
  ].join("\r\n");
  const type = { "Content-Type": "multipart/form-data; boundary=b" };
  const { body: message } = await here.bot.send("POST", "/messages", body, type);
  const file = await download(message.files[0], "HEAD");
  expect(file.headers.get("content-disposition")).toMatch(/filename\*=UTF-8''%E2%82%AC\.txt$/);
});
