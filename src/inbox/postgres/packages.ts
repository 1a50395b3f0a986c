import { describe, InboxError } from "../../core/errors";
import type { Importers } from "./importers";

// Types only: the packages are not installed where the embedded inbox is used.
export type PgModule = typeof import("pg");
export type PgBossModule = typeof import("pg-boss", { with: { "resolution-mode": "import" }});

const INSTALL = "npm install pg pg-boss@12.38.0";
const MAJOR = 12;
/** The first one tried; leases that are fenced by their attempt and the policy "exclusive" are in it. */
const LEAST_MINOR = 38;

/**
 * Loads the packages that only this inbox needs.
 * @throws InboxError that says what to install
 */
export async function loadPackages(from: Importers): Promise<{ pg: PgModule; pgBoss: PgBossModule }> {
  const version = await tryTo(async () => from.pgBossVersion());
  // Checked first: what an npm of an old Node picks by itself is a version that cannot keep the order.
  if (!isKnown(version)) {
    throw new InboxError(
      "inbox-failed",
      `DATABASE_URL is set, but the installed pg-boss is ${version}; this version of Bellhop is made for ${MAJOR}.${LEAST_MINOR} and later ${MAJOR}.x. Run: ${INSTALL}`,
    );
  }
  // One after the other: pg-boss imports pg as well, and below a loader Node 20 stumbles over two at once.
  const pg = await tryTo(() => from.pg());
  const pgBoss = await tryTo(() => from.pgBoss());
  // Asserted: they are called so, and the version is one that was tried.
  return { pg: pg as PgModule, pgBoss: pgBoss as PgBossModule };
}

async function tryTo<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new InboxError(
      "inbox-failed",
      `DATABASE_URL is set, but the packages for PostgreSQL cannot be loaded: ${describe(error).split("\n")[0]}. Run: ${INSTALL}`,
      error,
    );
  }
}

function isKnown(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === MAJOR && minor !== undefined && minor >= LEAST_MINOR;
}
