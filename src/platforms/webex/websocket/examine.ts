import { type Diagnostic, fault, well } from "../../../core/contract/diagnostic";
import { describeError } from "../../../core/contract/errors";
import { silentLogger } from "../../../core/contract/logger";
import type { Clock } from "../../api/clock";
import { readCatalog } from "./catalog";
import { listDevices } from "./device";
import { createServices } from "./services";

export interface WebsocketExaminationParts {
  readonly token: string;
  readonly catalogUrl: string;
  readonly deviceName: string;
  readonly clock: Clock;
}

/** Looks whether there is a websocket for the token, and connects to nothing: that would take a running bot's place. */
export async function examineWebsocket(
  { token, catalogUrl, deviceName: name, clock }: WebsocketExaminationParts,
  signal: AbortSignal,
): Promise<Diagnostic> {
  const services = createServices({ token, catalogUrl, log: silentLogger, clock });
  try {
    const { devicesUrl } = await readCatalog(services, catalogUrl, signal);
    const devices = await listDevices({ services, devicesUrl, name, log: silentLogger }, signal);
    const isKnown = devices.some((device) => device.name === name);
    const here = isKnown ? `the device "${name}" is registered` : `the first start registers "${name}"`;
    return well("websocket", `events can come from ${new URL(devicesUrl).host}; ${here}`);
  } catch (error) {
    return fault(
      "websocket",
      describeError(error),
      "see whether WEBEX_WEBSOCKET_CATALOG_URL is that of the bot's cloud, and whether a proxy lets it through; WEBEX_TRANSPORT=webhooks does without",
    );
  } finally {
    await services.close();
  }
}
