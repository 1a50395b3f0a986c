import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { createJiti as createPublicJiti } from "jiti";

/** Imports a file, TypeScript or JavaScript, module or CommonJS; run once, however many import it. */
export type ImportFile = (file: string) => Promise<unknown>;

/** What jiti's own entry hands to its inner half, which does the work. */
interface JitiHost {
  onError(error: unknown): never;
  nativeImport(id: string | URL): Promise<unknown>;
  createRequire(file: string): NodeJS.Require;
}
type JitiOptions = NonNullable<Parameters<typeof createPublicJiti>[1]>;
type CreateJiti = (id: string, options: JitiOptions, host: JitiHost) => ReturnType<typeof createPublicJiti>;

const MODULE_ENDINGS: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"]);

/**
 * Makes an importer for the files in a folder and whatever they import, in which the names of `virtual` are always the
 * given objects, whatever is installed beside the folder.
 *
 * jiti tries Node's own import first for every file that Node can run, .mjs and CommonJS among them. There `bellhop`
 * would be another copy, or none, and a module that throws would be run twice. Its public entry has no switch for
 * that, so its inner half is called, with an import and a require that decline what is not in a package; those files
 * are then compiled like TypeScript. Package.json therefore names one exact version of jiti.
 */
export function createModuleLoader(dir: string, virtual: Readonly<Record<string, object>>): ImportFile {
  const home = dirname(require.resolve("jiti/package.json"));
  const createJiti = require(join(home, "dist/jiti.cjs")) as CreateJiti; // as lib/jiti.cjs there calls it
  const loaded: NodeJS.Require["cache"] = {};
  const jiti = createJiti(
    join(dir, "_"),
    {
      virtualModules: { ...virtual },
      // Compiling takes milliseconds a bot; a cache would need a folder that is writable and nobody else's.
      fsCache: false,
      moduleCache: true,
      interopDefault: true,
      tryNative: false,
      debug: false,
      transform: (options) => withStacksAsTheyWere(() => require(join(home, "dist/babel.cjs"))(options)),
    },
    {
      onError(error) {
        throw error;
      },
      async nativeImport(id) {
        const name = String(id);
        const file = name.startsWith("file:") ? fileURLToPath(name) : name;
        if (isOurs(dir, file)) throw new DeclinedError(file);
        return isBuiltin(name) ? require(name) : import(name);
      },
      createRequire: (file) => withoutOurs(dir, createRequire(file), loaded),
    },
  );
  return (file) => jiti.import(file);
}

/** Babel makes itself at home in how every error of the process writes its stack, which then shows compiled lines. */
function withStacksAsTheyWere<Result>(work: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  }
}

/** Never seen outside: jiti answers it by compiling the file. */
class DeclinedError extends Error {
  override readonly name = "DeclinedError";

  constructor(file: string) {
    super(`${file} is compiled rather than run as it is`);
  }
}

/** Whether a file belongs to the bots and their neighbours, and to no package that they use. */
export function isOurs(dir: string, file: string): boolean {
  return (
    isAbsolute(file) &&
    MODULE_ENDINGS.has(extname(file)) &&
    !relative(dir, file).split(sep).includes("node_modules")
  );
}

/** @param loaded the modules that were compiled, by file, for all that import them */
function withoutOurs(dir: string, native: NodeJS.Require, loaded: NodeJS.Require["cache"]): NodeJS.Require {
  const declining = (id: string): unknown => {
    if (isOurs(dir, id)) throw new DeclinedError(id);
    return native(id);
  };
  return Object.assign(declining, {
    resolve: native.resolve,
    cache: loaded,
    extensions: native.extensions,
    main: native.main,
  });
}
