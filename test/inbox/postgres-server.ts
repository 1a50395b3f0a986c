import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A PostgreSQL of the tests' own, on a free port of this computer, with its files in a temporary folder. */
export interface PostgresServer {
  /** A new, empty database. @param folder where its tables are. @default the server's own folder */
  newDatabase(folder?: string): string;
  /** Runs statements with psql's eyes: what is answered comes as text, columns divided by `|`. */
  sql(url: string, statements: string): string;
  /** Whether some connection to the database is in the state that a condition on pg_stat_activity names. */
  finds(url: string, condition: string): boolean;
  /** Waits until `finds` is true. */
  until(url: string, condition: string): Promise<void>;
  /** Stops it as a crash does: no connection is told. */
  stop(): void;
  start(): void;
  /** Stops its processes where they are, as on a machine that hangs: connections stay, and are not answered. */
  freeze(): void;
  thaw(): void;
  /** Stops it and removes its files. */
  remove(): void;
}

/** Why there is none, and what to do; `undefined` when there is one. */
export function postgresIsMissing(): string | undefined {
  if (binaries() !== undefined) return undefined;
  return "no PostgreSQL (initdb, pg_ctl, psql) in the PATH or below /usr/lib/postgresql: apt-get install postgresql, or brew install postgresql";
}

/** Makes and starts a server. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  if (bin === undefined) throw new Error(postgresIsMissing());
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "bellhop-postgres-"));
  const data = join(dir, "data");
  const user = unprivileged();
  if (user !== undefined) chownSync(dir, user.uid, user.gid);

  // PostgreSQL refuses to run as root.
  const run = (program: string, args: readonly string[]): void => {
    const asUser = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    execFileSync(join(bin, program), args, { ...asUser, cwd: dir, stdio: ["ignore", "ignore", "inherit"] });
  };
  const start = (): void =>
    run("pg_ctl", [
      "start",
      ...["-w", "-D", data, "-l", join(dir, "log")],
      ...["-o", `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='${dir}' -c fsync=off`],
    ]);
  const stop = (): void => run("pg_ctl", ["stop", "-w", "-D", data, "-m", "immediate"]);
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const sql = (url: string, statements: string): string =>
    execFileSync(join(bin, "psql"), ["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statements], {
      encoding: "utf8",
    }).trim();

  const others =
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
  const finds = (url: string, condition: string): boolean => sql(url, `${others} AND (${condition})`) !== "";

  function signalAll(signal: NodeJS.Signals): void {
    const [postmaster = ""] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const children = execFileSync("ps", ["-o", "pid=", "--ppid", postmaster], { encoding: "utf8" });
    for (const pid of [postmaster, ...children.trim().split(/\s+/)]) process.kill(Number(pid), signal);
  }

  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]);
  start();
  let databases = 0;
  return {
    newDatabase(folder) {
      const name = `test${++databases}`;
      if (folder !== undefined) {
        if (user !== undefined) chownSync(folder, user.uid, user.gid);
        sql(urlOf("postgres"), `CREATE TABLESPACE ${name} LOCATION '${folder}'`);
      }
      sql(urlOf("postgres"), `CREATE DATABASE ${name}${folder === undefined ? "" : ` TABLESPACE ${name}`}`);
      return urlOf(name);
    },
    sql,
    finds,
    async until(url, condition) {
      while (!finds(url, condition)) await new Promise((done) => setTimeout(done, 5));
    },
    stop,
    start,
    freeze: () => signalAll("SIGSTOP"),
    thaw: () => signalAll("SIGCONT"),
    remove() {
      spawnSync(join(bin, "pg_ctl"), ["stop", "-D", data, "-m", "immediate"], { ...user, stdio: "ignore" });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Where the programs are: those in the PATH may be links to wrappers, so the newest of Debian's comes first. */
function binaries(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, "bin")),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) =>
    ["initdb", "pg_ctl", "psql"].every((program) => existsSync(join(folder, program))),
  );
}

/** Whom to run it as when this process is root. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
