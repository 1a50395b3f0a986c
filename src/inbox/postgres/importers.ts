import { createRequire } from "node:module";

/** How the two packages are loaded. Without their types: whoever has not installed them can compile with ours. */
export interface Importers {
  pg(): Promise<unknown>;
  pgBoss(): Promise<unknown>;
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
