import { silentLogger } from "../../../../src/core/contract/logger";
import { catalogUrlFor, readCatalog } from "../../../../src/platforms/webex/websocket/catalog";
import { openDevice } from "../../../../src/platforms/webex/websocket/device";
import { createServices, type Services } from "../../../../src/platforms/webex/websocket/services";
import { createFastClock } from "../../api/fast-clock";
import { type MercuryServer, openMercuryServer, TOKEN } from "./mercury-server";

const { signal } = new AbortController();
let server: MercuryServer;
let services: Services;

beforeEach(async () => {
  server = await openMercuryServer();
  services = servicesWith(TOKEN);
});
afterEach(async () => {
  await services.close();
  await server.close();
});

function servicesWith(token: string): Services {
  return createServices({
    token,
    catalogUrl: server.catalogUrl,
    log: silentLogger,
    clock: createFastClock(),
  });
}

describe("the catalog", () => {
  const catalog = () => readCatalog(services, server.catalogUrl, signal);

  it("tells where devices are, and the cluster of a host as ids have it", async () => {
    const { devicesUrl, clusterOf } = await catalog();
    expect(devicesUrl).toBe(`${server.url}/wdm/api/v1`);
    expect(clusterOf("https://conv-r.wbx2.com/conversation/api/v1")).toBe("urn:TEAM:us-west-2_r");
    expect([clusterOf("https://elsewhere.example"), clusterOf("no address")]).toEqual([undefined, undefined]);
  });

  it.each([
    ["urn:TEAM:us-east-2_a:conversation", "us"],
    ["urn:TEAM:us-east-1_int13:conversation", "us"],
    ["urn:TEAM:eu-central-1_k:conversation", "urn:TEAM:eu-central-1_k"],
    ["nonsense", undefined],
  ])("puts %s into the cluster %s", async (id, cluster) => {
    server.answers["GET /u2c/api/v1/catalog"] = {
      serviceLinks: { wdm: server.url },
      hostCatalog: { "Conv.example": [{ id }], "other.example": "none" },
    };
    expect((await catalog()).clusterOf("https://conv.example/x")).toBe(cluster);
  });

  it("without a device service says which catalog it is, and what to do", async () => {
    server.answers["GET /u2c/api/v1/catalog"] = { serviceLinks: { hydra: server.url } };
    await expect(catalog()).rejects.toThrow(
      /^webex connection refused: the service catalog at 127\.0\.0\.1:\d+ has no device service \(wdm\).*Webhooks need none$/,
    );
  });

  it("that refuses the token says which variable to look at, and not what is in it", async () => {
    const others = servicesWith("an0ther-token");
    const refused = await readCatalog(others, server.catalogUrl, signal).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "api-refused", status: 401 });
    expect(String(refused)).toMatch(/WEBEX_BOT_TOKEN/);
    expect(String(refused)).not.toContain("an0ther");
    await others.close();
  });

  it("that makes no sense is no answer", async () => {
    server.answers["GET /u2c/api/v1/catalog"] = { services: [] };
    await expect(catalog()).rejects.toMatchObject({ code: "api-unreachable" });
  });

  it.each([
    ["https://webexapis.com/v1", "https://u2c.wbx2.com/u2c/api/v1/catalog"],
    ["https://api-usgov.webex.com/v1", "https://u2c.gov.ciscospark.com/u2c/api/v1/catalog"],
    ["https://webex.example/api/v1", "https://webex.example/u2c/api/v1/catalog"],
  ])("of %s is %s", (apiBaseUrl, catalogUrl) => {
    expect(catalogUrlFor(apiBaseUrl)).toBe(catalogUrl);
  });
});

it.each(["http://wdm.example/", "ws://mercury.example/", "ftp://wdm.example/", "nowhere"])(
  "a catalog that is encrypted cannot have the token sent to %s",
  (url) => {
    const catalogUrl = "https://u2c.wbx2.com/u2c/api/v1/catalog";
    const guarded = createServices({ token: TOKEN, catalogUrl, log: silentLogger, clock: createFastClock() });
    expect(() => guarded.check(url)).toThrow(/not encrypted/);
    expect(() => guarded.check("wss://mercury.example/")).not.toThrow();
  },
);

describe("a device", () => {
  const open = (isStale = false) => {
    const devicesUrl = `${server.url}/wdm/api/v1`;
    return openDevice({ services, devicesUrl, name: "bellhop default", log: silentLogger }, isStale, signal);
  };
  const device = (number: number, name: string) => ({
    ...{ url: `${server.devicesUrl}/${number}`, name },
    webSocketUrl: `ws://127.0.0.1/${number}`,
  });
  const listed = (...devices: object[]) => {
    server.answers["GET /wdm/api/v1/devices"] = { devices };
  };

  it("is registered when there is none", async () => {
    expect(await open()).toMatchObject({ name: "bellhop default" });
    expect(server.calls).toEqual(["GET /wdm/api/v1/devices", "POST /wdm/api/v1/devices"]);
  });

  it("of our name is refreshed and used again", async () => {
    listed(device(8, "somebody's browser"), device(9, "bellhop default"));
    server.answers["PUT /wdm/api/v1/devices/9"] = device(9, "bellhop default");
    expect(await open()).toMatchObject({ webSocketUrl: "ws://127.0.0.1/9" });
    expect(server.calls).toEqual(["GET /wdm/api/v1/devices", "PUT /wdm/api/v1/devices/9"]);
  });

  it("that has run out is registered anew", async () => {
    listed(device(9, "bellhop default"));
    expect(await open()).toMatchObject({ url: `${server.devicesUrl}/1` });
    expect(server.calls.at(-1)).toBe("POST /wdm/api/v1/devices");
  });

  it("that let nobody connect is not used again", async () => {
    listed(device(9, "bellhop default"));
    await open(true);
    expect(server.calls).toEqual(["GET /wdm/api/v1/devices", "POST /wdm/api/v1/devices"]);
  });

  it("of somebody else is taken over when Webex allows no more, one of ours first", async () => {
    listed(device(7, "browser"), device(8, "bellhop sales"));
    server.answers["POST /wdm/api/v1/devices"] = () => ({
      status: 403,
      body: { message: "User has excessive device registrations" },
    });
    server.answers["PUT /wdm/api/v1/devices/7"] = device(7, "browser");
    server.answers["PUT /wdm/api/v1/devices/8"] = device(8, "bellhop sales");
    expect(await open()).toMatchObject({ name: "bellhop sales" });
    delete server.answers["PUT /wdm/api/v1/devices/8"];
    expect(await open()).toMatchObject({ name: "browser" });
  });

  it("that may not be registered says what is missing", async () => {
    server.answers["POST /wdm/api/v1/devices"] = () => ({ status: 403, body: { message: "Forbidden" } });
    await expect(open()).rejects.toThrow(
      /answered 403: Forbidden.*spark:all and spark:kms.*Webhooks need no device/,
    );
  });
});
