import { request } from "node:http";
import { Router } from "express";
import type { CardPreviews } from "../../../src/playground";
import { type ListeningPlayground, listenPlayground } from "../../../src/playground/listen";

const password = "correct horse battery";
const cards: CardPreviews = { list: async () => [], watch: () => () => undefined };

/** Routes that answer without the password or a token, and why. */
const OPEN: Readonly<Record<string, string>> = {
  "POST /sign-in": "a person signs in with it",
  "GET /webex/u2c/api/v1/limited/catalog": "Webex's clients ask it where to sign in; it has addresses only",
};

/** Paths that stand for a route whose path is a regular expression. A new one has to be added here. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "/^\\/(?:main|cards)\\.js$/": ["/main.js", "/cards.js"],
  "/^\\/(?:[\\w-]+\\.(?:html|js|css|map|svg|png|woff2))?$/": [
    "/index.html",
    "/cards.html",
    "/cards.css",
    "/main.js.map",
  ],
};

interface Mount {
  readonly path: string;
  readonly handler: unknown;
}

/** What was mounted with `use`, by router: Express does not keep the paths. */
const mounts = new Map<object, Mount[]>();

interface Layer {
  readonly route?: {
    readonly path: string | RegExp | readonly string[];
    readonly methods: Readonly<Record<string, boolean>>;
  };
}

interface RouterLike {
  readonly stack: readonly Layer[];
}

let playground: ListeningPlayground;

/** Every path passed to `use` while a playground is made. */
function recordMounts(): jest.SpyInstance {
  const proto: { use(...given: unknown[]): unknown } = Router.prototype;
  const { use } = proto;
  return jest.spyOn(proto, "use").mockImplementation(function (this: object, ...given: unknown[]) {
    const [first, ...rest] = given;
    const [path, handlers] = typeof first === "string" ? [first, rest] : ["", given];
    const known = mounts.get(this) ?? [];
    mounts.set(this, [...known, ...handlers.flat(3).map((handler) => ({ path, handler }))]);
    return use.apply(this, given);
  });
}

function isRouter(handler: unknown): handler is RouterLike {
  return typeof handler === "function" && "stack" in handler && Array.isArray(handler.stack);
}

interface Route {
  readonly method: string;
  readonly path: string;
}

/** All routes below a router, with examples in the place of parameters. */
function routesOf(router: RouterLike, prefix = ""): Route[] {
  const own = router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const methods = Object.keys(route.methods).map((name) => name.toUpperCase());
    return pathsOf(route.path).flatMap((path) =>
      methods.flatMap((method) =>
        (method === "_ALL" ? ["GET", "POST", "PUT", "PATCH", "DELETE"] : [method]).map((one) => ({
          method: one,
          path: joined(prefix, path),
        })),
      ),
    );
  });
  const below = (mounts.get(router) ?? []).flatMap(({ path, handler }) => {
    const at = joined(prefix, path);
    if (isRouter(handler)) return routesOf(handler, at);
    return ["GET", "POST"].map((method) => ({ method, path: at }));
  });
  return [...own, ...below];
}

function joined(prefix: string, path: string): string {
  return `${prefix}/${path}`.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
}

function pathsOf(path: string | RegExp | readonly string[]): readonly string[] {
  if (path instanceof RegExp) {
    const examples = EXAMPLES[String(path)];
    if (examples === undefined) throw new Error(`the test has no example of a path for ${String(path)}`);
    return examples;
  }
  return [path].flat().map((one) => one.replace(/:\w+/g, "1"));
}

/** Every distinct route of the playground, mounted as it is. */
function allRoutes(): Route[] {
  const router: unknown = Reflect.get(playground.app, "router");
  if (!isRouter(router)) throw new Error("the playground's app has no router");
  return [...new Map(routesOf(router).map((route) => [`${route.method} ${route.path}`, route])).values()];
}

function statusOf({ method, path }: Route, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      playground.url + path,
      { method, headers: { "Content-Type": "application/json", ...headers }, agent: false },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    sent.on("error", reject).end(method === "GET" ? "" : "{}");
  });
}

/** Answers of all routes that are not in `expected`, as sentences. */
async function unexpected(
  expected: readonly number[],
  headers: Readonly<Record<string, string>>,
): Promise<string[]> {
  const answers = await Promise.all(
    allRoutes().map(async (route) => ({ route, status: await statusOf(route, headers) })),
  );
  return answers
    .filter(({ status }) => !expected.includes(status))
    .map(({ route, status }) => `${route.method} ${route.path} answered ${status}`);
}

async function open(options: Parameters<typeof listenPlayground>[0]): Promise<void> {
  const spy = recordMounts();
  playground = await listenPlayground({ cards, ...options });
  spy.mockRestore();
}

afterEach(async () => {
  await playground.close();
  mounts.clear();
});

it("the walk finds the routes of every part", async () => {
  await open({ password });
  const found = allRoutes().map(({ method, path }) => `${method} ${path}`);
  expect(found).toEqual(
    expect.arrayContaining([
      ...Object.keys(OPEN),
      "GET /",
      "GET /cards",
      "GET /api/session",
      "GET /api/events",
      "GET /api/cards/events",
      "DELETE /api/state",
      "POST /api/faults",
      "GET /api/export",
      "POST /api/intercom/presses",
      "POST /webex/v1/messages",
      "GET /webex/v1/contents/1",
      "POST /webex/wdm/api/v1/devices",
      "POST /spika/api/upload/files",
      "GET /spika/api/upload/files/1",
      "POST /intercom/conversations/1/reply",
      "GET /intercom/attachments/1/1",
    ]),
  );
  expect(found.length).toBeGreaterThan(150);
});

describe("with a password", () => {
  beforeEach(() => open({ password }));

  it.each<[string, () => Record<string, string>]>([
    ["without credentials", () => ({})],
    [
      "with tokens that are not valid",
      () => ({ Authorization: "Bearer none", accesstoken: "none", Cookie: "bellhop_playground=1.1" }),
    ],
  ])("every route but the open ones refuses a request %s", async (_fact, headers) => {
    const answered = await unexpected([401, 403], headers());
    // A sign-in without the password is answered 401 as well.
    const open = Object.keys(OPEN).filter((route) => route !== "POST /sign-in");
    expect(answered).toEqual(open.map((route) => `${route} answered 200`));
  });

  it("a platform's token opens no other platform and no page", async () => {
    const { webex, spika, intercom } = playground;
    const tokens = {
      "/webex/": { Authorization: `Bearer ${webex.botToken}` },
      "/spika/": { accesstoken: spika.apiKey },
      "/intercom/": { Authorization: `Bearer ${intercom.token}` },
    };
    for (const [own, headers] of Object.entries(tokens)) {
      const answered = await unexpected([401, 403], headers);
      const elsewhere = answered.filter(
        (one) =>
          !`${one} `.replace(" answered", "/ answered").includes(` ${own}`) &&
          !one.includes("limited/catalog"),
      );
      expect(elsewhere).toEqual([]);
      expect(answered.length).toBeGreaterThan(5);
    }
  });

  it("a page of another site is refused, even with the cookie", async () => {
    const cookie = await signIn();
    const headers = { Cookie: cookie, Origin: "https://elsewhere.example", "Sec-Fetch-Site": "same-site" };
    const answered = await unexpected([403], headers);
    expect(new Set(answered.map((one) => one.replace(/ answered.*/, "")))).toEqual(
      new Set(Object.keys(OPEN)),
    );
  });
});

async function signIn(): Promise<string> {
  const response = await fetch(`${playground.url}/sign-in`, {
    method: "POST",
    body: new URLSearchParams({ password }),
    redirect: "manual",
  });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("without a password", () => {
  beforeEach(() => open({}));

  it.each<[string, Record<string, string>]>([
    ["was sent to another name", { Host: "bots.example" }],
    ["came through a proxy", { "X-Forwarded-For": "203.0.113.9" }],
    ["was sent by a page of another site", { Origin: "https://elsewhere.example" }],
  ])("every route refuses a request that %s, with tokens too", async (_fact, headers) => {
    const { webex, spika } = playground;
    const tokens = { Authorization: `Bearer ${webex.botToken}`, accesstoken: spika.apiKey };
    expect(await unexpected([403], { ...headers, ...tokens })).toEqual([]);
  });
});
