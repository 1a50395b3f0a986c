import {
  type Importers,
  importers,
  type PgBossModule,
  type PgModule,
} from "../../src/inbox/postgres/packages";

declare global {
  /** From the environment. */
  var postgresPackages: { readonly pg: PgModule; readonly pgBoss: PgBossModule };
}

/** The packages as the environment has loaded them. */
export const loaded: Importers = {
  ...importers,
  pg: async () => postgresPackages.pg,
  pgBoss: async () => postgresPackages.pgBoss,
};
