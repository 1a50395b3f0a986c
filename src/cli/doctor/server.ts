import type { CommonConfig } from "../../config";
import { type Finding, skipped, warning, well } from "../../core/finding";

/** Whether the program runs on this computer, by asking it. */
export async function examineServer({ host, port }: Pick<CommonConfig, "host" | "port">): Promise<Finding> {
  if (port === 0) return skipped("server", "PORT=0 takes any free one: nobody knows where it would be");
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const where = `http://${reached}:${port}`;
  const [health, readiness] = await Promise.all([statusOf(`${where}/healthz`), statusOf(`${where}/readyz`)]);
  if (health === undefined) return skipped("server", `nothing listens at ${where}: it does not run here`);
  if (health !== 200)
    return warning(
      "server",
      `something else than this program answers ${health} at ${where}`,
      "stop that, or set PORT to a free one",
    );
  if (readiness === 200) {
    const hasPlayground = (await statusOf(`${where}/playground/`)) === 200;
    const playground = hasPlayground ? `; the playground is at ${where}/playground/` : "";
    return well("server", `it runs at ${where} and handles events${playground}`);
  }
  return warning(
    "server",
    `it runs at ${where} and keeps deliveries, but handles no events yet`,
    "its log says what it waits for",
  );
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: "manual" });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}
