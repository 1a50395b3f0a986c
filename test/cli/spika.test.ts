import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { type CommandResult, runCommand } from "../program";

let playground: ListeningPlayground;
let env: Record<string, string>;

beforeEach(async () => {
  playground = await listenPlayground();
  const [ada] = playground.spika.people;
  env = { SPIKA_BASE_URL: `${playground.url}/spika`, SPIKA_USER_TOKEN: ada?.token ?? "" };
});
afterEach(() => playground.close());

function spika(...args: string[]): Promise<CommandResult> {
  return runCommand(["spika", ...args], env, tempDir());
}

it("makes a webhook and shows its signature once, leads it elsewhere and deletes it", async () => {
  const room = String(playground.spika.roomId);
  const made = await spika("webhooks", "create", room, "https://bot.example.com/webhooks/spika", "--json");
  const { id, verifySignature } = JSON.parse(made.stdout);
  expect(verifySignature).toHaveLength(16);
  const moved = await spika("webhooks", "update", String(id), "https://bot.example.com/other");
  expect(moved.stdout).toContain(`webhook ${id} leads to https://bot.example.com/other`);
  const { stdout: listed } = await spika("webhooks", "list", room, "--json");
  expect(JSON.parse(listed)).toEqual(
    expect.objectContaining({ id, roomId: Number(room), url: "https://bot.example.com/other" }),
  );
  expect(listed + moved.stdout).not.toContain(verifySignature);
  expect((await spika("webhooks", "delete", String(id))).code).toBe(0);
  expect((await spika("webhooks", "list", room)).stdout).toBe("none\n");
});

it("says that a second webhook is not called while there is the first", async () => {
  const room = String(playground.spika.roomId);
  const make = () => spika("webhooks", "create", room, "https://bot.example.com/webhooks/spika", "--json");
  const first = await make();
  expect(first.stderr).toBe("");
  const { id } = JSON.parse(first.stdout);
  const second = await make();
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout).id).toBeGreaterThan(id);
  expect(second.stderr).toContain(`delete it with bellhop spika webhooks delete ${id}`);
});

it("makes a bot with a key that posts, renames and deletes it", async () => {
  const room = String(playground.spika.roomId);
  const { id, token } = JSON.parse((await spika("keys", "create", room, "Helper", "--json")).stdout);
  const post = () =>
    fetch(`${env.SPIKA_BASE_URL}/api/messaging/messages`, {
      method: "POST",
      headers: { accesstoken: token, "content-type": "application/json" },
      body: JSON.stringify({ roomId: Number(room), type: "text", body: { text: "hello" } }),
    });
  expect((await post()).status).toBe(200);
  await spika("keys", "rename", String(id), "Servant");
  const { stdout: listed } = await spika("keys", "list", room);
  expect(listed).toContain("Servant");
  expect(listed).not.toContain(token);
  await spika("keys", "delete", String(id));
  expect((await post()).status).toBe(401);
});

it.each([
  ["a token of nobody", ["webhooks", "list", "1"], { SPIKA_USER_TOKEN: "nobody" }, 1, /answered 401/],
  ["no token", ["webhooks", "list", "1"], { SPIKA_USER_TOKEN: "" }, 2, /SPIKA_USER_TOKEN is missing/],
  ["what is no number", ["webhooks", "list", "kitchen"], {}, 2, /"kitchen" is not the number/],
  ["what is not there", ["webhooks", "delete", "99"], {}, 3, /nothing with this number/],
  [
    "an address that Spika does not take",
    ["webhooks", "create", "1", "http://localhost/x"],
    {},
    1,
    /Url not valid/,
  ],
  ["a room that is somebody else's", ["keys", "create", "9", "Bot"], {}, 1, /not admin in this room/],
] as const)("refuses %s", async (_what, args, changed, code, message) => {
  env = { ...env, ...changed };
  const refused = await spika(...args);
  expect({ code: refused.code, stderr: refused.stderr }).toEqual({
    code,
    stderr: expect.stringMatching(message),
  });
});
