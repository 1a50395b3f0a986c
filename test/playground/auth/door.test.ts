import { request } from "node:http";
import { join } from "node:path";
import type { CardPreviews, PlaygroundOptions } from "../../../src/playground";
import { Passes } from "../../../src/playground/auth/pass";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";
import { tempDir } from "../../inbox/temp-dir";

const password = "correct horse battery";
const dayMs = 24 * 60 * 60_000;
const cards: CardPreviews = { list: async () => [], watch: () => () => undefined };

let now: number;
let stateDir: string;
let playground: ListeningPlayground;

async function open(options: Partial<PlaygroundOptions> = {}): Promise<void> {
  playground = await listenPlayground({ password, stateDir, cards, now: () => now, ...options });
}

beforeEach(async () => {
  now = Date.now();
  stateDir = join(tempDir(), "playground");
  await open();
});
afterEach(() => playground.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** From another computer, as far as the server can tell: fetch does not let one choose the Host header. */
function call(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      playground.url + path,
      { method, headers: { Host: "bots.example", ...headers }, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    sent.on("error", reject).end(body);
  });
}

function signIn(given: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  return call(
    "POST",
    "/sign-in",
    { ...type, ...headers },
    new URLSearchParams({ password: given }).toString(),
  );
}

/** What a browser sends back. */
function cookieOf({ headers }: Answer): string {
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

it("lets in whoever knows the password, under any name", async () => {
  const answer = await signIn(password);
  expect([answer.status, answer.headers.location]).toEqual([303, "/playground/"]);
  const Cookie = cookieOf(answer);
  expect(JSON.parse((await call("GET", "/api/session", { Cookie })).text).people).toHaveLength(3);
  const says = { Cookie, "Content-Type": "application/json" };
  expect(
    (await call("POST", "/api/spika/messages", says, JSON.stringify({ who: "Ada", text: "hello" }))).status,
  ).toBe(200);
  expect((await call("GET", "/", { Cookie })).text).toContain('id="composer"');
});

it("gives a pass that scripts cannot read, other pages cannot use, and that only the playground is sent", async () => {
  const plain = (await signIn(password)).headers["set-cookie"]?.[0];
  expect(plain).toMatch(/; Path=\/playground; HttpOnly; SameSite=Strict$/);
  const behindProxy = (await signIn(password, { "X-Forwarded-Proto": "https" })).headers["set-cookie"]?.[0];
  expect(behindProxy).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
});

describe.each([
  ["GET", "/api/session"],
  ["GET", "/api/events"],
  ["GET", "/api/faults"],
  ["DELETE", "/api/faults"],
  ["DELETE", "/api/state"],
  ["POST", "/api/deliveries/x/again"],
  ["GET", "/api/spika/messages"],
  ["GET", "/api/intercom/conversations/1"],
  ["GET", "/api/cards"],
  ["GET", "/api/cards/events"],
  ["GET", "/"],
  ["GET", "/cards"],
  ["GET", "/index.html"],
  ["GET", "/main.js"],
])("%s %s", (method, path) => {
  it.each<[string, () => Record<string, string>]>([
    ["without a pass", () => ({})],
    ["on this computer, either", () => ({ Host: "localhost" })],
    ["with the password as a pass", () => ({ Cookie: `bellhop_playground=${password}` })],
    ["with a pass under another name", () => ({ Cookie: ownPass().replace("bellhop_playground", "x") })],
    ["with a later date", () => ({ Cookie: ownPass().replace(/=\d/, "=9") })],
    ["with half a signature", () => ({ Cookie: ownPass().slice(0, -20) })],
    ["with no signature", () => ({ Cookie: ownPass().replace(/\..*/, ".") })],
    ["with a pass of another playground", () => ({ Cookie: passOf("another secret") })],
  ])("is refused %s", async (_fact, headers) => {
    pass = cookieOf(await signIn(password));
    const { status, text } = await call(method, path, headers());
    expect(status).toBe(401);
    for (const { token } of playground.webex.people) expect(text).not.toContain(token);
  });
});

let pass = "";
const ownPass = (): string => pass;

function passOf(secret: string): string {
  return new Passes(secret, password, () => now).issue("/", false).split(";")[0] ?? "";
}

it("takes a pass for a week", async () => {
  const Cookie = cookieOf(await signIn(password));
  now += 7 * dayMs - 1;
  expect((await call("GET", "/api/session", { Cookie })).status).toBe(200);
  now += 1;
  expect((await call("GET", "/api/session", { Cookie })).status).toBe(401);
});

it("takes a pass after a restart, and not with another password", async () => {
  const Cookie = cookieOf(await signIn(password));
  await playground.close();
  await open();
  expect((await call("GET", "/api/session", { Cookie })).status).toBe(200);
  await playground.close();
  await open({ password: `${password}!` });
  expect((await call("GET", "/api/session", { Cookie })).status).toBe(401);
});

it.each<[string, string]>([
  ["another one", "incorrect horse battery"],
  ["a part of it", password.slice(0, -1)],
  ["more than it", `${password}!`],
  ["it in capitals", password.toUpperCase()],
  ["none", ""],
])("refuses %s and asks again", async (_fact, given) => {
  const answer = await signIn(given);
  expect(answer.status).toBe(401);
  expect(answer.headers["set-cookie"]).toBeUndefined();
  expect(answer.text).toContain("That is not the password.");
  if (given !== "") expect(answer.text).not.toContain(given);
});

it.each<[string, Record<string, string>, string, number]>([
  ["JSON", { "Content-Type": "application/json" }, JSON.stringify({ password }), 401],
  ["the password twice", form(), `password=${password}&password=${password}`, 401],
  ["no body", {}, "", 401],
  ["a long body", form(), `password=${"x".repeat(3_000)}`, 400],
])("refuses %s", async (_fact, headers, body, status) => {
  expect((await call("POST", "/sign-in", headers, body)).status).toBe(status);
});

function form(): Record<string, string> {
  return { "Content-Type": "application/x-www-form-urlencoded" };
}

it("slows down who tries passwords, whichever is next, and says how long", async () => {
  for (let n = 0; n < 6; n++) {
    await signIn("wrong");
    now += n === 4 ? 1_000 : 0;
  }
  const early = await signIn(password);
  expect([early.status, early.headers["retry-after"]]).toEqual([429, "2"]);
  expect(early.text).toContain("Try again in 2 s.");
  now += 2_000;
  expect((await signIn(password)).status).toBe(303);
});

it("asks on a page that runs no script and sends to nobody else", async () => {
  const { text, headers } = await call("GET", "/");
  expect(text).toContain('<form class="dialog-form" method="post" action="/playground/sign-in">');
  expect(headers["content-security-policy"]).toContain("form-action 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["cache-control"]).toBe("no-store");
  expect((await call("GET", "/style.css")).status).toBe(200);
});

it("leaves the platforms' APIs to their tokens", async () => {
  const headers = { Authorization: `Bearer ${playground.webex.botToken}` };
  expect((await call("GET", "/webex/v1/people/me", headers)).status).toBe(200);
  expect((await call("GET", "/webex/v1/people/me")).status).toBe(401);
});

it("has no form where there is no password", async () => {
  await playground.close();
  await open({ password: undefined });
  expect((await call("POST", "/sign-in", { Host: "127.0.0.1" })).status).toBe(404);
  expect((await call("GET", "/api/session", { Host: "127.0.0.1" })).status).toBe(200);
  expect((await call("GET", "/api/session")).status).toBe(403);
});
