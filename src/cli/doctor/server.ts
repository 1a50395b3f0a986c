import type { CommonConfig } from "../../config";
import { type Diagnostic, fault, skipped, warning, well } from "../../core/contract/diagnostic";
import type { ReadinessReport } from "../../core/contract/readiness";

/** Whether the program runs on this computer, by asking it. */
export async function examineServer({
  host,
  port,
}: Pick<CommonConfig, "host" | "port">): Promise<Diagnostic> {
  if (port === 0) return skipped("server", "PORT=0 takes any free one: nobody knows where it would be");
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const where = `http://${reached}:${port}`;
  const [health, readiness] = await Promise.all([statusOf(`${where}/healthz`), readinessAt(where)]);
  if (health === undefined) return skipped("server", `nothing listens at ${where}: it does not run here`);
  if (health !== 200)
    return warning(
      "server",
      `something else than this program answers ${health} at ${where}`,
      "stop that, or set PORT to a free one",
    );
  if (readiness?.status === 200) {
    const page = await statusOf(`${where}/playground/`);
    const hasPlayground = page === 200 || page === 401; // 401: it has a password
    const playground = hasPlayground ? `; the playground is at ${where}/playground/` : "";
    return well("server", `it runs at ${where} and handles events${playground}`);
  }
  const problems = readiness?.problems ?? [];
  if (problems.length > 0)
    return fault(
      "server",
      `it runs at ${where}, but is not ready: ${problems.join(" ")}`,
      "its log says more",
    );
  return warning(
    "server",
    `it runs at ${where} and keeps deliveries, but handles no events yet`,
    "its log says what it waits for",
  );
}

/** The status, and what has failed beyond that the program has not started yet. */
async function readinessAt(
  where: string,
): Promise<{ readonly status: number; readonly problems: readonly string[] } | undefined> {
  try {
    const response = await fetch(`${where}/readyz`, {
      signal: AbortSignal.timeout(5_000),
      redirect: "manual",
    });
    // Asserted, and read with care: another program may listen there.
    const report = (await response.json()) as Partial<ReadinessReport> | null;
    const checks = Array.isArray(report?.checks) ? report.checks : [];
    const problems = checks.flatMap(({ check, isOk, message }) =>
      isOk === false && check !== "start" && message !== undefined ? [message] : [],
    );
    return { status: response.status, problems };
  } catch {
    return undefined;
  }
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
