import { ConnectionRefusedError } from "../../../core/contract/errors";
import { stripLastSlashes } from "../../../core/util/strip-slashes";
import { isObject, object, optional } from "../../api/wire";
import type { Services } from "./services";

/** Where a token's cloud has what is needed, and which of its clusters a host belongs to. */
export interface Catalog {
  /** Where devices are registered, without a slash at its end. */
  readonly devicesUrl: string;
  /** The cluster as ids have it: `us`, `urn:TEAM:us-west-2_r`. `undefined` for a host that is not in the catalog. */
  clusterOf(url: string): string | undefined;
}

/** The catalog of the cloud that an API is in; another API than Webex' own is taken to have one beside it. */
export function catalogUrlFor(apiBaseUrl: string): string {
  const { origin, hostname } = new URL(apiBaseUrl);
  if (hostname === "webexapis.com") return "https://u2c.wbx2.com/u2c/api/v1/catalog";
  if (hostname === "api-usgov.webex.com") return "https://u2c.gov.ciscospark.com/u2c/api/v1/catalog";
  return `${origin}/u2c/api/v1/catalog`;
}

/** Clusters that ids call `us`. */
const US: readonly string[] = ["urn:TEAM:us-east-2_a", "urn:TEAM:us-east-1_int13"];

/**
 * Asks which services there are for a token.
 * @param catalogUrl `https://u2c.wbx2.com/u2c/api/v1/catalog`
 * @throws ApiError, NetworkError, ConnectionRefusedError when there is none to register a device with
 */
export async function readCatalog(
  services: Services,
  catalogUrl: string,
  signal: AbortSignal,
): Promise<Catalog> {
  return services.call(
    {
      method: "GET",
      url: catalogUrl,
      query: { format: "hostmap" },
      advice: { 401: "Is WEBEX_BOT_TOKEN the bot's current access token, and of this cloud?" },
    },
    (body) => parseCatalog(body, catalogUrl),
    signal,
  );
}

/** @throws WireError, ConnectionRefusedError */
function parseCatalog(body: unknown, catalogUrl: string): Catalog {
  const { serviceLinks, hostCatalog } = object(body);
  const devicesUrl = optional(object(serviceLinks), "wdm");
  if (devicesUrl === undefined)
    throw new ConnectionRefusedError(
      "webex",
      `the service catalog at ${new URL(catalogUrl).host} has no device service (wdm) for this token. Is it the catalog of the bot's cloud? Webhooks need none`,
    );
  const clusters = new Map<string, string>();
  if (isObject(hostCatalog))
    for (const [host, entries] of Object.entries(hostCatalog)) {
      const cluster = Array.isArray(entries)
        ? entries.map(toCluster).find((one) => one !== undefined)
        : undefined;
      if (cluster !== undefined) clusters.set(host.toLowerCase(), cluster);
    }
  return {
    devicesUrl: stripLastSlashes(devicesUrl),
    clusterOf: (url) => (URL.canParse(url) ? clusters.get(new URL(url).host) : undefined),
  };
}

/** `urn:TEAM:us-west-2_r:conversation` is a service of `urn:TEAM:us-west-2_r`. */
function toCluster(entry: unknown): string | undefined {
  const id = isObject(entry) ? optional(entry, "id") : undefined;
  const parts = id?.split(":") ?? [];
  if (parts.length < 3) return undefined;
  const cluster = parts.slice(0, 3).join(":");
  return US.some((one) => cluster.startsWith(one)) ? "us" : cluster;
}
