import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ListeningPlayground, listenPlayground } from "../../src/playground/listen";
import { tempDir } from "../inbox/temp-dir";
import { openReceiver } from "../platforms/webex/webhooks/pinged-receiver";
import { ApiClient } from "../playground/api-client";
import { failUntilSwitchedOff } from "../playground/switch-off";
import { type CommandResult, runCommand, runProcess } from "../program";

const SECRET = "a secret of thirty-two characters";
const TARGET = "https://bot.example.com/webhooks/webex";

let playground: ListeningPlayground;
let api: ApiClient;
let folder: string;
let access: Record<string, string>;
let settings: Record<string, string>;

beforeEach(async () => {
  playground = await listenPlayground({ deliveryTimeoutMs: 200 });
  api = new ApiClient(playground.apiBaseUrl, playground.webex.botToken);
  folder = tempDir();
  access = { WEBEX_BOT_TOKEN: playground.webex.botToken, WEBEX_API_BASE_URL: playground.apiBaseUrl };
  settings = { ...access, WEBEX_WEBHOOK_SECRET: SECRET, PUBLIC_URL: "https://bot.example.com" };
});
afterEach(() => playground.close());

/** Runs in a folder of its own, with these variables and no others. */
function webhooks(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandResult> {
  return runCommand(["webhooks", ...args], env, folder);
}

/** What `sync` calls the webhook for this, with the tag of the secret. */
function ours(watches: string): unknown {
  return expect.stringMatching(new RegExp(`^bellhop:default:${watches}:[\\w-]{12}$`));
}

/** What Webex has now. */
async function existing(): Promise<readonly Record<string, string>[]> {
  return (await api.get("/webhooks")).body.items;
}

async function register(fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const webhook = { name: "by hand", targetUrl: TARGET, resource: "rooms", event: "created", ...fields };
  return (await api.post("/webhooks", webhook)).body.id;
}

function lines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

describe("create", () => {
  it("makes a webhook that leads to the receiver and signs with our secret", async () => {
    const args = ["--resource", "messages", "--event", "created", "--filter", "roomType=direct"];
    const { code, stdout } = await webhooks(settings, "create", ...args, "--json");
    expect(code).toBe(0);
    const [webhook] = await existing();
    expect(webhook).toMatchObject({
      name: "messages.created",
      targetUrl: TARGET,
      resource: "messages",
      event: "created",
      filter: "roomType=direct",
      secret: SECRET,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      id: webhook?.id,
      filter: "roomType=direct",
      secret: "current",
    });
  });

  it("takes a name and another target, and then needs no PUBLIC_URL", async () => {
    const env = { ...access, WEBEX_WEBHOOK_SECRET: SECRET, PUBLIC_URL: "malformed, and not needed" };
    const where = ["--target", "https://other.example.com/in", "--name", "the other"];
    expect((await webhooks(env, "create", "--resource", "rooms", "--event", "all", ...where)).code).toBe(0);
    expect(await existing()).toMatchObject([
      { name: "the other", targetUrl: "https://other.example.com/in" },
    ]);
  });

  it.each([
    [["--resource", "message", "--event", "created"], /expected one of messages, memberships/],
    [["--resource", "messages", "--event", "made"], /expected one of created, deleted, all/],
    [["--resource", "messages", "--event", "created", "--filter", "room=1"], /expected one of roomId, /],
    [["--resource", "rooms", "--event", "created", "--target", "bot.example.com"], /--target is no address/],
    [["--resource", "rooms", "--event", "created", "--name", "bellhop:x"], /begins with bellhop:/],
    [["--resource", "messages", "--event", "created", "--owned-by", "org"], /a whole organisation/],
  ])("refuses %j without asking Webex", async (args, message) => {
    const { code, stderr } = await webhooks(settings, "create", ...args, "--json");
    expect(code).toBe(2);
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string } }; // as documented
    expect(error).toMatchObject({ code: "usage", message: expect.stringMatching(message) });
    expect(playground.timeline.since(0).filter(({ name }) => name === "call")).toEqual([]);
  });

  it("passes on what Webex refuses: a bot is no administrator", async () => {
    const args = ["--resource", "meetings", "--event", "started", "--owned-by", "org"];
    const { code, stderr } = await webhooks(settings, "create", ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/webex POST \/webhooks answered 403/);
  });
});

describe("list and get", () => {
  it("show every webhook of the token and say which secret it has, with nothing set but the token", async () => {
    const id = await register({ secret: SECRET });
    await register({ name: "unsigned" });
    const { code, stdout } = await webhooks(access, "list", "--json");
    expect(code).toBe(0);
    expect(lines(stdout)).toMatchObject([
      { id, name: "by hand", resource: "rooms", event: "created", targetUrl: TARGET, secret: "set" },
      { name: "unsigned", status: "active", secret: "not shown" },
    ]);
    expect((await webhooks(access, "list")).stdout).toMatch(
      /^STATUS +WATCHES +SECRET +NAME +TARGET +ID\nactive +rooms\.created +set +by hand +https:\S+ +\S+$/m,
    );
    expect((await webhooks(access, "get", id)).stdout).toContain(`webhook ${id}\n  name     by hand\n`);
  });

  it.each([
    [{ WEBEX_WEBHOOK_SECRET: SECRET }, "current"],
    [{ WEBEX_WEBHOOK_SECRET: "new", WEBEX_WEBHOOK_SECRET_PREVIOUS: SECRET }, "previous"],
    [{ WEBEX_WEBHOOK_SECRET: "new" }, "another"],
  ])("with %j say which secret it has: %s", async (secrets, which) => {
    const id = await register({ secret: SECRET });
    const { stdout } = await webhooks({ ...access, ...secrets }, "get", id, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ id, secret: which });
  });

  it("say so when there is none", async () => {
    expect(await webhooks(access, "list")).toEqual({ code: 0, stdout: "none\n", stderr: "" });
    expect(await webhooks(access, "list", "--json")).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

it("prints no secret, whatever is done, nor the keys in an address", async () => {
  const id = await register({
    secret: SECRET,
    targetUrl: "https://me:hidden@bot.example.com/in?code=hidden",
  });
  const results = await Promise.all([
    webhooks(settings, "list"),
    webhooks(settings, "list", "--json"),
    webhooks(settings, "get", id),
    webhooks(settings, "get", id, "--json"),
    webhooks(settings, "update", id, "--name", "renamed"),
    webhooks(settings, "update", id, "--name", "renamed", "--json"),
  ]);
  results.push(await webhooks(settings, "create", "--resource", "rooms", "--event", "updated"));
  const said = results.map(({ stdout, stderr }) => stdout + stderr).join("");
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(said).toContain("https://…@bot.example.com/in?code=…");
  for (const secret of [SECRET, "hidden", playground.webex.botToken]) expect(said).not.toContain(secret);
});

describe("update", () => {
  it("changes what is said and leaves the rest, the secret too", async () => {
    const id = await register({ secret: SECRET });
    expect((await webhooks(access, "update", id, "--name", "renamed")).code).toBe(0);
    expect(await existing()).toMatchObject([{ id, name: "renamed", targetUrl: TARGET, secret: SECRET }]);
    expect((await webhooks(access, "update", id, "--target", "https://other.example.com")).code).toBe(0);
    expect(await existing()).toMatchObject([{ name: "renamed", targetUrl: "https://other.example.com" }]);
  });

  it("wakes a webhook that Webex has switched off", async () => {
    // Nobody listens on port 1: every delivery fails.
    const id = await register({ resource: "messages", targetUrl: "http://127.0.0.1:1/" });
    await failUntilSwitchedOff(playground);
    expect(await existing()).toMatchObject([{ status: "inactive" }]);
    const { code, stdout } = await webhooks(access, "update", id, "--status", "active", "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id, status: "active" }]);
    expect(await existing()).toMatchObject([{ status: "active" }]);
  });

  it.each([
    [[], /what is to be changed\?/],
    [["--status", "inactive"], /Webex wakes a webhook and puts none to sleep/],
    [["--status", "asleep"], /--status is "asleep"; expected active/],
    [["--name", " "], /--name is empty/],
  ])("refuses %j", async (args, message) => {
    const id = await register();
    const { code, stderr } = await webhooks(access, "update", id, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe("delete", () => {
  it("deletes those that are there, names those that are not, and ends with 3", async () => {
    const [first, second, kept] = [await register(), await register(), await register()];
    const { code, stdout, stderr } = await webhooks(access, "delete", first, "no-such", second, "--json");
    expect(code).toBe(3);
    expect(lines(stdout)).toEqual([
      { id: first, deleted: true },
      { id: second, deleted: true },
    ]);
    expect(lines(stderr)).toMatchObject([
      { error: { code: "not-found", message: expect.stringContaining("no webhook no-such") } },
    ]);
    expect(await existing()).toMatchObject([{ id: kept }]);
    expect((await webhooks(access, "delete", kept)).stdout).toBe(`deleted ${kept}\n`);
    expect(await existing()).toEqual([]);
  });
});

describe("sync", () => {
  beforeEach(() => {
    mkdirSync(join(folder, "bots"));
    const bot = `import { defineBot } from "bellhop";
export default defineBot((bot) => {
  bot.hears("ping", (ctx) => ctx.reply("pong"));
  bot.action("press", (ctx) => ctx.reply("pressed"));
});\n`;
    writeFileSync(join(folder, "bots/ping.ts"), bot);
  });

  it("says what it would do, does it, and has nothing left to do", async () => {
    const stale = await register({ name: "bellhop:default:rooms.created" });
    const theirs = await register({ name: "somebody else's" });

    const planned = await webhooks(settings, "sync", "--dry-run", "--json");
    expect(planned.code).toBe(0);
    expect(lines(planned.stdout)).toEqual([
      { kind: "create", name: ours("messages.created"), reason: "was missing" },
      { kind: "create", name: ours("attachmentActions.created"), reason: "was missing" },
      { kind: "delete", id: stale, name: "bellhop:default:rooms.created", reason: "not needed any more" },
    ]);
    expect((await existing()).map(({ id }) => id)).toEqual([stale, theirs]);

    const { code, stdout } = await webhooks(settings, "sync");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^DONE +NAME +BECAUSE\ncreated +bellhop:default:messages\.created:\S+ +was missing\n/,
    );
    expect(await existing()).toMatchObject([
      { id: theirs, name: "somebody else's" },
      { name: ours("messages.created"), targetUrl: TARGET, secret: SECRET },
      { name: ours("attachmentActions.created"), targetUrl: TARGET, secret: SECRET },
    ]);
    expect((await webhooks(settings, "sync")).stdout).toBe("nothing had to be changed\n");
    expect((await webhooks(settings, "sync", "--dry-run")).stdout).toBe("nothing would be changed\n");
  });

  it("ends although a bot has a timer", async () => {
    const bot = `import { defineBot } from "bellhop";
setInterval(() => undefined, 1_000);
export default defineBot((bot) => bot.hears("time", (ctx) => ctx.reply("now")));\n`;
    writeFileSync(join(folder, "bots/timer.ts"), bot);
    const { code, stdout } = await runProcess(["webhooks", "sync", "--dry-run"], settings, folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining("messages.created")]);
  });

  it("mends what drifted, also where start is told to leave webhooks alone", async () => {
    // Nobody listens on port 1: whoever made them is not there any more.
    await webhooks({ ...settings, PUBLIC_URL: "http://127.0.0.1:1" }, "sync");
    const moved = { ...settings, PUBLIC_URL: "https://new.example.com", WEBHOOKS: "off" };
    const planned = await webhooks(moved, "sync", "--dry-run");
    expect(planned.stdout).toMatch(/^update +bellhop:default:messages\.created:\S+ +its target differed$/m);
    expect(lines((await webhooks(moved, "sync", "--json")).stdout)).toMatchObject([
      { kind: "updated", name: ours("messages.created"), reason: "its target differed" },
      { kind: "updated", name: ours("attachmentActions.created") },
    ]);
    expect(await existing()).toMatchObject(
      Array(2).fill({ targetUrl: "https://new.example.com/webhooks/webex" }),
    );
  });

  it("changes nothing when a bot cannot be loaded", async () => {
    writeFileSync(join(folder, "bots/broken.ts"), "export default 1;\n");
    const { code, stderr } = await webhooks(settings, "sync");
    expect(code).toBe(2);
    expect(stderr).toContain("bots/broken.ts");
    expect(await existing()).toEqual([]);
  });
});

describe("ping", () => {
  it("tells a receiver with our secret from one with another, and from none", async () => {
    const receiver = await openReceiver(SECRET);
    const env = { ...settings, PUBLIC_URL: `http://127.0.0.1:${receiver.port}` };
    const good = await webhooks(env, "ping", "--json");
    const mistaken = await webhooks({ ...env, WEBEX_WEBHOOK_SECRET: "another" }, "ping");
    await receiver.close();
    const gone = await webhooks(settings, "ping", "--json", "--target", `${receiver.targetUrl}?key=hidden`);
    expect([good.code, JSON.parse(good.stdout)]).toEqual([
      0,
      { target: receiver.targetUrl, ms: expect.any(Number) },
    ]);
    expect([mistaken.code, mistaken.stderr]).toEqual([
      1,
      expect.stringMatching(/answers 401.*does not know this/),
    ]);
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.stderr)).toMatchObject({
      error: {
        code: "receiver-unreachable",
        message: expect.stringMatching(/\?key=… cannot be reached: .*ECONNREFUSED/),
      },
    });
  });
});

describe("exit codes", () => {
  it.each([
    [2, ["list"], {}, /WEBEX_BOT_TOKEN is missing/],
    [
      2,
      ["create", "--resource", "rooms", "--event", "created"],
      { WEBEX_BOT_TOKEN: "x" },
      /SECRET.*PUBLIC_URL/,
    ],
    [2, ["sync"], { WEBEX_BOT_TOKEN: "x" }, /WEBEX_WEBHOOK_SECRET is missing.*PUBLIC_URL is missing/],
    [2, ["get", ""], {}, /an id is empty/],
    [2, ["delete", ""], {}, /an id is empty/],
    [2, ["delete"], {}, /missing required argument 'ids'/],
    [2, ["create", "--event", "created"], {}, /--resource <resource>' not specified/],
    [2, ["list", "--owned-by", "me"], {}, /Allowed choices are creator, org/],
  ])("%d after %j with %j", async (code, args, env, message) => {
    const result = await webhooks(env, ...args);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toMatch(message);
  });

  it.each([[["get", "no-such"]], [["update", "no-such", "--name", "x"]], [["delete", "no-such"]]])(
    "3 after %j",
    async (args) => {
      const { code, stdout, stderr } = await webhooks(access, ...args);
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toMatch(/this token has no webhook no-such/);
    },
  );

  it("1 for a token that Webex does not know, which is not repeated", async () => {
    const { code, stdout, stderr } = await webhooks({ ...access, WEBEX_BOT_TOKEN: "mistaken" }, "list");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/webex GET \/webhooks answered 401/);
    expect(stderr).not.toContain("mistaken");
  });

  it("reads .env as start does", async () => {
    writeFileSync(
      join(folder, ".env"),
      Object.entries(access)
        .map((pair) => pair.join("="))
        .join("\n"),
    );
    expect((await webhooks({}, "list")).code).toBe(0);
  });
});
