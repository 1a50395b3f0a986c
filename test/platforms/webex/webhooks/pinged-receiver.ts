import { silentLogger } from "../../../../src/core/contract/logger";
import { createInboxWriter } from "../../../../src/core/receive/receive";
import { createPrometheusMetrics, type PrometheusMetrics } from "../../../../src/http/metrics";
import { createReceiver } from "../../../../src/http/receiver";
import { openEmbedded } from "../../../../src/inbox/embedded";
import { createWebex } from "../../../../src/platforms/webex";
import { closed, listening } from "../../../http/receiver-fixture";
import { tempDir } from "../../../inbox/temp-dir";

/** A receiver of Webex with a real inbox, on a port of this computer. */
export interface PingedReceiver {
  readonly port: number;
  /** Where Webex would deliver. */
  readonly targetUrl: string;
  readonly metrics: PrometheusMetrics;
  /** Answers everything with 502, as a proxy does whose program is gone, until it is told not to. */
  isBroken: boolean;
  /** How many events wait in the inbox. */
  stored(): Promise<number>;
  close(): Promise<void>;
}

export async function openReceiver(...secrets: string[]): Promise<PingedReceiver> {
  const inbox = await openEmbedded({ dataDir: tempDir() });
  const metrics = createPrometheusMetrics(inbox);
  const webex = createWebex({ token: "none is needed", secrets });
  const receiver = createReceiver({
    platforms: [webex],
    accept: createInboxWriter(inbox),
    log: silentLogger,
    metrics,
  });
  const serve = receiver.or((_request, response) => response.writeHead(404).end());
  const { server, port } = await listening((request, response) => {
    if (opened.isBroken) response.writeHead(502).end();
    else serve(request, response);
  });
  const opened: PingedReceiver = {
    port,
    targetUrl: `http://127.0.0.1:${port}/webhooks/webex`,
    metrics,
    isBroken: false,
    stored: async () => (await inbox.counts()).waiting,
    async close() {
      await closed(server);
      await webex.close();
      await inbox.close();
    },
  };
  return opened;
}
