import { describeError, InboxError } from "../../core/contract/errors";
import type { Importers } from "./importers";

// Types only: a bot with the embedded inbox does not install the packages.
export type PgModule = typeof import("pg");
export type PgBossModule = typeof import("pg-boss", { with: { "resolution-mode": "import" }});

const INSTALL = "npm install pg pg-boss@12.38.0";
const MAJOR = 12;
/** The first version that was tested. It has fenced leases and the policy "exclusive". */
const LEAST_MINOR = 38;

/**
 * Loads `pg` and `pg-boss`.
 * @throws InboxError with the command that installs them
 */
export async function loadPackages(from: Importers): Promise<{ pg: PgModule; pgBoss: PgBossModule }> {
  const version = await tryTo(async () => from.pgBossVersion());
  // Checked first: on an old Node.js, npm installs a version that does not keep the order.
  if (!isKnown(version)) {
    throw new InboxError(
      "inbox-failed",
      `DATABASE_URL is set, but the installed pg-boss is ${version}; this version of Bellhop needs ${MAJOR}.${LEAST_MINOR} or a later ${MAJOR}.x. Run: ${INSTALL}`,
    );
  }
  // In sequence: pg-boss imports pg too, and Node.js 20 with a loader fails to import both at once.
  const pg = await tryTo(() => from.pg());
  const pgBoss = await tryTo(() => from.pgBoss());
  // Asserted: the names and the version are right.
  return { pg: pg as PgModule, pgBoss: pgBoss as PgBossModule };
}

async function tryTo<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new InboxError(
      "inbox-failed",
      `DATABASE_URL is set, but the packages for PostgreSQL cannot be loaded: ${describeError(error).split("\n")[0]}. Run: ${INSTALL}`,
      error,
    );
  }
}

function isKnown(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === MAJOR && minor !== undefined && minor >= LEAST_MINOR;
}
