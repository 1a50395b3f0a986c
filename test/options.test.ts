import {
  ArgumentError,
  createBellhop,
  createIntercom,
  createIntercomClient,
  createLogger,
  createSpika,
  createSpikaAdministration,
  createWebex,
  createWebexClient,
  migratePostgres,
  openEmbedded,
  openEmbeddedAdmin,
  openPostgres,
  openPostgresAdmin,
} from "bellhop";
import { createPlayground } from "bellhop/testing";

// As a program in JavaScript may call them: the compiler refuses each of these.
type Loose = (options: unknown) => unknown;

const FUNCTIONS: Readonly<Record<string, readonly [call: unknown, option: string, misspelt: string]>> = {
  createBellhop: [createBellhop, "platforms", "platfroms"],
  createWebex: [createWebex, "token", "tokn"],
  createWebexClient: [createWebexClient, "baseUrl", "baseURI"],
  createSpika: [createSpika, "apiKey", "apikey"],
  createSpikaAdministration: [createSpikaAdministration, "userToken", "usertoken"],
  createIntercom: [createIntercom, "secrets", "secret"],
  createIntercomClient: [createIntercomClient, "token", "toke"],
  openEmbedded: [openEmbedded, "dataDir", "datadir"],
  openEmbeddedAdmin: [openEmbeddedAdmin, "dataDir", "dataDr"],
  openPostgres: [openPostgres, "databaseUrl", "databaseURL"],
  openPostgresAdmin: [openPostgresAdmin, "databaseUrl", "dataUrl"],
  migratePostgres: [migratePostgres, "databaseUrl", "databseUrl"],
  createLogger: [createLogger, "level", "levle"],
  createPlayground: [createPlayground, "timeoutMs", "timeoutMS"],
};

describe("a function of the package", () => {
  it.each(Object.entries(FUNCTIONS))(
    "%s refuses an unknown option",
    async (name, [call, option, misspelt]) => {
      const attempt = async (): Promise<unknown> => (call as Loose)({ [misspelt]: "x" });
      await expect(attempt()).rejects.toThrow(ArgumentError);
      await expect(attempt()).rejects.toThrow(`${name}: there is no option "${misspelt}"`);
      const isNear = misspelt !== "dataUrl";
      if (isNear) await expect(attempt()).rejects.toThrow(`did you mean "${option}"?`);
    },
  );

  it.each(Object.entries(FUNCTIONS))("%s refuses options that are no object", async (name, [call]) => {
    const attempt = async (): Promise<unknown> => (call as Loose)("x");
    await expect(attempt()).rejects.toThrow(`${name}: the options are a text, expected an object`);
  });

  it.each([
    [{ platforms: undefined }, "createBellhop: platforms is undefined, expected a list"],
    [{ platforms: [], worker: { retries: 3 } }, 'createBellhop, worker: there is no option "retries"'],
    [{ platforms: [], buttons: { secret: "x" } }, 'createBellhop, buttons: there is no option "secret"'],
    [
      { platforms: [], catchUp: { maxAge: 1 } },
      'catchUp: there is no option "maxAge", did you mean "maxAgeMs"?',
    ],
    [{ platforms: [], dataDir: "x" }, 'createBellhop: there is no option "dataDir"'],
  ])("createBellhop refuses %j", async (options, message) => {
    await expect((createBellhop as unknown as Loose)(options)).rejects.toThrow(message);
  });
});
