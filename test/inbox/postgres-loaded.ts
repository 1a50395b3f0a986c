import { type Importers, importers } from "../../src/inbox/postgres/importers";

declare global {
  /** From the environment. */
  var postgresPackages: { readonly pg: unknown; readonly pgBoss: unknown };
}

/** The packages as the environment has loaded them. */
export const loaded: Importers = {
  ...importers,
  pg: async () => postgresPackages.pg,
  pgBoss: async () => postgresPackages.pgBoss,
};
