import { createRequire } from "node:module";

/** Loads the two packages. Without their types, so that a project without them compiles. */
export interface Importers {
  pg(): Promise<unknown>;
  pgBoss(): Promise<unknown>;
  /** Version of the installed pg-boss, for example `"12.38.0"`. */
  pgBossVersion(): string;
}

/** Loads them from node_modules. pg-boss is ESM, so it needs `import()`. */
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
