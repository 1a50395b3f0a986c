import { createRequire } from "node:module";
import { describe, InboxError } from "../../core/errors";

// Types only: the packages are not installed where the embedded inbox is used.
export type PgModule = typeof import("pg");
export type PgBossModule = typeof import("pg-boss", { with: { "resolution-mode": "import" }});

/** How the two packages are loaded. */
export interface Importers {
  pg(): Promise<PgModule>;
  pgBoss(): Promise<PgBossModule>;
  /** What the installed pg-boss says of itself: `"12.38.0"`. */
  pgBossVersion(): string;
}

/** From node_modules. pg-boss is ESM, which `import()` loads from CommonJS. */
export const importers: Importers = {
  pg: () => import("pg"),
  pgBoss: () => import("pg-boss"),
  pgBossVersion: () => {
    const manifest: unknown = createRequire(__filename)("pg-boss/package.json");
    return typeof manifest === "object" && manifest !== null && "version" in manifest
      ? String(manifest.version)
      : "unknown";
  },
};

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
  return { pg, pgBoss };
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
