import { TestEnvironment } from "jest-environment-node";
import { importers } from "../../src/inbox/postgres/importers";

/**
 * Loads `pg` and `pg-boss` outside of the sandbox in which jest runs tests. pg-boss is ESM-only, which jest loads
 * nowhere but with a flag of Node that every `npx jest` would need; an environment is run by Node itself. A file of
 * tests asks for it in its first lines.
 */
// biome-ignore lint/style/noDefaultExport: it is what jest takes from the file.
export default class PostgresEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    const pg = await importers.pg();
    this.global.postgresPackages = { pg, pgBoss: await importers.pgBoss() };
  }
}
