import { ApiError } from "../../../core/contract/errors";
import type { Logger } from "../../../core/contract/logger";
import { object, optional, string } from "../../api/wire";
import type { Services } from "./services";

/** What Webex sends events to: a registration that outlives connections. */
export interface Device {
  readonly url: string;
  readonly name: string | undefined;
  readonly webSocketUrl: string;
}

export interface DeviceParts {
  readonly services: Services;
  /** From the catalog. */
  readonly devicesUrl: string;
  /** Two programs with the same name take each other's place. */
  readonly name: string;
  readonly log: Logger;
}

const ADVICE = {
  403: "The account may not register a device: an integration needs the scopes spark:all and spark:kms. Webhooks need no device",
};

/**
 * Finds the device of our name and refreshes it, or registers one. Webex allows only so many of an account; beyond that
 * another one of the account is taken over.
 * @param isStale the one of our name is no use any more
 * @throws ApiError, NetworkError
 */
export async function openDevice(parts: DeviceParts, isStale: boolean, signal: AbortSignal): Promise<Device> {
  const { name, log } = parts;
  const devices = await listDevices(parts, signal);
  const ours = isStale ? undefined : devices.find((device) => device.name === name);
  const refreshed = ours && (await refresh(parts, ours, signal));
  if (refreshed !== undefined) return refreshed;
  try {
    return await register(parts, signal);
  } catch (error) {
    if (!isDeviceLimit(error)) throw error;
    for (const device of devices.toSorted((a, b) => rank(b) - rank(a))) {
      const taken = await refresh(parts, device, signal);
      if (taken === undefined) continue;
      log.warn("Webex allows the account no more devices; one that it has is taken over", {
        device: device.name,
      });
      return taken;
    }
    throw error;
  }
}

/** Those of the account, of whatever program. @throws ApiError, NetworkError */
export async function listDevices(
  { services, devicesUrl }: DeviceParts,
  signal: AbortSignal,
): Promise<Device[]> {
  const request = { method: "GET", url: `${devicesUrl}/devices`, advice: ADVICE } as const;
  // Where there are none, Webex answers 404.
  return (await unlessGone(services.call(request, parseDevices, signal))) ?? [];
}

/** @returns `undefined` when Webex does not know it any more */
async function refresh(parts: DeviceParts, device: Device, signal: AbortSignal): Promise<Device | undefined> {
  const request = { method: "PUT", url: device.url, json: description(device.name ?? parts.name) } as const;
  return unlessGone(parts.services.call(request, parseDevice, signal));
}

function register({ services, devicesUrl, name }: DeviceParts, signal: AbortSignal): Promise<Device> {
  return services.call(
    {
      method: "POST",
      url: `${devicesUrl}/devices`,
      query: { includeUpstreamServices: "all" },
      json: description(name),
      advice: ADVICE,
    },
    parseDevice,
    signal,
  );
}

function description(name: string) {
  return {
    name,
    deviceName: name,
    deviceType: "DESKTOP",
    model: "bellhop",
    localizedModel: "bellhop",
    systemName: "bellhop",
    systemVersion: "1",
  };
}

/** @throws WireError */
function parseDevice(body: unknown): Device {
  const fields = object(body);
  return {
    url: string(fields, "url"),
    name: optional(fields, "name"),
    webSocketUrl: string(fields, "webSocketUrl"),
  };
}

/** Those that something can be sent to. @throws WireError */
function parseDevices(body: unknown): Device[] {
  const { devices } = object(body);
  if (!Array.isArray(devices)) return [];
  return devices.filter((device) => optional(object(device), "webSocketUrl") !== undefined).map(parseDevice);
}

/** Our own, of other accounts' names or hosts, before anybody else's. */
function rank({ name }: Device): number {
  return name?.startsWith("bellhop") ? 1 : 0;
}

/** The status is not documented, the words are. */
function isDeviceLimit(error: unknown): boolean {
  return error instanceof ApiError && error.message.includes("excessive device registrations");
}

async function unlessGone<Value>(answer: Promise<Value>): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
